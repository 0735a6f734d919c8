"""The ledger of stamps cannot be rewritten through the database: only an erased subject may be taken out of it."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kliento.domain.activity.actions import cover_subject
from kliento.domain.programmes.actions import erase_person
from kliento.domain.programmes.models import LedgerEntry, LotUse
from kliento.kernel.ids import new_id

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANOTHER_LOT = new_id()


def entry(subject_id, **other):
    given = {"number": 1, "kind": "earned", "amount": 1, "balance": 1, "at": AT} | other
    return LedgerEntry.objects.create(membership_id=new_id(), subject_id=subject_id, **given)


def covered(subject_id):
    with transaction.atomic():
        cover_subject(subject_id, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 9},
        {"balance": 9},
        {"kind": "ran_out"},
        {"number": 2},
        {"expires_at": AT},
        {"at": AT.replace(year=2025)},
        {"moved_from": ANOTHER_LOT},
    ],
)
def test_an_entry_cannot_be_changed_not_even_while_its_subject_is_erased(db, change):
    entry(aino := new_id())
    covered(aino)
    with pytest.raises(DatabaseError, match="append-only"):
        LedgerEntry.objects.filter(subject_id=aino).update(**change)
    with pytest.raises(DatabaseError, match="append-only"):
        LedgerEntry.objects.filter(subject_id=aino).update(subject_id=None, **change)


def test_an_entry_cannot_be_deleted(db):
    entry(aino := new_id())
    covered(aino)
    with pytest.raises(DatabaseError, match="append-only"):
        LedgerEntry.objects.all().delete()


def test_nobody_is_taken_out_without_a_cover_nor_put_in_afterwards(db):
    entry(aino := new_id())
    with pytest.raises(DatabaseError, match="append-only"):
        LedgerEntry.objects.update(subject_id=None)
    covered(aino)
    LedgerEntry.objects.update(subject_id=None)
    with pytest.raises(DatabaseError, match="append-only"):
        LedgerEntry.objects.update(subject_id=new_id())


def test_what_was_used_of_a_lot_stays_used(db):
    use = LotUse.objects.create(entry_id=new_id(), lot_id=new_id(), amount=1)
    with pytest.raises(DatabaseError, match="append-only"):
        LotUse.objects.filter(id=use.id).update(amount=0)
    with pytest.raises(DatabaseError, match="append-only"):
        LotUse.objects.all().delete()


def test_the_tables_cannot_be_emptied_at_once(db):
    entry(new_id())
    for table in ("programmes_ledger_entry", "programmes_lot_use"):
        if connection.vendor == "postgresql":
            with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {table}")


def test_a_balance_is_never_below_zero(db):
    with pytest.raises(IntegrityError):
        entry(new_id(), balance=-1)


def test_erasing_somebody_without_a_card_leaves_everybody_elses_entries(db):
    entry(aino := new_id())
    covered(stranger := new_id())
    erase_person(stranger, at=AT)
    assert list(LedgerEntry.objects.values_list("subject_id", "amount", "balance")) == [(aino, 1, 1)]
