"""R-ACT-5: what a person chose is sealed with the entry about it: the event itself cannot be changed unseen either."""

from typing import Any

import pytest
from django.db import connection, models, transaction

from kliento.domain.activity.queries.proving import newest_checkpoint
from kliento.domain.consents.actions import (
    end_consent,
    end_objection,
    give_consent,
    note_outdated,
    note_refusal,
    note_shown,
    note_withdrawal,
    object_to,
)
from kliento.domain.consents.models import Event
from kliento.domain.consents.rules import Choice
from tests.declaring import MARKETING, in_use, reworded, running_by
from tests.domain.activity.another_verifier_of_rows import wrong_rows
from tests.domain.policy.declarations import default_text
from tests.sealed import seal
from tests.tampering import AT, demand_rows_named, found
from tests.taps import later
from tests.world import NOON, aino

EMAIL, SMS = Choice("direct_marketing", "email"), Choice("direct_marketing", "sms")
IN_SERVICE, SUMMARY = Choice("direct_marketing", "in_service"), Choice("monthly_summary", "email")
COLUMNS = [field for field in Event._meta.local_concrete_fields if field.name not in {"id", "subject_id"}]


@pytest.fixture
def events(db, settings, tmp_path) -> list[Event]:
    """Somebody chose in every way there is, and all of it was sealed."""
    text = in_use(default_text(), *MARKETING)
    running_by(text, settings, tmp_path, at=NOON)
    me = aino()
    said = {"by": me, "at": NOON}
    note_shown(me.person_id, [EMAIL], language="fi", **said)
    give_consent(me.person_id, EMAIL, **said)
    note_withdrawal(me.person_id, EMAIL, by=me, at=later(minutes=1))
    note_refusal(me.person_id, SMS, **said)
    object_to(me.person_id, "improvement", **said)
    end_objection(me.person_id, "improvement", by=me, at=later(minutes=1))
    give_consent(me.person_id, IN_SERVICE, **said)
    with transaction.atomic():
        end_consent(me.person_id, IN_SERVICE, at=later(minutes=1))
    give_consent(me.person_id, SUMMARY, **said)
    running_by(reworded(text, "monthly_summary"), settings, tmp_path, at=later(minutes=1))
    with transaction.atomic():
        note_outdated(at=later(minutes=2))
    seal(at=AT)
    assert found() == wrong_rows() == []
    sealed = list(Event.objects.exclude(kind="shown"))
    assert {event.kind for event in sealed} == set(Event.Kind) - {"shown"}
    return sealed


@pytest.fixture
def witnessed(events) -> str:
    """What a witness kept."""
    return newest_checkpoint()


def as_owner(statement: str, parameters: tuple[object, ...]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {Event._meta.db_table} DISABLE TRIGGER ALL")
        else:
            named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
            cursor.execute(named, (Event._meta.db_table,))
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement, parameters)


def other(field: models.Field, value: Any) -> object:
    if isinstance(field, models.DateTimeField):
        return value.replace(year=2025)
    if isinstance(field, models.UUIDField):
        return "0" * 32
    return Event.Kind.REFUSED if field.name == "kind" else "xx"


@pytest.mark.parametrize("field", COLUMNS, ids=lambda field: field.name)
def test_no_column_of_a_choice_of_any_kind_can_be_changed_unseen(events, witnessed, field):
    put = other(field, events[0].at)
    with transaction.atomic():
        value = field.get_db_prep_save(put, connection)
        as_owner(f'UPDATE {Event._meta.db_table} SET "{field.column}" = %s WHERE kind <> %s', (value, "shown"))
    changed = [event for event in events if getattr(event, field.attname) != put]
    assert len(changed) >= len(events) - 1
    for event in changed:
        demand_rows_named(witnessed, f"event {event.id}: the event it is about is not what was sealed with it")


def test_no_choice_of_any_kind_can_be_removed_unseen(events, witnessed):
    with transaction.atomic():
        as_owner(f"DELETE FROM {Event._meta.db_table} WHERE kind <> %s", ("shown",))
    for event in events:
        demand_rows_named(witnessed, f"event {event.id}: the event it is about is not there")
