"""Destroyed keys are gone from the keys database, its files and its log; orphans are swept; epochs are retired."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections, transaction
from pytest_django import Settings

from kliento.domain.vault import queries
from kliento.domain.vault.actions import NewValue, destroy, pair_databases, rotate_keys, seal_values, sweep_orphans
from kliento.domain.vault.models import DataKey, Erasure, Owner, Value
from kliento.domain.vault.rules import epoch_of
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, NotFound
from kliento.kernel.ids import new_id
from kliento.kernel.keyring import Keyring, KeyringError
from tests.databases import Databases
from tests.elsewhere import elsewhere

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def sealed(*owner_ids: UUID) -> None:
    with transaction.atomic():
        seal_values([NewValue(owner_id, "first_name", "Aino", "person") for owner_id in owner_ids], at=AT)


def opened(*owner_ids: UUID) -> dict[tuple[UUID, str], str]:
    return queries.open_values(queries.sealed_values(owner_ids), queries.data_keys(owner_ids))


def left_orphaned(owner_id: UUID) -> None:
    with transaction.atomic():
        seal_values([NewValue(owner_id, "first_name", "Aino", "person")], at=AT)
        transaction.set_rollback(True)


def test_the_key_is_committed_before_what_it_seals(db):
    aino = new_id()

    def keys_and_values() -> tuple[int, int]:
        return DataKey.objects.filter(owner_id=aino).count(), Value.objects.filter(owner_id=aino).count()

    with elsewhere(keys_and_values) as other, transaction.atomic():
        seal_values([NewValue(aino, "first_name", "Aino", "person")], at=AT)
        assert other.answer() == (1, 0)


def test_an_owner_has_one_key_however_often_something_is_sealed(db):
    aino = new_id()
    sealed(aino)
    before = DataKey.objects.get(owner_id=aino).wrapped
    sealed(aino)
    assert bytes(DataKey.objects.get(owner_id=aino).wrapped) == bytes(before)


def test_destroying_ends_everything_sealed_for_that_owner_alone(db):
    aino, eino = new_id(), new_id()
    sealed(aino, eino)
    kept = queries.sealed_values([aino])
    destroy([aino], at=AT)
    assert opened(aino, eino) == {(eino, "first_name"): "Aino"}
    with pytest.raises(NotFound, match="no_data_key"):
        queries.open_values(kept, queries.data_keys([aino]))
    assert not Owner.objects.filter(owner_id=aino).exists()
    assert [bytes(row.subject_hash) for row in Erasure.objects.all()] == [queries.erasure_hash(aino)]


def test_an_erased_owner_never_gets_a_key_again(db):
    aino = new_id()
    sealed(aino)
    destroy([aino], at=AT)
    with pytest.raises(Conflict, match="erased"):
        sealed(aino)
    assert not DataKey.objects.filter(owner_id=aino).exists()


def test_destroying_twice_changes_nothing(db):
    aino = new_id()
    sealed(aino)
    destroy([aino], at=AT)
    destroy([aino], at=AT + timedelta(days=1))
    assert Erasure.objects.get().at == AT


def test_destroying_is_refused_where_it_could_be_rolled_back(db):
    aino = new_id()
    sealed(aino)
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        destroy([aino], at=AT)
    assert opened(aino)


def kept_by(db: Databases) -> bytes:
    """All bytes of the keys database's files on SQLite; every row, dead ones included, of the table on PostgreSQL."""
    if db.engine == "sqlite":
        return b"".join(file.read_bytes() for file in db.folder.glob("keys.sqlite3*"))
    with connections["keys"].cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        cursor.execute("SELECT t_data FROM heap_page_items(get_raw_page('vault_data_key', 0)) WHERE t_data IS NOT NULL")
        return b"".join(bytes(row) for (row,) in cursor.fetchall())


def test_a_destroyed_key_is_nowhere_in_the_keys_database(db):
    eino, aino = new_id(), new_id()
    sealed(aino, eino)
    wrapped = {row.owner_id: bytes(row.wrapped) for row in DataKey.objects.all()}
    assert wrapped[aino] in kept_by(db)
    destroy([aino], at=AT)
    assert wrapped[aino] not in kept_by(db)
    assert wrapped[eino] in kept_by(db)


def test_a_reader_that_keeps_the_log_open_is_reported_and_destroying_again_ends_it(db):
    aino = new_id()
    sealed(aino)
    unread: list[object] = []

    def begin_to_read() -> None:
        unread.append(connections["keys"].cursor().execute("SELECT * FROM vault_data_key, django_migrations"))

    with elsewhere(begin_to_read) as reader:
        reader.answer()
        if db.engine == "sqlite":
            connections["keys"].cursor().execute("PRAGMA busy_timeout = 50")
            with pytest.raises(Conflict, match="keys_log_busy"):
                destroy([aino], at=AT)
        unread.clear()
    destroy([aino], at=AT)
    assert not Value.objects.filter(owner_id=aino).exists()


def test_a_key_whose_act_was_rolled_back_is_swept_a_day_later(db):
    aino, eino = new_id(), new_id()
    left_orphaned(aino)
    sealed(eino)
    assert sweep_orphans(now()) == 0
    assert sweep_orphans(now() + timedelta(days=2)) == 1
    assert set(DataKey.objects.values_list("owner_id", flat=True)) == {eino}
    sealed(aino)
    assert opened(aino)


def test_an_orphan_that_is_about_to_seal_something_is_spared(db):
    aino = new_id()
    pair_databases()
    left_orphaned(aino)
    DataKey.objects.update(made_at=now() - timedelta(days=20))
    with elsewhere(lambda: sweep_orphans(now())) as other, transaction.atomic():
        seal_values([NewValue(aino, "first_name", "Aino", "person")], at=AT)
        assert other.answer() == 0
    assert opened(aino)


def test_a_key_older_than_a_month_is_no_orphan(db):
    aino, eino = new_id(), new_id()
    left_orphaned(aino)
    sealed(eino)
    assert sweep_orphans(now() + timedelta(days=31)) == 0
    assert sweep_orphans(now() + timedelta(days=29)) == 1


@pytest.fixture
def own_keys(settings: Settings, tmp_path: Path) -> None:
    """A rotation ahead of time destroys the epoch that the run's other workers are using."""
    settings.KEYRING = Keyring.create(tmp_path / "keys", made_for="development")


@pytest.mark.usefixtures("own_keys")
def test_rotating_rewraps_every_key_and_destroys_the_epochs_left_empty(db):
    aino, eino = new_id(), new_id()
    sealed(aino, eino)
    old = {row.owner_id: bytes(row.wrapped) for row in DataKey.objects.all()}
    later = now() + timedelta(days=62)
    rotation = rotate_keys(at=later)
    assert rotation.rewrapped == 2
    assert epoch_of(now()) in rotation.destroyed
    assert {row.epoch for row in DataKey.objects.all()} == {epoch_of(later)}
    assert all(bytes(row.wrapped) != old[row.owner_id] for row in DataKey.objects.all())
    assert len(opened(aino, eino)) == 2
    with pytest.raises(KeyringError):
        settings.KEYRING.existing(f"epoch-{epoch_of(now())}")
    assert rotate_keys(at=later).rewrapped == 0


@pytest.mark.usefixtures("own_keys")
def test_an_epochs_key_outlives_its_month_by_a_day(db):
    sealed(new_id())
    this_month = epoch_of(now())
    first_of_next = (now().replace(day=1) + timedelta(days=32)).replace(day=1)
    assert this_month not in rotate_keys(at=first_of_next).destroyed
    assert this_month in rotate_keys(at=first_of_next + timedelta(days=1)).destroyed
