"""Registering: one question a page, nobody until the last one."""

import pytest

from kliento.domain.accounts.models import Account, PendingSignup
from kliento.domain.cards.models import Card
from kliento.domain.people.models import Person
from tests.door import registered

pytestmark = pytest.mark.usefixtures("db")


def test_the_last_step_makes_an_account_a_person_and_a_card_and_signs_in() -> None:
    browser = registered("aino@example.fi")

    person = Person.objects.get()
    assert Account.objects.get().id == person.account_id
    assert Card.objects.get().person_id == person.id
    assert not PendingSignup.objects.exists()
    assert browser.get("/me/").status_code == 200
