"""R-ACT-5: whatever the database's owner changes or removes in the sealed log, the verification names the place beside
a witness's checkpoint. A verifier of its own, written from the description, agrees.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from kliento.domain.activity.models import Counter, Cover, Entry, Erased, Leaf, Tile
from kliento.domain.activity.queries.proving import signing_key
from kliento.kernel.ids import new_id
from tests.domain.activity.another_verifier import wrong_places
from tests.sealed import seal
from tests.tampering import AT, VICTIM, Log, as_owner, demand_named, entered, found, key_of, left, sealed_log

# What is not sealed, each with the reason.
OUTSIDE = {
    Counter: "counts the entries; what it says is compared with them",
    Cover: "says that an erasure may begin; what was erased is listed by a sealed entry",
}
SEALED = [model for model in apps.get_app_config("activity").get_models() if model not in OUTSIDE]
COLUMNS = [(model, field) for model in SEALED for field in model._meta.local_concrete_fields]


@pytest.fixture
def log(db) -> Log:
    return sealed_log()


def changed(model: type[models.Model], field: models.Field, row: dict[str, Any], value: Any) -> None:
    key = model._meta.pk_fields if hasattr(model._meta, "pk_fields") else [model._meta.pk]
    quote = connection.ops.quote_name
    where = " AND ".join(f"{quote(each.column)} = %s" for each in key)
    prepared = [field.get_db_prep_save(value, connection)]
    prepared += [each.get_db_prep_save(row[each.attname], connection) for each in key]
    as_owner(f"UPDATE {model._meta.db_table} SET {quote(field.column)} = %s WHERE {where}", tuple(prepared))


def victims(model: type[models.Model], log: Log) -> list[dict[str, Any]]:
    """Rows of the table, each of another sort where there are some."""
    if model is Entry:
        index = Leaf.objects.values_list("entry_id", flat=True)
        sorts = [Entry.objects.filter(id=index.get(index=VICTIM)), Entry.objects.filter(kind="entries_erased")]
        sorts += [Entry.objects.filter(kind="log_begun"), Entry.objects.filter(salt=None)]
        return [rows.values()[0] for rows in sorts]
    if model is Leaf:
        return [Leaf.objects.filter(index=index).values()[0] for index in (0, VICTIM)]
    return list(model.objects.values())[:2]


def places_of(model: type[models.Model], row: dict[str, Any]) -> list[str]:
    """How the verification may name that row."""
    if model is Entry:
        return [f"entry {row['id']}", f"erasure {row['id']}"]
    if model is Leaf:
        return [f"leaf {row['index']}", f"entry {row['entry_id']}"]
    if model is Tile:
        return [f"tile {row['level']}/{row['index']}"]
    if model is Erased:
        return [f"entry {row['entry_id']}", f"erasure {row['erasure_id']}"]
    return ["epoch 1"]


def others(field: models.Field, value: Any) -> list[Any]:
    """Other values a column could be given."""
    other: list[Any] = [] if value is None or not field.null else [None]
    if isinstance(field, models.UUIDField):
        return [*other, new_id()]
    if isinstance(field, models.DateTimeField):
        return [*other, (value or AT) + timedelta(microseconds=1)]
    if isinstance(field, models.BinaryField):
        raw = bytes(value or bytes(16))
        return [*other, raw[:-1] + bytes([raw[-1] ^ 1]), bytes([raw[0] ^ 128]) + raw[1:]]
    if isinstance(field, models.JSONField):
        return [*other, [*value, "x"] if isinstance(value, list) else {"n": "other"}, {}]
    if isinstance(field, models.IntegerField):
        return [*other, (value or 0) + 7000, (value or 0) + 1]
    return [*other, f"{value}x", value[:-1]] if value else [*other, "x"]


@pytest.mark.parametrize(
    ("model", "field"), COLUMNS, ids=[f"{model.__name__}.{field.name}" for model, field in COLUMNS]
)
def test_no_column_can_be_changed_unseen(log, model, field):
    tried = 0
    for row in victims(model, log):
        for value in [other for other in others(field, row[field.attname]) if other != row[field.attname]]:
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        changed(model, field, row, value)
                except IntegrityError:  # the place is taken, or the column cannot hold that
                    pass
                else:
                    tried += 1
                    demand_named(log, *places_of(model, row))
                transaction.set_rollback(True)
    assert tried
    assert found(log.witnessed) == []


def gone(model: type[models.Model], **which: Any) -> Callable[[Log], None]:
    def go(log: Log) -> None:
        quote = connection.ops.quote_name
        where = " AND ".join(f"{quote(name)} = %s" for name in which) or "1 = 1"
        values = tuple(log.aino.hex if value == "aino" else value for value in which.values())
        as_owner(f"DELETE FROM {model._meta.db_table} WHERE {where}", values)

    return go


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_no_table_can_be_emptied_unseen(log, model):
    gone(model)(log)
    assert found(log.witnessed)


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_no_row_can_be_removed_unseen(log, model):
    for row in victims(model, log):
        key = model._meta.pk_fields if hasattr(model._meta, "pk_fields") else [model._meta.pk]
        with transaction.atomic():
            which = {each.column: each.get_db_prep_save(row[each.attname], connection) for each in key}
            gone(model, **which)(log)
            demand_named(log, *places_of(model, row))
            transaction.set_rollback(True)


def test_a_missing_number_is_named(log):
    last = Entry.objects.filter(subject_id=log.aino).order_by("-number")[0]
    entered(log.aino)
    as_owner("DELETE FROM activity_entry WHERE subject_id = %s AND number = %s", (key_of(log.aino), last.number + 1))
    entered(log.aino)
    assert f"subject {log.aino}: entry number {last.number + 1} is not there (number_missing)" in found(log.witnessed)
    as_owner("DELETE FROM activity_entry WHERE subject_id = %s AND number = %s", (key_of(log.aino), last.number + 2))
    assert f"subject {log.aino}: entry number {last.number + 2} is not the last one (number_missing)" in found()


def test_an_erasure_leaves_everything_else_provable(log):
    left(log.aino)
    seal(at=AT)
    assert found(log.witnessed) == []
    assert wrong_places(log.witnessed, signing_key().public_key()) == []
    assert Entry.objects.exclude(salt=None).exclude(subject_id=None).count() == 0
