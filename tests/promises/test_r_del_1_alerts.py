"""R-DEL-1, alerts: whoever closed their account is told nothing more, and nothing kept for telling them stays."""

import pytest

from kliento.domain.alerts.actions import switch_letters_on
from kliento.domain.alerts.models import Letters, Told
from kliento.domain.dispatch.models import Letter
from kliento.domain.inbox.models import Message
from kliento.domain.people.models import Person
from kliento.domain.rights.actions import close_account
from tests.alerting import told
from tests.sealed import seal
from tests.taps import aino, tap
from tests.world import NOON, asked, kahvila_kaisa


@pytest.fixture
def me(db):
    told()
    return aino()


def test_closing_takes_what_was_told_and_the_switch_along(me):
    switch_letters_on(me, at=NOON)
    tap(me, kahvila_kaisa())
    assert told() == 1
    close_account(me, language="en", at=NOON)
    assert [table.objects.count() for table in (Told, Letters, Message)] == [0, 0, 0]


@pytest.mark.parametrize("sealed_before", [True, False])
def test_what_waited_to_be_told_is_told_nobody(me, sealed_before):
    kaisa = kahvila_kaisa()
    tap(me, kaisa)
    asked(kaisa, me, "phone")
    if sealed_before:
        seal(at=NOON)
    close_account(me, language="en", at=NOON)
    assert told() == 0
    assert [table.objects.count() for table in (Told, Message)] == [0, 0]


def test_nor_while_the_erasure_is_under_way(me):
    switch_letters_on(me, at=NOON)
    tap(me, kahvila_kaisa())
    Person.objects.filter(id=me.person_id).update(state=Person.State.ERASING)
    assert told() == 0
    assert [table.objects.count() for table in (Told, Message, Letter)] == [0, 0, 0]
