"""The SQLite backend: writers one after another, readers never waiting, nothing lost."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.db.transaction import TransactionManagementError

from kliento.domain.outbox.models import Item, Periodic
from kliento.kernel.ids import new_id
from kliento.kernel.sqlite.base import _writes

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
THREADS, TIMES = 16, 15

_WRITER = """
import sys
from datetime import UTC, datetime
import django
from django.conf import settings
settings.configure(
    DATABASES={"default": {"ENGINE": "kliento.kernel.sqlite", "NAME": sys.argv[1]}},
    INSTALLED_APPS=["kliento.domain.outbox"], USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
from django.db import transaction
from kliento.domain.outbox.models import Item
for number in range(int(sys.argv[2])):
    with transaction.atomic():
        item = Item.objects.get(ref="counter")
        item.attempts += 1
        item.save()
        Item.objects.create(kind="k", ref=str(number), next_at=datetime(2026, 11, 22, tzinfo=UTC))
"""
_HOLDER = """
import sys, time
import django
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "kliento.kernel.sqlite", "NAME": sys.argv[1]}})
django.setup()
from django.db import transaction
with transaction.atomic():
    print("held", flush=True)
    time.sleep(600)
"""


pytestmark = pytest.mark.usefixtures("db")


def in_thread(act: Callable[[], object]) -> object:
    """Run it on a connection of its own."""

    def closing() -> object:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(closing).result(timeout=30)


def add(ref: str = "x") -> Item:
    return Item.objects.create(kind="k", ref=ref, next_at=NOW)


def test_sixteen_threads_lose_no_write_and_never_meet_a_locked_database() -> None:
    counter = add("counter")
    waits: list[float] = []

    def write() -> None:
        try:
            for number in range(TIMES):
                asked = time.monotonic()
                with transaction.atomic():
                    waits.append(time.monotonic() - asked)
                    seen = Item.objects.get(id=counter.id)
                    seen.attempts += 1
                    seen.save()
                    add(str(number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(write) for _ in range(THREADS)]:
            done.result(timeout=60)

    counter.refresh_from_db()
    assert counter.attempts == THREADS * TIMES
    assert Item.objects.count() == 1 + THREADS * TIMES
    assert max(waits) < 10


def test_processes_lose_no_write_either() -> None:
    counter = add("counter")
    file = connection.settings_dict["NAME"]

    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, file, "20"]) for _ in range(3)]

    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    counter.refresh_from_db()
    assert counter.attempts == 60
    assert Item.objects.count() == 61


def test_a_killed_process_frees_the_lock() -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, connection.settings_dict["NAME"]], stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.kill()
        holder.wait()
        assert add().id


def test_a_single_write_outside_a_transaction_waits_its_turn() -> None:
    began = threading.Event()

    def write() -> Item:
        began.set()
        return add("second")

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            add("first")
            waiting = pool.submit(in_thread, write)
            began.wait(10)
            time.sleep(0.1)
            assert not waiting.done()
        waiting.result(timeout=10)
    assert set(Item.objects.values_list("ref", flat=True)) == {"first", "second"}


def test_a_reader_waits_for_nobody_and_sees_the_last_commit() -> None:
    add("committed")
    with transaction.atomic():
        add("open")
        assert in_thread(lambda: list(Item.objects.values_list("ref", flat=True))) == ["committed"]


def test_returned_rows_are_read_before_the_lock_is_let_go() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_periodic (name, due_at, last_error_code) VALUES ('a', %s, ''), ('b', %s, '')"
            " RETURNING name",
            [NOW, NOW],
        )
        # Another connection would find the file locked by a statement that has not ended.
        with sqlite3.connect(connection.settings_dict["NAME"], timeout=0) as other:
            other.execute("INSERT INTO outbox_periodic (name, due_at, last_error_code) VALUES ('c', '', '')")
        other.close()
        assert cursor.fetchone() == ("a",)
        assert cursor.fetchall() == [("b",)]
        assert cursor.fetchone() is None


def test_whoever_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", 0.05)
    with transaction.atomic():
        add("first")
        with pytest.raises(OperationalError, match="Another writer has held the database default"):
            in_thread(lambda: add("second"))


def test_a_transaction_that_fails_lets_the_next_one_in() -> None:
    twice = [Periodic(name="once", due_at=NOW), Periodic(name="once", due_at=NOW)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Periodic.objects.bulk_create(twice)
    in_thread(lambda: add("kept"))
    assert list(Item.objects.values_list("ref", flat=True)) == ["kept"]


def test_a_commit_that_fails_lets_the_next_one_in() -> None:
    """A deferred foreign key is found broken by COMMIT itself."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO recipients_premises (id, third_party_id, name) VALUES (%s, %s, 'x')",
            [new_id().hex, new_id().hex],
        )
    in_thread(lambda: add("kept"))
    assert Item.objects.count() == 1


def test_a_connection_closed_within_a_transaction_frees_the_lock() -> None:
    with transaction.atomic():
        add("lost")
        connection.close()
    in_thread(lambda: add("kept"))
    assert list(Item.objects.values_list("ref", flat=True)) == ["kept"]


def test_transactions_by_hand_are_refused() -> None:
    with pytest.raises(TransactionManagementError, match="atomic"), connection.cursor() as cursor:
        cursor.execute("BEGIN")
    with pytest.raises(TransactionManagementError, match="atomic"):
        transaction.set_autocommit(False)


@pytest.mark.parametrize(
    ("alias", "pragma", "expected"),
    [
        ("default", "journal_mode", "wal"),
        ("default", "synchronous", 2),
        ("default", "foreign_keys", 1),
        ("default", "mmap_size", 0),
        ("keys", "secure_delete", 1),
        ("keys", "synchronous", 2),
    ],
)
def test_every_connection_is_set_up_for_durability(alias: str, pragma: str, expected: object) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone() == (expected,)


@pytest.mark.parametrize(
    ("statement", "takes_the_lock"),
    [
        ("SELECT 1", False),
        ("  \n-- why\n/* and how */ select 1", False),
        ("EXPLAIN QUERY PLAN DELETE FROM x", False),
        ("PRAGMA foreign_keys", False),
        ("PRAGMA wal_checkpoint(TRUNCATE)", True),
        ("PRAGMA journal_mode = WAL", True),
        ("INSERT INTO x VALUES (1)", True),
        ("WITH y AS (SELECT 1) DELETE FROM x", True),
        ("VACUUM", True),
        ("", True),
    ],
)
def test_only_what_surely_reads_goes_without_the_lock(statement: str, takes_the_lock: bool) -> None:
    assert _writes(statement) is takes_the_lock
