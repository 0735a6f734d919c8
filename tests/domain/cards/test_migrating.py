"""The tables of unregistered cards, forwards and back."""

import secrets

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kliento.domain.cards.actions import issue_card
from kliento.domain.cards.models import Card, Medium
from tests.world import NOON, aino

pytestmark = pytest.mark.usefixtures("db")


def migrated_to(name: str) -> None:
    MigrationExecutor(connection).migrate([("cards", name)])


def an_unregistered_card() -> None:
    card = Card.objects.create(ordinal=secrets.randbits(63), issued_at=NOON)
    Medium.objects.create(card=card, kind="printed", level="static", since_at=NOON)


def test_going_back_forgets_unregistered_cards_and_keeps_everybody_elses() -> None:
    issue_card(aino().person_id, at=NOON)
    an_unregistered_card()
    migrated_to("0001_initial")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), COUNT(person_id) FROM cards_card")
        assert cursor.fetchone() == (1, 1)
        cursor.execute("SELECT kind FROM cards_medium ORDER BY kind")
        assert cursor.fetchall() == [("phone",), ("printed",)]
    migrated_to("0002_unregistered_cards")
    migrated_to("0008_added_at")
    an_unregistered_card()
    assert Card.objects.count() == 2
