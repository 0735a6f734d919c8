"""Threat 28: whose card it is, and whether it is accepted, is judged by how that stands when the visit is entered.

A tap that had to wait for somebody who was giving the card back, or blocking it, must not go by what it saw before.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from kliento.domain.cards.actions import block_medium, undo_claimed_medium
from kliento.domain.cards.models import Claim, Medium
from kliento.domain.people.queries import lock_people
from kliento.domain.visits.actions import ScanResult
from kliento.domain.visits.models import Visit
from tests import taps
from tests.blanks import blank_card, card_of, claimed, shown
from tests.world import NOON, Place, kahvila_kaisa

LATER = NOON + timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("db")


@contextmanager
def _a_tap_waits(number: str, place: Place) -> Iterator[list[ScanResult]]:
    """Within the caller's transaction, which it waits for; its answer is there once that is over."""
    answers: list[ScanResult] = []

    def tap() -> None:
        answers.append(shown(number, place, at=LATER))
        connections.close_all()

    thread = threading.Thread(target=tap)
    with transaction.atomic():
        lock_people(list(Claim.objects.values_list("person_id", flat=True)))
        thread.start()
        _until_it_waits()
        yield answers
    thread.join(20)


def _until_it_waits() -> None:
    """PostgreSQL tells; on SQLite it is behind this transaction from its first statement on."""
    until = time.monotonic() + 10
    while connection.vendor == "postgresql" and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1")
            if cursor.fetchone():
                return
        time.sleep(0.01)
    time.sleep(0.3)


def test_threat_28_a_card_given_back_meanwhile_is_its_holders_again():
    kaisa, thief = kahvila_kaisa(), taps.cardholder("thief@example.fi", "Theo")
    number = blank_card()
    card_id = card_of(shown(number, kaisa))
    claim = Claim.objects.get(id=claimed(number, kaisa, thief))
    with _a_tap_waits(number, kaisa) as answers:
        undo_claimed_medium(claim, at=LATER)
    assert [answer.outcome for answer in answers] == ["unclaimed"]
    assert Visit.objects.get(occurred_at=LATER).subject_id == card_id, "nobody else reads where they were"


def test_threat_28_a_card_blocked_meanwhile_is_not_accepted():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    claimed(number := blank_card(), kaisa, aino)
    medium = Medium.objects.get(card__person=aino.person_id, code_owner_id__isnull=False)
    with _a_tap_waits(number, kaisa) as answers:
        block_medium(aino.person_id, medium.id, by=aino, at=LATER)
    assert [answer.outcome for answer in answers] == ["not_accepted"]
    assert not Visit.objects.filter(occurred_at=LATER).exists()
