"""Files of members: everybody in one can read so, whoever loses the right gets no more of it, and there is a limit."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from kliento.domain.activity.queries import entries_of
from kliento.domain.recipients.actions import change_role
from kliento.domain.recipients.models import FileUnderWay, Operator
from kliento.domain.recipients.queries import acts_of
from kliento.interfaces.partner import members
from kliento.interfaces.partner.files import table_file
from kliento.interfaces.partner.members import export_rows
from kliento.kernel.clock import now
from kliento.kernel.errors import NotAllowed, NotFound
from kliento.web.downloads import FILES
from tests.office import Office, office
from tests.phone import text_of
from tests.portal import operator, portal_of, whole
from tests.taps import cardholder, tap
from tests.world import kuntosali_kunto

ASKED = ["first_name", "phone"]


@pytest.fixture
def kaisa(db) -> Office:
    cache.clear()
    return office()


def test_whoever_shares_nothing_of_it_reads_that_they_stand_in_the_file(kaisa: Office) -> None:
    shy = cardholder("shy@example.fi", "Ujo", at=now())
    tap(shy, kaisa.place, at=now())

    answer = portal_of(kaisa.owner).post("/partner/members.csv", {"fields": ASKED})
    rows = list(csv.reader(io.StringIO(whole(answer).decode("utf-8-sig"))))

    assert len(rows) == 3
    entry = entries_of([shy.person_id], limit=1)[0]
    assert (entry.kind, entry.fields) == ("exported", ("member_number",))
    assert (entry.recipient_id, entry.purpose) == (kaisa.place.third_party_id, "identification")
    hers = entries_of([kaisa.aino.person_id], limit=1)[0]
    assert (hers.kind, hers.fields) == ("exported", ("first_name", "phone", "member_number", "loyalty"))


@pytest.mark.parametrize("how", ["role", "end"])
def test_whoever_loses_the_right_gets_no_more_of_a_file_begun(kaisa: Office, monkeypatch, how: str) -> None:
    tap(cardholder("other@example.fi", "Toinen", at=now()), kaisa.place, at=now())
    monkeypatch.setattr(members, "EXPORTED_AT_ONCE", 1)
    manager = operator(kaisa.place, "manager", address="matti@example.fi")
    rows = export_rows(ASKED, number="", kind="csv", by=manager, at=now())
    next(rows)

    if how == "role":
        change_role(manager.operator_id, "analyst", by=kaisa.owner, at=now())
    else:
        Operator.objects.filter(id=manager.operator_id).update(ended_at=now())

    with pytest.raises((NotAllowed, NotFound)):
        next(rows)
    assert [entry.kind for entry in entries_of([kaisa.aino.person_id])].count("exported") == 0


def test_a_file_is_started_by_a_form_and_not_without_end(kaisa: Office) -> None:
    portal = portal_of(kaisa.owner)
    assert portal.get("/partner/members.csv").status_code == 405
    assert not [act for act in acts_of(kaisa.place.third_party_id, limit=9) if act.act == "members_exported"]
    for path in ["visits.csv", "visits.xlsx"] * (FILES.times // 2):
        assert whole(portal.get(f"/partner/{path}"))
    assert portal.post("/partner/members.csv").status_code == 429
    assert portal.get("/partner/visits.csv").status_code == 429


def test_a_second_file_of_a_company_waits_and_another_company_does_not(kaisa: Office) -> None:
    portal, kunto = portal_of(kaisa.owner), operator(kuntosali_kunto(at=now()), address="kunto@example.fi")
    first = portal.get("/partner/visits.csv")

    for refused in (portal.get("/partner/visits.xlsx"), portal.post("/partner/members.csv", {"fields": ASKED})):
        assert refused.status_code == 409
        assert "One file at a time" in text_of(refused)
        assert 'href="/partner/members"' in text_of(refused)  # in the portal, whose pages stand around it
    assert whole(portal_of(kunto).get("/partner/visits.csv"))
    assert [act.act for act in acts_of(kaisa.place.third_party_id, limit=9)].count("visits_exported") == 1

    assert whole(first)
    assert whole(portal.get("/partner/visits.xlsx"))


def test_a_file_nobody_reads_to_its_end_or_that_is_refused_frees_the_place(kaisa: Office) -> None:
    portal = portal_of(kaisa.owner)
    portal.get("/partner/visits.csv").close()
    portal.head("/partner/visits.csv").close()
    assert portal.get("/partner/visits.csv?from=2026-13-01").status_code == 400
    assert portal.post("/partner/members.csv", {"fields": ["allergies"]}).status_code == 400
    assert (
        portal_of(operator(kaisa.place, "analyst", address="ana@example.fi")).get("/partner/visits.csv").status_code
        == 403
    )

    assert not FileUnderWay.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_nobody_reads_to_its_end_lets_go_of_what_it_read(kaisa: Office, kind: str) -> None:
    left: list[str] = []

    def rows() -> Iterator[tuple[str]]:
        try:
            for number in range(1_000_000):
                yield (str(number),)
        finally:
            left.append("let go")

    answer = table_file("numbers", kind, heading=["Number"], read=rows, by=kaisa.owner, at=now())
    next(iter(answer.streaming_content))
    assert left == []
    answer.close()

    assert left == ["let go"]
    assert not FileUnderWay.objects.exists()


def test_a_file_under_way_says_so_in_its_portals_language(kaisa: Office) -> None:
    portal = portal_of(kaisa.owner)
    portal.get("/partner/visits.csv")

    assert "Yksi tiedosto kerrallaan" in text_of(portal.get("/partner/visits.csv", headers={"accept-language": "fi"}))
    refused = portal.post("/partner/members.csv", headers={"accept-language": "en"})
    assert (refused.status_code, "Back to Members" in text_of(refused)) == (409, True)
