"""Cards that are nobody's: two tills at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from kliento.domain.cards.actions import use_as_card
from kliento.domain.cards.models import Card, Medium
from tests.media import TRAVEL_CARD
from tests.world import NOON

pytestmark = pytest.mark.usefixtures("db")


def test_of_two_tills_that_make_a_card_of_one_number_at_once_both_have_the_same_card():
    def till() -> UUID:
        try:
            return use_as_card(TRAVEL_CARD, at=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as tills:
        with transaction.atomic():
            if connection.vendor == "postgresql":  # both look before either writes
                connection.cursor().execute("LOCK TABLE cards_medium IN SHARE MODE")
            made = [tills.submit(till) for _each in range(2)]
            _until_both_wait()
        assert len({each.result(20) for each in made}) == 1
    assert (Card.objects.count(), Medium.objects.count()) == (1, 1)


def _until_both_wait() -> None:
    """PostgreSQL tells; on SQLite they are behind this transaction from their first statement on."""
    until = time.monotonic() + 10
    while connection.vendor == "postgresql" and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] == 2:
                return
        time.sleep(0.01)
    time.sleep(0.3)
