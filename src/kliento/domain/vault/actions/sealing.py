"""Sealing values and texts, and what their keeper does with a value: hide, show, remove.

The data key is committed in the database `keys` before anything it seals. When the caller's transaction is rolled back
afterwards, the key is left without an `Owner` row and swept a day later.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, connections, transaction

from kliento.domain.policy.queries import register
from kliento.domain.vault.models import Erasure, Owner, Value
from kliento.domain.vault.queries import data_keys, erasure_hash
from kliento.domain.vault.rules import IndexKind, NewValue, Place, blind_index, check_declared, epoch_of, seal, wrap
from kliento.kernel import sets
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.kernel.ids import new_id
from kliento.kernel.rows import Among, insert_rows

_VALUE = ("id", "owner_id", "field", "version", "source", "hidden", "nonce", "ciphertext", "stored_at")


def seal_values(values: Sequence[NewValue], *, at: datetime) -> list[int]:
    """Store values as the new current versions of their fields, in the caller's transaction; answers with the versions.

    A field that was hidden stays hidden. The number of statements does not depend on the number of values. Raises
    Invalid for a field that is not declared, or not from this source (R-PUR-1, R-SRC-1), Conflict for an erased owner.
    """
    for value in values:
        check_declared(register().field(value.field), register().source(value.source))
    if len({(value.owner_id, value.field) for value in values}) < len(values):
        raise Invalid(code="field_twice")
    if not values:
        return []
    keys = _keys_for({value.owner_id for value in values})
    current = {(row.owner_id, row.field): row for row in _current(values)}
    _supersede([row.id for row in current.values()], at=at)
    rows, versions = [], []
    for value in values:
        before = current.get((value.owner_id, value.field))
        version = before.version + 1 if before else 1
        row_id = new_id()
        place = Place("vault_value", value.field, row_id, value.owner_id, version)
        nonce, ciphertext = seal(keys[value.owner_id], value.text, place)
        hidden = before.hidden if before else False
        versions.append(version)
        rows.append((row_id, value.owner_id, value.field, version, value.source, hidden, nonce, ciphertext, at))
    insert_rows(Value, _VALUE, rows)
    return versions


def seal_text(owner_id: UUID, *, place: str, row: object, text: str) -> bytes:
    """Nonce and ciphertext of a text for a column of the caller's own table, bound to its row.

    `place` is "table.column". Part of the caller's transaction, like the row that will hold it.
    """
    table, field = place.split(".")
    key = _keys_for({owner_id})[owner_id]
    nonce, ciphertext = seal(key, text, Place(table, field, row, owner_id))
    return nonce + ciphertext


def seal_texts(texts: Mapping[UUID, tuple[object, str]], *, place: str) -> dict[UUID, bytes]:
    """The same for many owners at once, given as owner: (row, text); by owner. As few statements as for one."""
    table, field = place.split(".")
    keys = _keys_for(texts.keys())
    sealed = {}
    for owner_id, (row, text) in texts.items():
        nonce, ciphertext = seal(keys[owner_id], text, Place(table, field, row, owner_id))
        sealed[owner_id] = nonce + ciphertext
    return sealed


def index(kind: IndexKind, text: str) -> bytes:
    """The blind index of a text, 32 bytes. Equal texts have equal indexes, so give it the canonical form."""
    return blind_index(settings.KEYRING.existing("index"), kind, text)


def remove_value(owner_id: UUID, field: str) -> None:
    """Delete every version of a field. Raises NotFound when there is none."""
    deleted, _ = Value.objects.filter(owner_id=owner_id, field=field).delete()
    if not deleted:
        raise NotFound(code="no_value", pointer=field)


def forget_earlier(owner_id: UUID, field: str, *, before: int | None) -> int:
    """Delete the field's superseded versions older than `before`, all of them without it; how many there were."""
    earlier = Value.objects.filter(owner_id=owner_id, field=field, superseded_at__isnull=False)
    if before is not None:
        earlier = earlier.filter(version__lt=before)
    deleted, _ = earlier.delete()
    return deleted


def version_of(owner_id: UUID, field: str) -> int | None:
    """The number of the field's current version; None when there is none. It opens nothing."""
    current = Value.objects.filter(owner_id=owner_id, field=field, superseded_at=None)
    return current.values_list("version", flat=True).first()


def hide_value(owner_id: UUID, field: str) -> None:
    """Keep the value from everybody but its owner. Raises NotFound when there is none."""
    _mark(owner_id, field, hidden=True)


def show_value(owner_id: UUID, field: str) -> None:
    """Let the value be shared again. Raises NotFound when there is none."""
    _mark(owner_id, field, hidden=False)


def _mark(owner_id: UUID, field: str, *, hidden: bool) -> None:
    if not Value.objects.filter(owner_id=owner_id, field=field, superseded_at=None).update(hidden=hidden):
        raise NotFound(code="no_value", pointer=field)


def _current(values: Sequence[NewValue]) -> list[Value]:
    """The rows these values will supersede."""
    wanted = {(value.owner_id, value.field) for value in values}
    rows = Value.objects.filter(
        owner_id__in=Among({owner_id for owner_id, _ in wanted}),
        field__in={field for _, field in wanted},
        superseded_at=None,
    )
    return [row for row in rows.defer("nonce", "ciphertext") if (row.owner_id, row.field) in wanted]


def _supersede(value_ids: Collection[UUID], *, at: datetime) -> None:
    if value_ids:
        Value.objects.filter(id__in=Among(value_ids)).update(superseded_at=at)


def _keys_for(owner_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """The owners' data keys, each committed in `keys` before it is used; locks the owners until the caller commits.

    An owner new to this database gets its key made, or touched where a rolled-back act left one behind: the sweep takes
    only keys that nobody touched for a day, so it can never take one that is about to seal something.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("What is sealed belongs to the transaction of its act.")
    new = _enter_owners(sorted(owner_ids))
    if new:
        _make_keys(sorted(new))
    keys = data_keys(owner_ids)
    return {owner_id: keys.of(owner_id) for owner_id in owner_ids}


def _enter_owners(owner_ids: Sequence[UUID]) -> set[UUID]:
    """Lock the owners' rows, adding those that are missing; answers with the added ones."""
    entered, parameters = sets.given(connection, {"owner_id": "uuid"}, [(owner_id,) for owner_id in owner_ids])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO vault_owner (owner_id) SELECT owner_id FROM {entered} AS entered WHERE true"  # noqa: S608 - placeholders only
            " ON CONFLICT (owner_id) DO NOTHING RETURNING owner_id",
            parameters,
        )
        new = {sets.identifier(owner_id) for (owner_id,) in cursor.fetchall()}
    list(Owner.objects.filter(owner_id__in=Among(owner_ids)).order_by("owner_id").select_for_update())
    return new


def _make_keys(owner_ids: Sequence[UUID]) -> None:
    """Commit a key for each owner. An erased owner never gets one again.

    The clock is asked here: which epoch wraps a key follows from when it is really made, not from when an act is dated.
    """
    if Erasure.objects.filter(subject_hash__in=[erasure_hash(owner_id) for owner_id in owner_ids]).exists():
        raise Conflict(code="erased")
    made_at = now()
    epoch = epoch_of(made_at)
    epoch_key = settings.KEYRING.epoch_key(epoch)
    rows, parameters = sets.given(
        connections["keys"],
        {"owner_id": "uuid", "wrapped": "bytea", "epoch": "text", "made_at": "timestamptz"},
        [(owner_id, wrap(epoch_key, secrets.token_bytes(32)), epoch, made_at) for owner_id in owner_ids],
    )
    with transaction.atomic(using="keys", durable=True), connections["keys"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO vault_data_key (owner_id, wrapped, epoch, made_at)"  # noqa: S608 - placeholders only
            f" SELECT owner_id, wrapped, epoch, made_at FROM {rows} AS made WHERE true"
            " ON CONFLICT (owner_id) DO UPDATE SET made_at = excluded.made_at",
            parameters,
        )
