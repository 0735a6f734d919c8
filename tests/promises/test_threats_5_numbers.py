"""Threat 5, for chips: whether a number is somebody's, and whose, is one answer to whoever tries it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kliento.domain.cards.actions import block_medium, issue_card, use_as_card
from kliento.domain.cards.models import Medium
from kliento.kernel.clock import now
from tests import taps
from tests.blanks import shown
from tests.media import STICKER, sticker, travel_card
from tests.phone import phone_of
from tests.world import aino, eino, kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def other():
    person = eino(at=now())
    issue_card(person.person_id, at=now())
    return person


def in_use(other):
    sticker(other, at=now())


def as_travel_card(other):
    travel_card(other, STICKER, at=now())


def blocked(other):
    block_medium(other.person_id, sticker(other, at=now()), by=other, at=now())


def of_somebody_restricted(other):
    sticker(other, at=now())
    taps.restricted(other)


def without_an_account(other):
    use_as_card(STICKER, at=now())


def without_an_account_and_with_visits(other):
    use_as_card(STICKER, at=now())
    shown(STICKER, kahvila_kaisa(at=now()), at=now())


TAKEN = (
    in_use,
    as_travel_card,
    blocked,
    of_somebody_restricted,
    without_an_account,
    without_an_account_and_with_visits,
)


def tried(uid: str, *, kind: str = "nfc") -> tuple[int, bytes, int]:
    """What somebody who types that number sees, and how much was looked up for it."""
    person = aino(at=now())
    issue_card(person.person_id, at=now())
    phone = phone_of(person)
    phone.get("/me/carriers/new")
    with CaptureQueriesContext(connection) as asked:
        answer = phone.post("/me/carriers/new", {"kind": kind, "code": uid, "name": ""})
    body = re.sub(rb'(csrfmiddlewaretoken" value=")[^"]+', rb"\1", answer.content)
    return answer.status_code, body, len(asked)


ONE_ANSWER: list[tuple[int, bytes, int]] = []


@pytest.mark.parametrize("how", TAKEN)
def test_however_a_number_stands_with_others_it_is_one_answer(other, how):
    how(other)
    answer = tried(STICKER)
    ONE_ANSWER.append(answer)
    assert answer == ONE_ANSWER[0]
    assert answer[0] == 400
    assert Medium.objects.filter(card__person__account__isnull=False, kind="nfc").count() <= 1


def test_trying_many_numbers_ends_soon(other):
    person = aino(at=now())
    issue_card(person.person_id, at=now())
    phone = phone_of(person)
    answers = [phone.post("/me/carriers/new", {"kind": "nfc", "code": f"04A23B5C6D7E{n:02}"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
