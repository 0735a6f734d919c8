"""Closing an account: what is gone at once, what stays in the erased shape, and that a crash anywhere ends the same."""

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.test import Client

from kliento.domain.accounts.models import Account
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.activity.actions import cover_subject
from kliento.domain.activity.models import Counter, Cover, Entry
from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.cards.models import Card
from kliento.domain.cards.queries import card_number
from kliento.domain.cards.rules import slot_at
from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.models import Event
from kliento.domain.consents.rules import Choice
from kliento.domain.dispatch.models import Letter
from kliento.domain.entrance.actions import change_password
from kliento.domain.outbox.actions import run_due, work_off
from kliento.domain.people.actions import begin_erasure
from kliento.domain.people.models import Person
from kliento.domain.questions.actions import ask_member, refuse_question
from kliento.domain.questions.models import Asking, Question
from kliento.domain.rights.actions import close_account, download, finish_closings
from kliento.domain.sharing.models import Grant, Relationship
from kliento.domain.vault.actions import remove_value
from kliento.domain.vault.models import DataKey, Erasure, Owner, Value
from kliento.domain.vault.queries import erasure_hash
from kliento.domain.visits.actions import NewScan
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound
from kliento.kernel.ids import id_at
from tests import world
from tests.door import signs_in
from tests.elsewhere import elsewhere
from tests.taps import hand_in
from tests.world import NOON

ADDRESS = "aino@example.fi"


def settled(address: str, cafe: world.Place) -> PersonActor:
    """A person with values, a consent, a card, a grant, a visit and an address."""
    person = world.stores(world.person(address), first_name="Aino", phone="+358401234567")
    give_consent(person.person_id, Choice("special_storage", field="allergies"), by=person, at=NOON)
    issue_card(person.person_id, at=NOON)
    world.shares(person, cafe, "first_name")
    [code] = codes_for(person, from_slot=slot_at(NOON))
    [result] = hand_in([NewScan(id_at(NOON), code, NOON)], by=cafe.terminal, at=NOON)
    assert result.outcome == "identified"
    is_asked(person, cafe)
    return person


def is_asked(person: PersonActor, cafe: world.Place) -> None:
    """The café asks for the phone and is answered no."""
    question = Question.objects.create(
        third_party_id=cafe.third_party_id, purpose="serving", reason="To call.", needed=["phone"], made_at=NOON
    )
    ask_member(question.id, world.relation_of(person, cafe).member_number, cafe.terminal, at=NOON)
    refuse_question(question.id, person, at=NOON)


@pytest.fixture
def cafe(db) -> world.Place:
    return world.kahvila_kaisa()


@pytest.fixture
def aino(cafe: world.Place) -> PersonActor:
    return settled(ADDRESS, cafe)


def close(person: PersonActor) -> None:
    close_account(person, language="fi", at=NOON)


def traces_of(person: PersonActor) -> dict[str, int]:
    """How many rows still point at the person."""
    mine, owned = {"subject_id": person.person_id}, {"owner_id__in": [person.person_id, person.account_id]}
    return {
        "values": Value.objects.filter(**owned).count(),
        "owners": Owner.objects.filter(**owned).count(),
        "keys": DataKey.objects.filter(**owned).count(),
        "letters": Letter.objects.filter(**owned).count(),
        "account": Account.objects.filter(id=person.account_id).count(),
        "cards": Card.objects.filter(person_id=person.person_id).count(),
        "relationships": Relationship.objects.filter(**mine).count(),
        "askings": Asking.objects.filter(relationship__subject_id=person.person_id).count(),
        "grants": Grant.objects.filter(relationship__subject_id=person.person_id).count(),
        "consents": Event.objects.filter(**mine).count(),
        "visits": Visit.objects.filter(**mine).count(),
        "entries": Entry.objects.filter(**mine).count(),
        "counter": Counter.objects.filter(**mine).count(),
        "being erased": Person.objects.filter(id=person.person_id).exclude(state="erased").count(),
    }


def test_nothing_points_at_the_person_any_more_and_the_facts_stand_without_them(aino):
    assert {trace for trace, rows in traces_of(aino).items() if not rows} == {"letters"}
    entries, visits, events = Entry.objects.count(), Visit.objects.count(), Event.objects.count()
    close(aino)
    assert not any(traces_of(aino).values())
    assert Entry.objects.filter(subject_id=None, salt=None, payload__isnull=True).count() == entries + 1
    assert (Visit.objects.count(), Event.objects.count()) == (visits, events)
    assert Cover.objects.filter(subject_id=aino.person_id).count() == 1
    listed = {bytes(row.subject_hash) for row in Erasure.objects.all()}
    assert listed == {erasure_hash(aino.person_id), erasure_hash(aino.account_id)}


def test_somebody_elses_data_is_untouched(aino, cafe):
    eino = settled("eino@example.fi", cafe)
    before = traces_of(eino)
    close(aino)
    assert traces_of(eino) == before
    assert download(eino, at=NOON)["values"]


def test_the_card_is_unknown_at_the_till_as_a_guess_would_be(aino, cafe):
    number = card_number(aino)
    [code] = codes_for(aino, from_slot=slot_at(NOON) + 1)
    close(aino)
    later = NOON + timedelta(minutes=1)
    scans = [NewScan(id_at(later + timedelta(seconds=n)), shown, later) for n, shown in enumerate((number, code))]
    assert {result.outcome for result in hand_in(scans, by=cafe.terminal, at=later)} == {"unknown"}


def test_a_closed_account_can_neither_be_read_nor_closed_again(aino):
    close(aino)
    with pytest.raises(NotFound):
        download(aino, at=NOON)
    with pytest.raises(NotFound):
        close(aino)


def test_the_last_letter_arrives_after_everything_is_gone_and_its_key_goes_with_it(aino, mailoutbox):
    close(aino)
    assert not any(traces_of(aino).values())
    assert DataKey.objects.count() == 1
    work_off(at=NOON)
    [mail] = mailoutbox
    assert mail.to == [ADDRESS]
    assert not Letter.objects.exists()
    assert not Value.objects.exists()
    assert not DataKey.objects.exists()


def test_a_person_without_an_address_can_leave(db):
    person = world.aino()
    with transaction.atomic():
        remove_value(person.account_id, "login_email")
    close(person)
    assert Person.objects.get(id=person.person_id).state == "erased"
    assert not Letter.objects.exists()


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
    assert "stuck" not in logged.replace("test_closing.py", "")
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
