"""What goes wrong in the portal is said in its frame and in the reader's language, at the door's own pages too."""

import pytest
from django.core.cache import cache
from django.test import Client

from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from kliento.web.downloads import FILES
from kliento.web.limits import spend
from tests.office import Office, office
from tests.phone import text_of
from tests.portal import DOOR, operator, portal_of, signed_in
from tests.world import person

FINNISH = {"headers": {"accept-language": "fi"}}


@pytest.fixture
def kaisa(db) -> Office:
    cache.clear()
    return office()


def said(answer, status: int) -> str:
    page = text_of(answer)
    assert answer.status_code == status
    assert '<html lang="fi">' in page
    assert 'class="shell-portal"' in page
    return page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/partner/visits?nonsense=1", 400),
        ("/partner/visits?before=nonsense", 400),
        ("/partner/nonsense", 404),
        ("/partner/members/00000000", 404),
        ("/partner/members.csv", 405),
        (f"{DOOR}nonsense", 404),
        (f"{DOOR}security/other-sessions", 405),
    ],
)
def test_it_keeps_the_frame_and_the_language(kaisa: Office, address: str, status: int) -> None:
    page = said(portal_of(kaisa.owner).get(address, **FINNISH), status)

    assert 'href="/partner/members"' in page
    assert "Kahvila Kaisa" in page


def test_so_does_what_a_role_may_not_and_what_is_asked_too_often(kaisa: Office) -> None:
    analyst = portal_of(operator(kaisa.place, "analyst", address="ana@example.fi"))
    assert 'href="/partner/visits"' in said(analyst.get("/partner/members", **FINNISH), 403)
    spend(FILES, kaisa.place.third_party_id, times=FILES.times)
    refused = portal_of(kaisa.owner).get("/partner/visits.csv", **FINNISH)
    assert 'href="/partner/visits"' in said(refused, 429)
    assert int(refused["Retry-After"]) > 0


def test_so_does_an_act_on_what_is_not_there(kaisa: Office) -> None:
    said(portal_of(kaisa.owner).post(f"/partner/terminals/{new_id()}/revocation", **FINNISH), 404)
    said(portal_of(kaisa.owner).post(f"{DOOR}security/passkeys/{new_id()}/removal", **FINNISH), 404)


def test_a_form_without_its_token_says_so_there(kaisa: Office) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = portal_of(kaisa.owner).cookies

    said(browser.post("/partner/premises/new", {"name": "Asema"}, **FINNISH), 403)


def test_whoever_has_yet_to_choose_a_company_is_led_to_that(kaisa: Office) -> None:
    browser = signed_in(person("uusi@example.fi", at=now()).account_id)

    assert 'href="/partner/companies"' in said(browser.get("/partner/nonsense", **FINNISH), 404)
