"""R-DAT-2: what a company writes where people read it holds no personal identity code either."""

import pytest
from django.test import Client

from kliento.domain.programmes.models import Programme
from kliento.domain.recipients.actions import make_pairing_code
from kliento.domain.recipients.models import Premises, Terminal
from kliento.kernel.clock import now
from tests.office import Office, office
from tests.phone import text_of
from tests.portal import portal_of

CODE = "131052-308T"
TERMS = {
    "name": "Kaisan kortti",
    "reward": "Kahvi",
    "stamps_needed": "10",
    "most_a_day": "2",
    "stamps_last_days": "",
    "fields_asked": ["first_name"],
    "reason": "To greet you.",
}


@pytest.fixture
def kaisa(db) -> Office:
    return office()


def refused(answer) -> bool:
    page = text_of(answer)
    return answer.status_code == 400 and "Leave out the personal identity code." in page


@pytest.mark.parametrize("page", ["premises/new", "premises/{premises}/name"])
def test_no_premises_are_named_by_one(kaisa: Office, page: str) -> None:
    address = f"/partner/{page.format(premises=kaisa.place.premises_id)}"
    assert refused(portal_of(kaisa.owner).post(address, {"name": f"Matin kioski {CODE}"}))
    assert not Premises.objects.filter(name__contains="131052").exists()


@pytest.mark.parametrize("field", ["name", "reward", "reason"])
def test_no_programme_holds_one(kaisa: Office, field: str) -> None:
    portal = portal_of(kaisa.owner)
    portal.post("/partner/programme/closing")
    assert refused(portal.post("/partner/programme/new", {**TERMS, field: f"Pulla {CODE}"}))
    assert not Programme.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize("field", ["name", "reward"])
def test_no_programme_is_changed_to_hold_one(kaisa: Office, field: str) -> None:
    terms = {key: TERMS[key] for key in ("name", "reward", "stamps_needed", "most_a_day", "stamps_last_days")}
    assert refused(portal_of(kaisa.owner).post("/partner/programme/change", {**terms, field: f"Pulla {CODE}"}))


def test_no_till_is_named_by_one_and_the_code_stays_good(kaisa: Office) -> None:
    code, before = make_pairing_code(kaisa.place.premises_id, by=kaisa.owner, at=now()), Terminal.objects.count()
    browser = Client()
    assert refused(browser.post("/counter/pair", {"code": code, "name": f"Kassa {CODE}"}))
    assert Terminal.objects.count() == before
    assert browser.post("/counter/pair", {"code": code, "name": "Kassa 2"}).status_code == 302
