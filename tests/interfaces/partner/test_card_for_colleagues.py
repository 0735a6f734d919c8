"""A card with the address one joined a team with: its account had no person until now."""

import pytest
from django.core.cache import cache
from django.test import Client

from kliento.domain.accounts.actions import purge_signups
from kliento.domain.accounts.models import Account
from kliento.domain.cards.models import Card
from kliento.domain.gate.actions import RIGHTS, open_for_delivery
from kliento.domain.people.models import Person
from kliento.kernel.clock import now
from tests.door import begun, code_in, letters, signs_in
from tests.interfaces.partner.test_team import JOIN, follows, invites
from tests.portal import DOOR, operator
from tests.world import PASSWORD, kahvila_kaisa


@pytest.fixture
def owner(db):
    cache.clear()
    return operator(kahvila_kaisa(at=now()))


def test_a_colleague_without_a_person_gets_a_card_with_the_same_address_and_keeps_the_password(owner):
    follows(invites(owner)).post(f"{JOIN}/new", {"name": "Matti", "password": PASSWORD})
    account = Account.objects.get(person=None)
    browser = Client()
    begun(browser, "matti@example.fi")
    browser.post("/sign-in/me/register/code", {"code": code_in(letters()[0])})
    browser.post("/sign-in/me/register/age", {"age_band": "18_or_over"})

    answer = browser.post("/sign-in/me/register/terms", {"version": "1"})

    assert answer["Location"] == "/me/"
    assert browser.get("/me/").status_code == 200
    person = Person.objects.get(account_id=account.id)
    assert Card.objects.filter(person=person.id).exists()
    assert Account.objects.get(id=account.id).password == account.password
    assert signs_in(Client(), "matti@example.fi")
    assert Client().post(DOOR, {"email": "matti@example.fi", "password": PASSWORD})["Location"] == "/partner/"
    begun(Client(), "matti@example.fi")
    assert "There is an account with it already" in str(letters()[0].body)
    assert browser.post("/sign-in/me/register/terms", {"version": "1"})["Location"] == "/sign-in/me/register/"
    assert purge_signups(at=now()) == 1
    assert open_for_delivery(account.id, purpose=RIGHTS) == "matti@example.fi"


def test_only_who_proves_the_address_completes_the_account(owner):
    follows(invites(owner)).post(f"{JOIN}/new", {"name": "Matti", "password": PASSWORD})
    browser = Client()
    begun(browser, "matti@example.fi")
    for step, answer in (
        ("code", {"code": "000000"}),
        ("age", {"age_band": "18_or_over"}),
        ("terms", {"version": "1"}),
    ):
        browser.post(f"/sign-in/me/register/{step}", answer)
    assert not Person.objects.filter(account__operator_roles__role="manager").exists()
    assert browser.get("/me/").status_code == 302
