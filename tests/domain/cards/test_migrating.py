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
    migrated_to("0009_added_since")
    an_unregistered_card()
    assert Card.objects.count() == 2


def test_what_was_in_use_before_is_there_since_then_however_many_they_are() -> None:
    card = Card.objects.create(ordinal=secrets.randbits(63), issued_at=NOON)
    states = ["active"] * 1500 + ["blocked"]
    Medium.objects.bulk_create(
        Medium(card=card, kind="printed", level="static", since_at=NOON, state=state) for state in states
    )
    migrated_to("0008_added_at")
    assert not Medium.objects.exclude(added_at=None).exists()
    migrated_to("0009_added_since")
    assert set(Medium.objects.values_list("state", "added_at")) == {("active", NOON), ("blocked", None)}
