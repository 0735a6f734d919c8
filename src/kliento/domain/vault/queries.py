"""Reading and opening. The gate is the one importer outside the vault (a contract of `bin/check` sees to it)."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, connections

from kliento.domain.vault.models import Value
from kliento.domain.vault.rules import NONCE_BYTES, DataKeys, Place, SealedValue, blind_index, opened
from kliento.kernel import sets
from kliento.kernel.rows import Among
from kliento.kernel.statements import Statement, ask


def sealed_values(owner_ids: Collection[UUID], fields: Collection[str] | None = None) -> list[SealedValue]:
    """The current values of these owners, all fields or the given ones. One statement for any number of owners."""
    return ask(values_of(owner_ids, fields))


def values_of(owner_ids: Collection[UUID], fields: Collection[str] | None = None) -> Statement[list[SealedValue]]:
    """The statement of `sealed_values`, for whoever sends others with it."""

    def read(rows: list[tuple[Any, ...]]) -> list[SealedValue]:
        found = [_read(row) for row in rows if fields is None or row[2] in fields]
        return sorted(found, key=lambda value: (value.owner_id.int, value.field))

    theirs, parameter = sets.among(connection, "owner_id", owner_ids)
    return Statement(_CURRENT.format(theirs=theirs), [parameter], read)


# The fields are chosen, and the rows sorted, by us: a statement whose text stays the same is planned once, and one that
# sorts may be planned to read the index that has them in that order, all of it.
_CURRENT = """
    SELECT id, owner_id, field, version, source, hidden, stored_at, nonce, ciphertext FROM vault_value
    WHERE {theirs} AND superseded_at IS NULL
"""


def sealed_versions(owner_ids: Collection[UUID]) -> list[SealedValue]:
    """Every version of every value of these owners, the oldest first within a field. For exports. One statement."""
    values = Value.objects.filter(owner_id__in=Among(owner_ids))
    return [_sealed(value) for value in values.order_by("owner_id", "field", "version")]


def owners_keeping(field: str, *, after: UUID | None, limit: int) -> list[UUID]:
    """Who keeps a current value of this field, in the order of their ids, at most `limit` behind `after`."""
    values = Value.objects.filter(field=field, superseded_at=None)
    if after is not None:
        values = values.filter(owner_id__gt=after)
    return list(values.order_by("owner_id").values_list("owner_id", flat=True)[:limit])


def data_keys(owner_ids: Collection[UUID]) -> DataKeys:
    """The keys of these owners, still wrapped; owners without one are left out. One statement."""
    return ask(keys_of(owner_ids))


def keys_of(owner_ids: Collection[UUID]) -> Statement[DataKeys]:
    """The statement of `data_keys`, for whoever sends others with it, to their database."""
    theirs, parameter = sets.among(connections["keys"], "owner_id", owner_ids)
    return Statement(_WRAPPED.format(theirs=theirs), [parameter], _keys, alias="keys")


_WRAPPED = "SELECT owner_id, epoch, wrapped FROM vault_data_key WHERE {theirs}"


def _keys(rows: list[tuple[Any, ...]]) -> DataKeys:
    wrapped = {sets.identifier(owner_id): (epoch, bytes(key)) for owner_id, epoch, key in rows}
    epochs = {epoch for epoch, _ in wrapped.values()}
    return DataKeys(wrapped=wrapped, epochs={epoch: settings.KEYRING.existing(f"epoch-{epoch}") for epoch in epochs})


def open_values(sealed: Iterable[SealedValue], keys: DataKeys) -> dict[tuple[UUID, str], str]:
    """The texts of current values by owner and field. No statement. Raises as `open_versions`."""
    listed = list(sealed)
    texts = open_versions(listed, keys)
    return {(value.owner_id, value.field): text for value, text in zip(listed, texts, strict=True)}


def open_versions(sealed: Iterable[SealedValue], keys: DataKeys) -> list[str]:
    """The texts of values of any version, in order. Raises CannotOpen, and NotFound for an owner without a key."""
    unwrapped: dict[UUID, bytes] = {}
    texts = []
    for value in sealed:
        key = unwrapped[value.owner_id] = unwrapped.get(value.owner_id) or keys.of(value.owner_id)
        texts.append(opened(key, value.nonce, value.ciphertext, place_of(value)))
    return texts


def open_text(owner_id: UUID, *, place: str, row: object, sealed: bytes) -> str:
    """A text sealed by `seal_text` with the same place and row. Raises CannotOpen, NotFound without a key."""
    table, field = place.split(".")
    key = data_keys([owner_id]).of(owner_id)
    blob = bytes(sealed)
    return opened(key, blob[:NONCE_BYTES], blob[NONCE_BYTES:], Place(table, field, row, owner_id))


def open_texts(sealed: Iterable[tuple[UUID, object, bytes]], *, place: str) -> dict[object, str]:
    """Texts sealed by `seal_text` at one place, given as (owner, row, sealed), by row. One statement.

    Rows of owners without a key are left out. Raises CannotOpen.
    """
    table, field = place.split(".")
    listed = [(owner_id, row, bytes(blob)) for owner_id, row, blob in sealed]
    keys = data_keys([owner_id for owner_id, _, _ in listed])
    return {
        row: opened(keys.of(owner_id), blob[:NONCE_BYTES], blob[NONCE_BYTES:], Place(table, field, row, owner_id))
        for owner_id, row, blob in listed
        if owner_id in keys.wrapped
    }


def place_of(value: SealedValue) -> Place:
    """What a value's ciphertext is bound to."""
    return Place("vault_value", value.field, value.id, value.owner_id, value.version)


def erasure_hash(subject_id: UUID) -> bytes:
    """How the erasure list names a subject: it can be matched against a backup's rows, not read."""
    return blind_index(settings.KEYRING.existing("index"), "erasure", str(subject_id))


def _read(row: tuple[Any, ...]) -> SealedValue:
    identifier, owner_id, field, version, source, hidden, stored_at, nonce, ciphertext = row
    return SealedValue(
        sets.identifier(identifier), sets.identifier(owner_id), field, version, source, bool(hidden),
        sets.moment(stored_at), bytes(nonce), bytes(ciphertext),
    )  # fmt: skip


def _sealed(value: Value) -> SealedValue:
    return SealedValue(
        id=value.id,
        owner_id=value.owner_id,
        field=value.field,
        version=value.version,
        source=value.source,
        hidden=value.hidden,
        stored_at=value.stored_at,
        nonce=bytes(value.nonce),
        ciphertext=bytes(value.ciphertext),
    )
