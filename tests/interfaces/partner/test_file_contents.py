"""What stands in the files a company takes along, and that members can read that they did."""

import csv
import io

from openpyxl import load_workbook

from kliento.domain.activity.queries import entries_of
from kliento.domain.recipients.queries import acts_of
from tests.office import Office
from tests.portal import whole


def test_visits_come_as_csv_and_workbook(portal, kaisa: Office) -> None:
    rows = list(csv.reader(io.StringIO(whole(portal.get("/partner/visits.csv")).decode("utf-8-sig"))))
    assert rows[0] == ["Time", "Member", "Premises", "Shown to you", "Mark"]
    assert rows[1][1:4] == [kaisa.number, "Kallio", "First name"]
    sheet = load_workbook(io.BytesIO(whole(portal.get("/partner/visits.xlsx")))).active
    assert [cell.value for cell in sheet[2]][1:4] == [kaisa.number, "Kallio", "First name"]
    assert [act.act for act in acts_of(kaisa.place.third_party_id, limit=2)] == ["visits_exported"] * 2


def test_members_come_as_a_file_and_each_of_them_can_read_that_they_did(portal, kaisa: Office) -> None:
    answer = portal.post("/partner/members.csv", {"fields": ["first_name", "phone"]})
    rows = list(csv.reader(io.StringIO(whole(answer).decode("utf-8-sig"))))

    assert rows[0] == ["Member", "First name", "Phone number", "Stamps", "Since"]
    assert rows[1] == [kaisa.number, "Aino", "+358 40 1234567", "1", rows[1][4]]
    assert acts_of(kaisa.place.third_party_id, limit=1)[0].act == "members_exported"
    assert entries_of([kaisa.aino.person_id], limit=1)[0].kind == "exported"
    assert "attachment" in answer["Content-Disposition"]


def test_finnish_spreadsheets_get_their_separator(portal, kaisa: Office) -> None:
    lines = whole(portal.get("/partner/visits.csv", headers={"Accept-Language": "fi"})).decode("utf-8-sig").splitlines()

    assert ";" in lines[0]
    assert "," not in lines[0]
