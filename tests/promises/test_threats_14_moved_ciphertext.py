"""Threat 14: a ciphertext moved to another row, field, version or person, or changed, does not open."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from kliento.domain.vault import queries
from kliento.domain.vault.actions import NewValue, seal_text, seal_values
from kliento.domain.vault.models import DataKey, Value
from kliento.domain.vault.rules import CannotOpen
from kliento.kernel.ids import new_id

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def aino(db):
    person = new_id()
    for name in ("Aino", "Aina"):
        with transaction.atomic():
            values = [NewValue(person, "first_name", name, "person"), NewValue(person, "last_name", "Laine", "person")]
            seal_values(values, at=AT)
    return person


@pytest.fixture
def eino(db):
    person = new_id()
    with transaction.atomic():
        seal_values([NewValue(person, "first_name", "Eino", "person")], at=AT)
    return person


def read(person):
    return queries.open_values(queries.sealed_values([person]), queries.data_keys([person]))


def moved(source: Value, target: Value) -> None:
    Value.objects.filter(id=target.id).update(nonce=bytes(source.nonce), ciphertext=bytes(source.ciphertext))


def current(person, field):
    return Value.objects.get(owner_id=person, field=field, superseded_at=None)


def test_untouched_values_open(aino, eino):
    assert read(aino)[aino, "first_name"] == "Aina"
    assert read(eino)[eino, "first_name"] == "Eino"


def test_moved_to_another_field(aino):
    moved(current(aino, "last_name"), current(aino, "first_name"))
    with pytest.raises(CannotOpen):
        read(aino)


def test_an_earlier_version_put_back(aino):
    moved(Value.objects.get(owner_id=aino, field="first_name", version=1), current(aino, "first_name"))
    with pytest.raises(CannotOpen):
        read(aino)


def test_an_earlier_version_called_the_newest(aino):
    first = Value.objects.filter(owner_id=aino, field="first_name", version=1)
    Value.objects.filter(owner_id=aino, field="first_name", version=2).delete()
    first.update(version=2, superseded_at=None)
    with pytest.raises(CannotOpen):
        read(aino)


def test_moved_to_another_person(aino, eino):
    moved(current(eino, "first_name"), current(aino, "first_name"))
    with pytest.raises(CannotOpen):
        read(aino)


def test_moved_to_another_person_together_with_the_key(aino, eino):
    key = DataKey.objects.get(owner_id=eino)
    DataKey.objects.filter(owner_id=aino).update(wrapped=bytes(key.wrapped), epoch=key.epoch)
    Value.objects.filter(owner_id=aino).delete()
    Value.objects.filter(owner_id=eino).update(owner_id=aino)
    with pytest.raises(CannotOpen):
        read(aino)


@pytest.mark.parametrize("part", ["nonce", "ciphertext"])
def test_changed_by_one_bit(aino, part):
    value = current(aino, "first_name")
    altered = bytearray(getattr(value, part))
    altered[0] ^= 1
    Value.objects.filter(id=value.id).update(**{part: bytes(altered)})
    with pytest.raises(CannotOpen):
        read(aino)


def test_a_sealed_text_moved_to_another_row_column_or_person(aino, eino):
    row = new_id()
    with transaction.atomic():
        blob = seal_text(aino, place="cards_medium.sealed_code", row=row, text="K1")
        seal_text(eino, place="cards_medium.sealed_code", row=row, text="K1")
    assert queries.open_text(aino, place="cards_medium.sealed_code", row=row, sealed=blob) == "K1"
    for owner, place, at_row in (
        (eino, "cards_medium.sealed_code", row),
        (aino, "cards_medium.note", row),
        (aino, "dispatch_letter.sealed_code", row),
        (aino, "cards_medium.sealed_code", new_id()),
    ):
        with pytest.raises(CannotOpen):
            queries.open_text(owner, place=place, row=at_row, sealed=blob)
