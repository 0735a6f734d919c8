"""The portal's pages about visits and members: what each shows, and to whom."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.formats import date_format, time_format
from django.utils.timezone import localdate, localtime
from openpyxl import load_workbook

from kliento.domain.activity.queries import entries_of
from kliento.domain.recipients.actions import note_act
from kliento.domain.recipients.queries import acts_of
from kliento.domain.sharing.actions import confirm_deletion
from kliento.domain.sharing.queries import notices_of, open_notices
from kliento.interfaces.partner.wording import ACTS
from kliento.kernel.clock import now
from kliento.web.reading import member_number
from tests.office import Office, office
from tests.phone import text_of
from tests.portal import operator, portal_of
from tests.taps import cardholder, tap
from tests.world import kuntosali_kunto, relation_of

PAGES = ["today", "visits", "members", "questions", "questions/new", "notices", "programme", "programme/change"]


@pytest.fixture
def kaisa(db) -> Office:
    return office()


@pytest.fixture
def portal(kaisa: Office):
    return portal_of(kaisa.owner)


def whole(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(portal, page: str) -> None:
    assert portal.get(f"/partner/{page}").status_code == 200


def test_today_shows_the_visit_with_its_member_and_what_was_shown(portal, kaisa: Office) -> None:
    page = text_of(portal.get("/partner/today"))

    assert f">{member_number(kaisa.number)}</a>" in page
    assert "First name" in page
    assert "visit today" in page


def test_the_list_shows_granted_names_and_says_nothing_of_the_rest(portal, kaisa: Office) -> None:
    page = text_of(portal.get("/partner/members"))
    assert "Aino" in page
    assert "Aalto" in page
    assert "+358" not in page
    assert "+358 40 1234567" in text_of(portal.get("/partner/members?fields=phone"))


def test_looking_at_the_list_stands_in_the_members_activity_once_an_hour(portal, kaisa: Office) -> None:
    before = len(entries_of([kaisa.aino.person_id]))
    portal.get("/partner/members")
    portal.get("/partner/members")

    newest = entries_of([kaisa.aino.person_id])
    assert len(newest) == before + 1
    assert set(newest[0].fields) == {"first_name", "last_name"}


def test_a_member_is_found_by_number(portal, kaisa: Office) -> None:
    other = cardholder("eino@example.fi", "Eino", at=now())
    tap(other, kaisa.place, at=now())

    page = text_of(portal.get(f"/partner/members?number={kaisa.number}"))

    assert member_number(kaisa.number) in page
    assert member_number(relation_of(other, kaisa.place).member_number) not in page
    grouped = text_of(portal.get("/partner/members", {"number": member_number(kaisa.number)}))
    assert f">{member_number(kaisa.number)}</a>" in grouped
    assert "No member has that number" in text_of(portal.get("/partner/members?number=99999999"))


def test_a_members_page_shows_grants_stamps_visits_and_what_was_asked(portal, kaisa: Office) -> None:
    page = text_of(portal.get(f"/partner/members/{kaisa.number}"))

    for text in ["Aino", "+358 40 1234567", "1 of 10 stamps", "Kahvi ja pulla", "To book a table.", "Kallio", "+1"]:
        assert text in page
    assert "Turku" not in page


def test_a_number_is_written_in_two_groups_and_read_either_way(portal, kaisa: Office) -> None:
    written = member_number(kaisa.number)
    assert written == f"{kaisa.number[:4]} {kaisa.number[4:]}"
    for path in ["", "/asking"]:
        page = text_of(portal.get(f"/partner/members/{written}{path}"))
        assert f"ember {written}</h1>" in page


def test_somebody_elses_number_is_not_found(portal, kaisa: Office) -> None:
    for path in ["members/00000000", "members/abc", "members/00000000/asking", "members/١٢"]:
        assert portal.get(f"/partner/{path}").status_code == 404


def test_visits_come_as_csv_and_workbook(portal, kaisa: Office) -> None:
    rows = list(csv.reader(io.StringIO(whole(portal.get("/partner/visits.csv")).decode("utf-8-sig"))))
    assert rows[0] == ["Time", "Member", "Premises", "Shown to you", "Mark"]
    assert rows[1][1:4] == [kaisa.number, "Kallio", "First name"]
    sheet = load_workbook(io.BytesIO(whole(portal.get("/partner/visits.xlsx")))).active
    assert [cell.value for cell in sheet[2]][1:4] == [kaisa.number, "Kallio", "First name"]
    assert [act.act for act in acts_of(kaisa.place.third_party_id, limit=2)] == ["visits_exported"] * 2


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [("fi", "Toimipaikka", "Toimipaikat"), ("sv", "Verksamhetsställe", "Verksamhetsställen")],
)
def test_one_place_is_not_called_several(portal, kaisa: Office, language: str, one: str, many: str) -> None:
    spoken = {"headers": {"accept-language": language}}

    page = text_of(portal.get("/partner/visits", **spoken))
    assert f'<th scope="col">{one}</th>' in page
    assert f'<label for="premises">{one}</label>' in page
    assert f"<h1>{many}</h1>" in text_of(portal.get("/partner/premises", **spoken))
    assert f'"{one}"' in whole(portal.get("/partner/visits.csv", **spoken)).decode().splitlines()[0]


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


def test_an_analyst_sees_figures_and_no_member(kaisa: Office) -> None:
    portal = portal_of(operator(kaisa.place, "analyst", address="antti@example.fi"))
    for path in ["today", "visits"]:
        page = text_of(portal.get(f"/partner/{path}"))
        assert kaisa.number not in page
        assert member_number(kaisa.number) not in page
        assert "fewer than 5" in page
    for path in [
        "visits.csv",
        "members",
        f"members/{kaisa.number}",
        "questions",
        "notices",
        "programme",
    ]:
        assert portal.get(f"/partner/{path}").status_code == 403, path
    assert portal.post("/partner/members.csv").status_code == 403


def test_a_till_sees_no_page_of_it(kaisa: Office) -> None:
    portal = portal_of(operator(kaisa.place, "till", address="tiina@example.fi"))
    for path in [*PAGES, "visits.csv"]:
        assert portal.get(f"/partner/{path}").status_code == 403, path
    assert portal.post("/partner/members.xlsx").status_code == 403


def test_a_question_is_made_shown_and_closed(portal, kaisa: Office) -> None:
    sent = {
        "purpose": "serving",
        "detail_first_name": "needed",
        "detail_over_18": "optional",
        "reason": "To book a class.",
        "grant_days": "365",
    }
    there = portal.post("/partner/questions/new", sent)["Location"]
    page = text_of(portal.get(there))
    assert "/me/questions/" in page
    assert "data:image/svg+xml" in page
    assert "365 days" in page

    portal.post(f"{there}/closing")

    assert "Closed on" in text_of(portal.get(there))


def test_a_question_without_a_reason_or_a_detail_says_what_to_do(portal) -> None:
    answer = portal.post("/partner/questions/new", {"purpose": "serving", "grant_days": "0", "reason": " "})
    assert answer.status_code == 400
    for missing in ["Say in your own words", "Choose at least one detail"]:
        assert missing in text_of(answer)
    answer = portal.post("/partner/questions/new", {"purpose": "serving", "grant_days": "0", "reason": "Why not"})
    assert "Choose at least one detail" in text_of(answer)


def test_a_detail_of_a_question_is_asked_in_one_way(portal) -> None:
    page = text_of(portal.get("/partner/questions/new"))
    for how in ["not asked", "optional", "needed"]:
        assert f"Phone number: {how}<" in page
    assert page.count('name="detail_phone"') == 3


def test_a_member_is_asked_from_their_page(portal, kaisa: Office) -> None:
    there = portal.post(f"/partner/members/{kaisa.number}/asking", {"question": str(kaisa.question_id)})["Location"]

    assert there == f"/partner/members/{kaisa.number}"
    assert portal.post(f"/partner/members/{kaisa.number}/asking", {}).status_code == 400


def test_deleted_is_confirmed_and_the_member_sees_it(portal, kaisa: Office) -> None:
    assert member_number(kaisa.number) in text_of(portal.get("/partner/notices"))

    there = portal.post("/partner/notices/confirmation", {"notice": [str(kaisa.notice_id)]})["Location"]

    assert there == f"/partner/notices#notice-{kaisa.notice_id}"
    assert open_notices(kaisa.place.third_party_id, limit=9) == []
    assert notices_of(kaisa.aino.person_id, kaisa.place.third_party_id)[0].confirmed_at is not None


def test_deleted_by_a_slip_stays_on_the_page_and_is_undone_there(portal, kaisa: Office) -> None:
    named = {"notice": [str(kaisa.notice_id)]}
    portal.post("/partner/notices/confirmation", named)
    assert ">Undo<" in text_of(portal.get("/partner/notices"))

    portal.post("/partner/notices/undoing", named)

    assert [notice.id for notice in open_notices(kaisa.place.third_party_id, limit=9)] == [kaisa.notice_id]
    assert notices_of(kaisa.aino.person_id, kaisa.place.third_party_id)[0].confirmed_at is None
    assert ">Undo<" not in text_of(portal.get("/partner/notices"))


def test_an_hour_after_the_last_confirmation_nothing_is_left_to_delete(portal, kaisa: Office) -> None:
    confirm_deletion(kaisa.notice_id, by=kaisa.owner, at=now() - timedelta(minutes=61))
    assert "Nothing to delete" in text_of(portal.get("/partner/notices"))
    assert portal.post("/partner/notices/undoing", {"notice": [str(kaisa.notice_id)]}).status_code == 409


def test_a_programme_is_changed_closed_and_started_anew(portal, kaisa: Office) -> None:
    terms = {
        "name": "Kaisan kortti",
        "reward": "Pulla",
        "stamps_needed": "8",
        "most_a_day": "1",
        "stamps_last_days": "",
    }
    assert portal.post("/partner/programme/change", terms).status_code == 302
    assert "Pulla" in text_of(portal.get("/partner/programme"))
    for number in ["0", "101", "many", "", "\u00b2"]:
        wrong = portal.post("/partner/programme/change", {**terms, "stamps_needed": number})
        assert wrong.status_code == 400
        assert "Stamps for a reward: enter 1 to 100." in text_of(wrong), number
    assert "Reward: fill it in." in text_of(portal.post("/partner/programme/change", {**terms, "reward": ""}))
    portal.post("/partner/programme/closing")
    assert "No programme yet" in text_of(portal.get("/partner/programme"))

    wrong = portal.post("/partner/programme/new", {**terms, "fields_asked": ["first_name"], "reason": ""})
    assert wrong.status_code == 400
    assert "people see it before they decide" in text_of(wrong)
    assert portal.post("/partner/programme/new", {**terms, "fields_asked": [], "reason": ""}).status_code == 302


def test_no_address_takes_a_key_the_page_does_not_have(portal, kaisa: Office) -> None:
    for path in [*PAGES, f"members/{kaisa.number}", "visits.csv", f"questions/{kaisa.question_id}"]:
        assert portal.get(f"/partner/{path}?is_admin=yes").status_code == 400, path
    assert portal.post("/partner/members.csv?is_admin=yes").status_code == 400
    assert portal.post("/partner/members.csv", {"is_admin": "yes"}).status_code == 400


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "from=0001-01-01", "to=2026-13-01", "before=1", "before=x-y", "before=99999999999999999999-00",
     "from=2024-01-01&to=2026-01-01", "premises=1"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_refused_within_the_portal(portal, query: str) -> None:
    answer = portal.get(f"/partner/visits?{query}")
    assert answer.status_code == 400
    assert 'href="/partner/team"' in text_of(answer)


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ({"from": "2026-02-29", "to": "2026-03-31"}, "Enter a day"),
        ({"from": "2024-01-01", "to": "2026-01-01"}, "at most a year"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "The first day is after the last one"),
    ],
)
def test_what_is_wrong_with_the_days_stands_beside_them_and_they_are_kept(portal, kaisa, days, problem) -> None:
    page = text_of(portal.get("/partner/visits", {**days, "premises": str(kaisa.place.premises_id)}))

    assert page.count(problem) == 1
    assert f'value="{kaisa.place.premises_id}" selected' in page
    for day in days.values():
        assert f'value="{day}"' in page


def test_a_last_day_alone_begins_with_its_month(portal) -> None:
    page = text_of(portal.get("/partner/visits?to=2026-10-15"))
    assert 'value="2026-10-01"' in page
    assert 'value="2026-10-15"' in page


def test_days_without_a_visit_have_neither_plot_nor_files(portal) -> None:
    for days, said in [
        ("from=2199-01-01&to=2199-01-02", "yet to come"),
        ("from=2020-01-01&to=2020-01-02", "No visits"),
    ]:
        page = text_of(portal.get(f"/partner/visits?{days}"))
        assert said in page
        for absent in ["plot-area", "CSV", ">0.0<"]:
            assert absent not in page
    assert "CSV" in text_of(portal.get("/partner/visits"))


def test_one_is_one_visit_and_one_person(portal) -> None:
    page = text_of(portal.get("/partner/visits"))
    for said in [">visit<", ">person in ", "The whole month, all premises"]:
        assert said in page
    assert ">0.0<" not in page
    assert ">visit today<" in text_of(portal.get("/partner/today"))


@pytest.mark.parametrize(
    ("path", "status", "back"),
    [("members/00000000", 404, "Members"), ("nowhere", 404, "Today"), ("today?x=1", 400, "Today")],
)
def test_an_error_keeps_the_frame_of_the_portal_and_leads_back(portal, path: str, status: int, back: str) -> None:
    answer = portal.get(f"/partner/{path}")
    page = text_of(answer)
    assert answer.status_code == status
    assert "Kahvila Kaisa" in page
    assert f"Back to {back}" in page
    assert page.count("This page does not take that.") <= 1
    assert "Kahvila Kaisa" not in text_of(Client().get(f"/partner/{path}", follow=True))


def test_a_field_no_list_may_show_is_refused(portal) -> None:
    for field in ["allergies", "visits", "nothing", "birth_date\x00"]:
        assert portal.get("/partner/members", {"fields": field}).status_code == 400


def test_premises_of_others_are_not_found(portal, kaisa: Office) -> None:
    gym = kuntosali_kunto(at=now())
    assert portal.get(f"/partner/visits?premises={gym.premises_id}").status_code == 404
    assert portal.get(f"/partner/visits?premises={kaisa.place.premises_id}").status_code == 200


def test_the_audit_says_once_what_was_done_again_and_opens_to_each_time(portal, kaisa: Office) -> None:
    at = (now() - timedelta(days=1)).replace(minute=44, second=1)
    for seconds, fields in enumerate(["first_name", "first_name phone", "first_name"]):
        note_act(kaisa.owner, "members_exported", reference=f"xlsx {fields}", at=at + timedelta(seconds=seconds))
    for minutes in (0, 5):
        note_act(kaisa.owner, "visits_exported", reference="csv", at=at + timedelta(minutes=minutes))
    clock, later = (time_format(localtime(at + timedelta(minutes=minutes))) for minutes in (0, 5))

    page = portal.get("/partner/audit").content.decode()

    [row] = [each for each in page.split('<li class="row') if "as XLSX, 3 times" in each]
    said, _, more = row.partition("<details")
    assert "First name, Phone number" in said
    assert "First name, First name" not in row
    assert clock in row
    assert f"{clock}–{clock}" not in row
    listed = [each.split("</time>")[1].split("</li>")[0].strip() for each in more.split("<li>")[1:]]
    assert listed == ["First name", "First name, Phone number", "First name"]
    assert f"{clock}–{later}" in page


def test_the_audit_names_each_act_in_words(portal, kaisa: Office) -> None:
    whole(portal.get("/partner/visits.csv"))
    whole(portal.post("/partner/members.csv"))
    portal.post("/partner/notices/confirmation", {"notice": [str(kaisa.notice_id)]})
    portal.post(f"/partner/questions/{kaisa.question_id}/closing")

    noted = {act.act for act in acts_of(kaisa.place.third_party_id, limit=50)}
    done_here = {"visits_exported", "members_exported", "deletion_confirmed", "question_closed", "member_asked"}

    assert done_here <= noted <= ACTS.keys()
    page = text_of(portal.get("/partner/audit"))
    today = date_format(localdate(), "SHORT_DATE_FORMAT")
    for said in ["Took members along as CSV", "First name, Last name", "Took visits along as CSV", f", {today}<"]:
        assert said in page
    assert member_number(kaisa.number) in page
    for code in ["csv", "first_name", localdate().isoformat(), f"{kaisa.number}<"]:
        assert code not in page
