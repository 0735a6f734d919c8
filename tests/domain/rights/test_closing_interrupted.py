"""Closing an account that a crash, a reader or a failing database interrupts ends the same."""

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connections, transaction
from django.test import Client

from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.activity.actions import cover_subject
from kliento.domain.entrance.actions import change_password
from kliento.domain.outbox.actions import run_due
from kliento.domain.people.actions import begin_erasure
from kliento.domain.people.models import Person
from kliento.domain.rights.actions import download, finish_closings
from kliento.domain.vault.models import DataKey
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound
from tests import world
from tests.closing import close, settled, traces_of
from tests.door import signs_in
from tests.elsewhere import elsewhere
from tests.world import NOON


def test_an_interrupted_closing_is_taken_up_by_the_clock(aino):
    assert interrupted(aino, before=lambda sql, _nth: sql.startswith('DELETE FROM "vault_data_key"'))
    assert Person.objects.get(id=aino.person_id).state == "erasing"
    assert "rights.finish_closings" in run_due(at=NOON)
    assert not any(traces_of(aino).values())


def test_a_reader_that_keeps_the_keys_log_open_delays_the_erasure_not_the_closing(aino, db):
    unread: list[object] = []

    def begin_to_read() -> None:
        unread.append(connections["keys"].cursor().execute("SELECT * FROM vault_data_key, django_migrations"))

    with elsewhere(begin_to_read) as reader:
        reader.answer()
        if db.engine == "sqlite":
            connections["keys"].cursor().execute("PRAGMA busy_timeout = 50")
        close(aino)
        assert Person.objects.get(id=aino.person_id).state == ("erasing" if db.engine == "sqlite" else "erased")
        assert not DataKey.objects.filter(owner_id=aino.person_id).exists()
        unread.clear()
    finish_closings(at=NOON)
    assert not any(traces_of(aino).values())


@contextmanager
def stuck(person: PersonActor) -> Iterator[None]:
    """The database refuses to let go of this person's values."""
    main = connections["default"]
    if main.vendor == "postgresql":
        make = [
            f"""CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF OLD.owner_id = '{person.person_id}' THEN RAISE 'stuck'; END IF; RETURN OLD; END $$""",
            "CREATE TRIGGER stuck BEFORE DELETE ON vault_value FOR EACH ROW EXECUTE FUNCTION stuck()",
        ]
        drop = "DROP TRIGGER stuck ON vault_value"
    else:
        make = [
            f"""CREATE TRIGGER stuck BEFORE DELETE ON vault_value WHEN OLD.owner_id = '{person.person_id.hex}'
            BEGIN SELECT RAISE(ABORT, 'stuck'); END"""
        ]
        drop = "DROP TRIGGER stuck"
    with transaction.atomic(), main.cursor() as cursor:
        for statement in make:
            cursor.execute(statement)
    yield
    with transaction.atomic(), main.cursor() as cursor:
        cursor.execute(drop)


def test_a_database_that_fails_after_the_first_boundary_delays_the_erasure_not_the_closing(aino, capfd):
    with stuck(aino):
        close(aino)
        assert Person.objects.get(id=aino.person_id).state == "erasing"
    logged = capfd.readouterr().err
    assert "closing interrupted" in logged
    assert str(aino.person_id) not in logged
    assert "stuck" not in logged
    assert finish_closings(at=NOON) == 1
    assert not any(traces_of(aino).values())


def test_one_closing_that_fails_keeps_nobody_else_waiting(aino, cafe):
    others = [settled(f"{name}@example.fi", cafe) for name in ("eino", "leena")]
    with transaction.atomic():  # as a crash right after the first boundary leaves them
        for person in (aino, *others):
            cover_subject(person.person_id, at=NOON)
            begin_erasure(person.person_id, at=NOON)
    with stuck(aino):
        assert "rights.finish_closings" not in run_due(at=NOON)
        assert {row.state for row in Person.objects.filter(id=aino.person_id)} == {"erasing"}
        assert not any(any(traces_of(person).values()) for person in others)
    finish_closings(at=NOON)
    assert not any(traces_of(aino).values())


@pytest.mark.long
def test_killed_at_any_statement_it_has_either_not_begun_or_ends_the_same(cafe):
    """Every statement of both databases in turn, each in a process that is killed right before it."""
    statement, began = 0, 0
    person = settled("person@example.fi", cafe)
    everything = traces_of(person)
    while interrupted(person, before=lambda _sql, nth, last=statement: nth == last):
        where = f"killed before statement {statement}"
        if Person.objects.get(id=person.person_id).state == "active":
            assert traces_of(person) == everything, where
            assert began == 0, where
        else:
            began += 1
            with pytest.raises(NotFound):
                download(person, at=NOON)
            assert finish_closings(at=NOON) == 1
            assert not any(traces_of(person).values()), where
            person = settled(f"person{statement}@example.fi", cafe)
        statement += 1
    assert statement > began > 10


def interrupted(person: PersonActor, *, before: Callable[[str, int], bool]) -> bool:
    """Close the account in a process that is killed before that statement; False if it came to its end."""
    connections.close_all()
    for connection in connections.all():
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    child = os.fork()
    if child == 0:
        die_before(before)
        try:
            close(person)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def die_before(dies: Callable[[str, int], bool]) -> None:
    """From now on this process is killed before the statement, of either database, that `dies` chooses."""
    nth = itertools.count()

    def look(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if dies(sql, next(nth)):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    for connection in connections.all():
        connection.execute_wrappers.append(look)


def test_closing_beside_a_change_of_password_waits_and_ends(db):
    """Both end sessions and enter it in Activity; in different orders PostgreSQL would have to kill one."""
    person = world.aino()
    for _ in range(2):
        signs_in(Client())
    about_to_enter = threading.Event()

    def held_up(execute, sql, params, many, context):
        if "activity_counter" in sql:
            about_to_enter.set()
            time.sleep(0.5)
        return execute(sql, params, many, context)

    def change():
        try:
            with connections["default"].execute_wrapper(held_up):
                change_password(person, Password("uusi ovi, uusi avain"), keep="none", language="fi", at=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        assert about_to_enter.wait(20)
        close(person)
        changing.result(20)
    assert not any(traces_of(person).values())
