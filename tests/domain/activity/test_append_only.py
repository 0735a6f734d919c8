"""The log cannot be rewritten through the database: only a covered subject may be taken out of it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from kliento.domain.activity.actions import cover_subject, erase_person, record
from kliento.domain.activity.models import Counter, Entry
from kliento.domain.activity.rules import NewEntry
from kliento.kernel.ids import new_id

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHAPE = {"subject_id": None, "salt": None, "payload": None}


def recorded(subject_id: UUID, count: int = 1) -> None:
    with transaction.atomic():
        record([NewEntry(subject_id, "data_downloaded", AT, payload={"n": n}) for n in range(count)])


def covered(subject_id: UUID) -> None:
    with transaction.atomic():
        cover_subject(subject_id, at=AT)


def test_an_entry_cannot_be_deleted(db):
    recorded(aino := new_id())
    covered(aino)
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.filter(subject_id=aino).delete()
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("change", [{"kind": "x"}, {"at": AT.replace(year=2025)}, {"number": 7}, {"payload": {}}])
def test_an_entry_cannot_be_changed(db, change):
    recorded(aino := new_id())
    covered(aino)
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.filter(subject_id=aino).update(**change)


@pytest.mark.parametrize("kept", SHAPE)
def test_erasing_takes_subject_salt_and_payload_together_and_nothing_else(db, kept):
    recorded(aino := new_id())
    covered(aino)
    part = {name: None for name in SHAPE if name != kept}
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.filter(subject_id=aino).update(**part)
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.filter(subject_id=aino).update(**SHAPE, kind="x")


def test_nobody_is_erased_without_a_cover(db):
    recorded(aino := new_id())
    covered(new_id())
    with pytest.raises(DatabaseError, match="append-only"):
        erase_person(aino, at=AT)
    assert Entry.objects.filter(subject_id=aino).exists()


def test_an_erased_entry_cannot_be_given_to_somebody(db):
    recorded(aino := new_id())
    covered(aino)
    erase_person(aino, at=AT)
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.update(subject_id=new_id())


def test_the_table_cannot_be_emptied_at_once(db):
    recorded(new_id())
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("TRUNCATE activity_entry")
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM activity_entry")


def test_erasing_in_batches_leaves_every_row_in_the_erased_shape(db):
    aino, eino = new_id(), new_id()
    recorded(aino, 2300)
    recorded(eino, 2)
    covered(aino)
    erase_person(aino, at=AT)
    erase_person(aino, at=AT)
    assert Entry.objects.filter(subject_id=None, salt=None, payload__isnull=True).count() == 2300
    assert Entry.objects.filter(subject_id=eino, salt__isnull=False, payload__isnull=False).count() == 2
    assert set(Counter.objects.values_list("subject_id", flat=True)) == {eino}
