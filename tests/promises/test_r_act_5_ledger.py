"""R-ACT-5: stamps are sealed. No movement of the ledger is changed, removed or added unseen, nor what they come to."""

import json
from typing import Any

import pytest
from django.db import connection, models, transaction

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries.proving import newest_checkpoint
from kliento.domain.programmes.actions import expire_lots, redeem, reverse_redemption
from kliento.domain.programmes.models import LedgerEntry, LotUse, Membership
from kliento.kernel.ids import new_id
from tests import taps
from tests.blanks import blank_card, claimed
from tests.domain.activity.another_verifier_of_rows import MOVEMENT, MOVEMENT_IDS, hashed
from tests.programmes import coffee_card, collects, owner_of, takes
from tests.sealed import seal
from tests.tampering import AT, as_owner, demand_rows_named, found, key_of, left, otherwise_found, rewritten
from tests.world import NOON, kahvila_kaisa

COLUMNS = [field for field in LedgerEntry._meta.local_concrete_fields if field.name not in {"id", "subject_id"}]


@pytest.fixture
def me(db):
    """Somebody who earned stamps at a café and spent them on a coffee; all of it is sealed."""
    kaisa, person = kahvila_kaisa(), taps.cardholder()
    takes(person, coffee_card(owner_of(kaisa), needed=2))
    collects(person, kaisa, 3)
    with transaction.atomic():
        redeem(person.person_id, act_id=new_id(), by=kaisa.terminal, at=taps.later(days=3))
    seal(at=AT)
    return person


@pytest.fixture
def witnessed(me) -> str:
    """What a witness kept."""
    return newest_checkpoint()


@pytest.fixture
def all_kinds(db) -> str:
    """Stamps were earned, moved by a claim, spent, given back and ran out, all of it sealed; what a witness kept."""
    kaisa, aino = kahvila_kaisa(), taps.cardholder()
    takes(aino, coffee_card(owner_of(kaisa), needed=2, days=30))
    collects(aino, kaisa, 4)
    claimed(blank_card(), kaisa, aino, at=taps.later(hours=3))
    kept, undone = new_id(), new_id()
    with transaction.atomic():
        redeem(aino.person_id, act_id=kept, by=kaisa.terminal, at=taps.later(hours=4))
        redeem(aino.person_id, act_id=undone, by=kaisa.terminal, at=taps.later(hours=4))
    reverse_redemption(undone, staying=lambda *_: (), by=kaisa.terminal, at=taps.later(hours=4, minutes=5))
    expire_lots(at=taps.later(days=31))
    seal(at=AT)
    return newest_checkpoint()


def place_of(row: LedgerEntry) -> str:
    return f"loyalty card {row.membership_id}, movement {row.number}"


def key(row: models.Model) -> object:
    return row._meta.pk.get_db_prep_save(row.pk, connection)


def other(field: models.Field, value: Any) -> object:
    if isinstance(field, models.DateTimeField):
        return (value or NOON).replace(year=2025)
    if isinstance(field, models.UUIDField):
        return new_id()
    if field.name == "kind":
        return "moved" if value == "reversed" else "reversed"
    return value + 7


def test_r_act_5_a_ledger_as_it_was_kept_is_named_nowhere(me, witnessed):
    assert found(witnessed) == otherwise_found(witnessed) == []


@pytest.mark.parametrize("kind", LedgerEntry.Kind.values)
@pytest.mark.parametrize("field", COLUMNS, ids=lambda field: field.name)
def test_r_act_5_no_column_of_a_movement_can_be_changed_unseen(all_kinds, field, kind):
    row = LedgerEntry.objects.filter(kind=kind).order_by("id").last()
    value = field.get_db_prep_save(other(field, getattr(row, field.attname)), connection)
    as_owner(f'UPDATE programmes_ledger_entry SET "{field.column}" = %s WHERE id = %s', (value, key(row)))
    demand_rows_named(all_kinds, f"ledger {row.id}", says="the ledger it is about is not what was sealed with it")


@pytest.mark.parametrize("kind", LedgerEntry.Kind.values)
def test_r_act_5_no_movement_can_be_removed_unseen(all_kinds, kind):
    row = LedgerEntry.objects.filter(kind=kind).order_by("id").last()
    as_owner("DELETE FROM programmes_ledger_entry WHERE id = %s", (key(row),))
    demand_rows_named(all_kinds, f"ledger {row.id}", says="the ledger it is about is not there")


@pytest.mark.parametrize("kind", LedgerEntry.Kind.values)
def test_r_act_5_no_movement_can_be_added_unseen(all_kinds, kind):
    last = LedgerEntry.objects.order_by("id").last()
    put = LedgerEntry.objects.create(
        membership_id=last.membership_id,
        number=last.number + 1,
        kind=kind,
        amount=5,
        balance=last.balance + 5,
        visit_id=new_id(),
        at=NOON,
        subject_id=last.subject_id,
    )
    demand_rows_named(all_kinds, f"ledger {put.id}", says="no entry")


def test_r_act_5_a_movement_can_be_given_to_nobody_else(me, witnessed):
    row = LedgerEntry.objects.filter(kind="earned").first()
    theirs = LedgerEntry._meta.get_field("subject_id").get_db_prep_save(new_id(), connection)
    as_owner("UPDATE programmes_ledger_entry SET subject_id = %s WHERE id = %s", (theirs, key(row)))
    demand_rows_named(witnessed, f"ledger {row.id}", says="the ledger it is about is somebody else's")


def test_r_act_5_what_was_taken_of_a_stamp_is_what_the_movement_says(me, witnessed):
    used = LotUse.objects.first()
    as_owner("UPDATE programmes_lot_use SET amount = amount - 1 WHERE id = %s", (key(used),))
    demand_rows_named(witnessed, place_of(LedgerEntry.objects.get(id=used.entry_id)), says="(state_wrong)")


def test_r_act_5_a_stamp_is_taken_of_the_card_that_spends_it(me, witnessed):
    eino, used = taps.cardholder("eino@example.fi", "Eino"), LotUse.objects.first()
    programme = Membership.objects.get().programme_id
    Membership.objects.create(id=new_id(), programme_id=programme, subject_id=eino.person_id, taken_at=NOON)
    theirs = Membership.objects.get(subject_id=eino.person_id)
    lot = LedgerEntry.objects.create(
        membership_id=theirs.id, number=1, kind="earned", amount=1, balance=1, at=NOON, subject_id=eino.person_id
    )
    value = LotUse._meta.get_field("lot_id").get_db_prep_save(lot.id, connection)
    as_owner("UPDATE programmes_lot_use SET lot_id = %s WHERE id = %s", (value, key(used)))
    demand_rows_named(witnessed, place_of(LedgerEntry.objects.get(id=used.entry_id)), says="(state_wrong)")


def test_r_act_5_a_stamp_is_taken_once(me, witnessed):
    first, second = LotUse.objects.order_by("id")
    as_owner("UPDATE programmes_lot_use SET amount = 2 WHERE id = %s", (key(first),))
    as_owner("DELETE FROM programmes_lot_use WHERE id = %s", (key(second),))
    lot = LedgerEntry.objects.get(id=first.lot_id)
    demand_rows_named(witnessed, place_of(lot), says="(state_wrong)")


@pytest.mark.parametrize("amount", [1, -1], ids=["takes", "puts back"])
def test_r_act_5_what_earned_stamps_takes_none_and_puts_none_back(me, witnessed, amount):
    spent, earned, unspent = LedgerEntry.objects.filter(kind="earned").order_by("number")
    lot = unspent if amount > 0 else spent
    LotUse.objects.create(id=new_id(), entry_id=earned.id, lot_id=lot.id, amount=amount)
    demand_rows_named(witnessed, place_of(earned), says="(state_wrong)")


def test_r_act_5_no_stamp_is_taken_by_no_movement(me, witnessed):
    unspent = LedgerEntry.objects.filter(kind="earned").order_by("number").last()
    LotUse.objects.create(id=new_id(), entry_id=new_id(), lot_id=unspent.id, amount=1)
    demand_rows_named(witnessed, place_of(unspent), says="(state_wrong)")


def test_r_act_5_what_spends_stamps_puts_none_back(me, witnessed):
    """One stamp more of one lot and one fewer of another: it comes to the same, and spends what was not spent."""
    spent = LedgerEntry.objects.get(kind="redeemed")
    first, *_, unspent = LedgerEntry.objects.filter(kind="earned").order_by("number")
    as_owner("UPDATE programmes_lot_use SET amount = -1 WHERE lot_id = %s", (key(first),))
    LotUse.objects.create(id=new_id(), entry_id=spent.id, lot_id=unspent.id, amount=2)
    demand_rows_named(witnessed, place_of(spent), says="(state_wrong)")


def test_r_act_5_a_movement_sealed_anew_is_found_by_the_witness_alone(me, witnessed):
    row = LedgerEntry.objects.get(kind="redeemed")
    as_owner(
        "UPDATE programmes_ledger_entry SET terminal_id = %s WHERE id = %s", (key(LotUse.objects.all()[0]), key(row))
    )
    row.refresh_from_db()
    entry = Entry.objects.get(id=row.id)
    told = {"ledger": str(row.id), "row": hashed(row.__dict__, MOVEMENT, MOVEMENT_IDS, ("at", "expires_at"))}
    as_owner("UPDATE activity_entry SET payload = %s WHERE id = %s", (json.dumps(told), key_of(entry.id)))
    rewritten()
    assert found() == []
    assert any("(rewritten)" in each for each in found(witnessed))
    assert "witness: not what it saw" in otherwise_found(witnessed)


def test_r_act_5_an_erased_person_leaves_a_ledger_that_still_adds_up(me):
    left(me.person_id)
    LedgerEntry.objects.update(subject_id=None)
    seal(at=AT)
    now = newest_checkpoint()
    assert found(now) == otherwise_found(now) == []


def test_r_act_5_a_ledger_with_movements_of_every_kind_is_named_nowhere(all_kinds):
    assert set(LedgerEntry.objects.values_list("kind", flat=True)) == set(LedgerEntry.Kind.values)
    assert found(all_kinds) == otherwise_found(all_kinds) == []
