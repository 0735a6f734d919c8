"""What holds for every page of the portal: it opens for whom it is for, and refuses in its own frame."""

import pytest
from django.test import Client

from kliento.web.reading import member_number
from tests.office import Office
from tests.phone import text_of
from tests.portal import operator, portal_of

PAGES = ["today", "visits", "members", "questions", "questions/new", "notices", "programme", "programme/change"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(portal, page: str) -> None:
    assert portal.get(f"/partner/{page}").status_code == 200


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


def test_no_address_takes_a_key_the_page_does_not_have(portal, kaisa: Office) -> None:
    for path in [*PAGES, f"members/{kaisa.number}", "visits.csv", f"questions/{kaisa.question_id}"]:
        assert portal.get(f"/partner/{path}?is_admin=yes").status_code == 400, path
    assert portal.post("/partner/members.csv?is_admin=yes").status_code == 400
    assert portal.post("/partner/members.csv", {"is_admin": "yes"}).status_code == 400


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
