"""Closing an account that is for work alone, and one with a card behind it."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connections
from django.test import Client

from kliento.domain.accounts.models import Account, Session
from kliento.domain.outbox.actions import work_off
from kliento.domain.recipients.models import Operator, OperatorAct
from kliento.domain.recipients.queries import operators_to_tell
from kliento.domain.recipients.rules import Right
from kliento.domain.rights.actions import close_account
from kliento.domain.vault.models import DataKey, Value
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.door import letters
from tests.interfaces.partner.test_team import JOIN, follows, invites
from tests.phone import phone_of, text_of
from tests.portal import DOOR, appointed, operator, portal_of
from tests.world import PASSWORD, aino, kahvila_kaisa

CLOSING = "/partner/account/closing"


@pytest.fixture
def kaisa(db):
    cache.clear()
    return kahvila_kaisa(at=now())


def test_an_account_for_work_alone_is_closed_and_its_acts_stay_without_it(kaisa):
    owner = operator(kaisa)
    browser = follows(invites(owner, role="manager"))
    browser.post(f"{JOIN}/new", {"name": "Matti", "password": PASSWORD})
    browser.post("/partner/premises/new", {"name": "Asema"})
    left = Operator.objects.get(role="manager")
    assert browser.post(CLOSING, {}).status_code == 400

    assert browser.post(CLOSING, {"sure": "yes"})["Location"] == DOOR

    assert not Account.objects.filter(id=left.account_id).exists()
    assert not Session.objects.filter(account_id=left.account_id).exists()
    assert not DataKey.objects.filter(owner_id=left.account_id).exists()
    row = Operator.objects.get(id=left.id)
    assert (row.account_id, bytes(row.sealed_name), row.ended_at is None) == (None, b"", False)
    assert OperatorAct.objects.filter(operator=row, act="premises_added").exists()
    assert letters()[0].to == ["matti@example.fi"]
    assert Client().post(DOOR, {"email": "matti@example.fi", "password": PASSWORD}).status_code == 400
    page = text_of(portal_of(owner).get("/partner/audit"))
    assert "Added premises" in page
    assert "Matti" not in page


def test_a_key_that_could_not_be_destroyed_at_once_is_destroyed_later(kaisa):
    browser = follows(invites(operator(kaisa), role="manager"))
    browser.post(f"{JOIN}/new", {"name": "Matti", "password": PASSWORD})
    left = Operator.objects.get(role="manager").account_id
    with connections["keys"].execute_wrapper(lost_connection):
        assert browser.post(CLOSING, {"sure": "yes"})["Location"] == DOOR
    assert not Account.objects.filter(id=left).exists()
    assert DataKey.objects.filter(owner_id=left).exists()

    work_off(at=now())

    assert not DataKey.objects.filter(owner_id=left).exists()
    assert not Value.objects.filter(owner_id=left).exists()


def lost_connection(execute, sql, params, many, context):
    if sql.startswith("DELETE"):
        raise OperationalError("the connection is lost")
    return execute(sql, params, many, context)


def test_an_account_with_a_card_is_closed_with_the_card(kaisa):
    owner = operator(kaisa)
    page = text_of(portal_of(owner).get(CLOSING))
    assert "Closing it takes both" in page
    portal_of(owner).post(CLOSING, {"sure": "yes"})
    assert Account.objects.filter(id=owner.account_id).exists()


def test_a_person_who_leaves_is_told_what_ends_and_works_there_no_more(kaisa):
    person = aino(at=now())
    appointed(person.account_id, kaisa)
    page = text_of(phone_of(person).get("/me/close"))
    assert "Your work for Kahvila Kaisa in the portal" in page
    assert "only owner" in page

    close_account(PersonActor(person.person_id, person.account_id), language="en", at=now())

    row = Operator.objects.get()
    assert (row.account_id, row.ended_at is None) == (None, False)
    assert operators_to_tell(kaisa.third_party_id, Right.ANSWER_NOTICES) == []
