"""Coming into the portal: the partners' door, the company, and what each role sees."""

import pytest
from django.test import Client

from kliento.domain.recipients.actions import end_operator
from kliento.domain.recipients.models import Operator, ThirdParty
from kliento.kernel.clock import now
from tests.door import signs_in as signs_in_as_person
from tests.phone import text_of
from tests.portal import DOOR, appointed, operator, portal_of, signed_in
from tests.world import PASSWORD, aino, kahvila_kaisa, kuntosali_kunto

PAGES = ["/partner/", "/partner/premises", "/partner/terminals"]


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now())


def signs_in(browser: Client, address: str = "kaisa@example.fi", *, wanted: str = ""):
    return browser.post(f"{DOOR}{wanted}", {"email": address, "password": PASSWORD})


def test_an_operator_signs_in_and_comes_to_the_portal(kaisa):
    operator(kaisa)
    browser = Client()
    assert signs_in(browser)["Location"] == "/partner/"
    page = text_of(browser.get("/partner/premises"))
    assert "Kahvila Kaisa" in page
    assert "Owner" in page


def test_the_portal_sends_a_visitor_to_the_partners_door_and_back(kaisa):
    operator(kaisa)
    browser = Client()
    assert browser.get("/partner/terminals")["Location"] == f"{DOOR}?next=%2Fpartner%2Fterminals"
    assert signs_in(browser, wanted="?next=%2Fpartner%2Fterminals")["Location"] == "/partner/terminals"
    assert signs_in(Client(), wanted="?next=%2Fme%2Factivity")["Location"] == "/partner/"


def test_the_doors_have_cookies_of_their_own(kaisa):
    operator(kaisa)
    browser = Client()
    signs_in(browser)
    assert browser.get("/me/activity").status_code == 302
    signs_in_as_person(browser, "kaisa@example.fi")
    assert {"me", "partner"} <= set(browser.cookies)

    browser.post(f"{DOOR}out")

    assert browser.get("/me/activity").status_code == 200
    assert browser.get("/partner/premises").status_code == 302


def test_somebody_who_works_for_nobody_is_let_in_and_told_so(kaisa):
    aino(at=now())
    browser = Client()
    signs_in(browser, "aino@example.fi")
    for page in PAGES:
        assert browser.get(page)["Location"] == "/partner/companies"
    assert "You work for no company here" in text_of(browser.get("/partner/companies"))


def test_whoever_works_for_two_says_for_which(kaisa):
    works_here = operator(kaisa)
    gym = kuntosali_kunto(at=now())
    appointed(works_here.account_id, gym, "analyst")
    browser = signed_in(works_here.account_id)
    assert browser.get("/partner/premises")["Location"] == "/partner/companies"

    old = browser.cookies["partner"].value
    assert browser.post("/partner/companies", {"company": str(gym.third_party_id)})["Location"] == "/partner/"
    assert browser.cookies["partner"].value != old
    assert "Kuntosali Kunto" in text_of(browser.get("/partner/", follow=True))
    assert browser.get("/partner/premises").status_code == 403


def test_a_company_one_does_not_work_for_is_not_found(kaisa):
    browser = portal_of(operator(kaisa))
    gym = kuntosali_kunto(at=now())
    assert browser.post("/partner/companies", {"company": str(gym.third_party_id)}).status_code == 404
    assert "Kahvila Kaisa" in text_of(browser.get("/partner/premises"))


def test_a_session_that_names_another_company_opens_nothing_of_it(kaisa):
    works_here = operator(kaisa)
    gym = kuntosali_kunto(at=now())
    browser = signed_in(works_here.account_id, third_party_id=gym.third_party_id)
    assert browser.get("/partner/premises")["Location"] == "/partner/companies"


def test_an_ended_operator_is_out_from_the_next_request_on(kaisa):
    owner = operator(kaisa)
    other = operator(kaisa, "manager", address="matti@example.fi")
    browser = portal_of(other)
    assert browser.get("/partner/premises").status_code == 200
    end_operator(other.operator_id, by=owner, at=now())
    assert browser.get("/partner/premises")["Location"] == "/partner/companies"


def test_the_operators_of_a_suspended_company_are_out(kaisa):
    browser = portal_of(operator(kaisa))
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)
    assert browser.get("/partner/premises")["Location"] == "/partner/companies"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Kahvila Kaisa is not approved now: its portal shows nothing"),
        ("fi", "Kahvila Kaisa ei ole nyt hyväksytty"),
        ("sv", "Kahvila Kaisa är inte godkänt nu"),
    ],
)
def test_the_operators_of_a_suspended_company_read_that_it_is(kaisa, language, said):
    browser = portal_of(operator(kaisa))
    assert said not in text_of(browser.get("/partner/companies", headers={"accept-language": language}))
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)
    page = text_of(browser.get("/partner/companies", headers={"accept-language": language}))
    assert said in page
    assert "invite you by e-mail" not in page


@pytest.mark.parametrize("role", ["till", "analyst"])
def test_a_role_that_lacks_the_right_is_told_so(kaisa, role):
    browser = portal_of(operator(kaisa, role))
    answer = browser.get("/partner/premises")
    assert answer.status_code == 403
    assert "Your role does not include this" in text_of(answer)
    assert "/partner/premises" not in text_of(browser.get("/partner/companies"))


def test_a_role_that_was_changed_counts_from_the_next_request_on(kaisa):
    works_here = operator(kaisa, "manager")
    browser = portal_of(works_here)
    assert browser.get("/partner/premises").status_code == 200
    Operator.objects.update(role="analyst")
    assert browser.get("/partner/premises").status_code == 403


def test_the_door_has_no_registering(kaisa):
    assert Client().get(f"{DOOR}register/").status_code == 404
    assert "register" not in text_of(Client().get(DOOR)).split("<footer")[0].split("<main")[1]
