"""R-ACT-1: recorded before data leaves, in the same transaction; no record, no data."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from kliento.domain.activity.models import Entry
from kliento.domain.activity.rules import NewEntry
from kliento.domain.gate.actions import (
    Ask,
    NotCommitted,
    ThirdPartyRecipient,
    at_till,
    disclose,
    disclose_many,
)
from kliento.domain.people.queries import lock_people
from tests.world import NOON, Place, aino, kahvila_kaisa, relation_of, shares, stores


@pytest.fixture
def shared(db):
    """Aino, who shares her first name with a café."""
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    return shares(me, kaisa, "first_name"), kaisa


def asks_at_till(me, kaisa: Place) -> Ask:
    entry = NewEntry(me.person_id, "visit", NOON, kaisa.third_party_id, purpose="identification", basis="contract")
    return at_till(
        lock_people([me.person_id])[me.person_id],
        relation_of(me, kaisa),
        to=ThirdPartyRecipient(kaisa.third_party_id),
        entry=entry,
        at=NOON,
    )


def entered(entry_id) -> bool:
    """Whether somebody else can already see the entry."""
    seen: list[bool] = []

    def look() -> None:
        seen.append(Entry.objects.filter(id=entry_id).exists())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return seen[0]


def test_nothing_opens_before_its_entry_is_committed(shared):
    with transaction.atomic():
        [sealed] = disclose_many([asks_at_till(*shared)], at=NOON)
        assert not entered(sealed.entry_id)
        with pytest.raises(NotCommitted):
            sealed.open()
    assert entered(sealed.entry_id)
    assert sealed.open() == {"first_name": "Aino"}


def test_what_was_never_entered_never_opens(shared):
    with transaction.atomic():
        [sealed] = disclose_many([asks_at_till(*shared)], at=NOON)
        transaction.set_rollback(True)
    assert not entered(sealed.entry_id)
    with pytest.raises(NotCommitted):
        sealed.open()


def test_a_log_that_cannot_be_written_releases_nothing(shared):
    me, kaisa = shared
    refuse_entries()
    with pytest.raises(DatabaseError):
        disclose(
            me.person_id,
            to=ThirdPartyRecipient(kaisa.third_party_id),
            purpose="serving",
            fields=["first_name"],
            at=NOON,
        )


def refuse_entries() -> None:
    """A log whose disk is full, say."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER full BEFORE INSERT ON activity_entry BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        else:
            cursor.execute("ALTER TABLE activity_entry ADD CONSTRAINT disk_full CHECK (false) NOT VALID")
