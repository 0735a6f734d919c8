"""Acts at the door are one transaction: all of it, or nothing."""

from uuid import UUID

import pytest
from django.core import mail
from django.db import connection

from kliento.domain.accounts.actions import accept_terms, answer_age_band, checked_password, verify_signup
from kliento.domain.accounts.models import Account, PendingSignup, Reset
from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.models import Card
from kliento.domain.dispatch.models import Letter
from kliento.domain.entrance.actions import (
    as_person,
    begin_reset,
    begin_signup,
    change_password,
    finish_signup,
    sign_in_by_password,
)
from kliento.domain.outbox.actions import work_off
from kliento.domain.people.models import Person
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid
from tests.door import code_in
from tests.world import PASSWORD, aino

pytestmark = pytest.mark.usefixtures("db")


def ready_to_finish() -> UUID:
    signup_id = begin_signup("aino@example.fi", language="fi", at=now())
    work_off(at=now())
    verify_signup(signup_id, code_in(mail.outbox[-1]), at=now())
    answer_age_band(signup_id, is_minor=False, at=now())
    accept_terms(signup_id, version="1", at=now())
    return signup_id


def test_finishing_makes_everything_together() -> None:
    person = finish_signup(ready_to_finish(), checked_password(PASSWORD), language="fi", at=now())
    assert [entry.kind for entry in entries_of([person.person_id], limit=9)] == ["card_issued", "person_registered"]
    assert sign_in_by_password("aino@example.fi", PASSWORD, come=as_person, at=now()) == person


def test_what_cannot_be_finished_leaves_the_sign_up_as_it_was() -> None:
    signup_id = ready_to_finish()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cards_card RENAME TO cards_lost")
    with pytest.raises(Exception, match="cards_card"):
        finish_signup(signup_id, checked_password(PASSWORD), language="fi", at=now())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cards_lost RENAME TO cards_card")

    assert not Account.objects.exists()
    assert not Person.objects.exists()
    assert not Card.objects.exists()
    assert PendingSignup.objects.get().verified_at is not None


def test_a_finished_sign_up_cannot_be_finished_again() -> None:
    signup_id = ready_to_finish()
    finish_signup(signup_id, checked_password(PASSWORD), language="fi", at=now())
    with pytest.raises(Exception, match="too long"):
        finish_signup(signup_id, checked_password(PASSWORD), language="fi", at=now())


def test_no_letter_without_its_row_and_no_row_for_what_is_no_address() -> None:
    for begin in (begin_signup, begin_reset):
        with pytest.raises(Invalid):
            begin("no address", language="en", at=now())
    assert not Letter.objects.exists()
    assert not Reset.objects.exists()


def test_a_change_is_entered_and_written_about_in_the_language_of_the_page() -> None:
    person = aino()
    change_password(person, checked_password("uusi ovi, uusi avain"), keep="x", language="fi", at=now())
    assert entries_of([person.person_id], limit=9)[0].kind == "secret_changed"
    assert (Letter.objects.get().kind, Letter.objects.get().language) == ("secret_changed", "fi")


def test_of_two_who_finish_for_one_address_the_second_hears_it() -> None:
    first, second = ready_to_finish(), ready_to_finish()
    finish_signup(first, checked_password(PASSWORD), language="fi", at=now())
    with pytest.raises(Conflict) as refusal:
        finish_signup(second, checked_password(PASSWORD), language="fi", at=now())
    assert refusal.value.code == "already_registered"
