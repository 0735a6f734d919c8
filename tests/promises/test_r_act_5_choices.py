"""R-ACT-5: what a person chose is sealed with the entry about it: the event itself cannot be changed unseen either."""

from typing import Any

import pytest
from django.db import connection, models, transaction

from kliento.domain.consents.actions import give_consent, note_shown
from kliento.domain.consents.models import Event
from kliento.domain.consents.rules import Choice
from tests.declaring import MARKETING, in_use, running_by
from tests.domain.policy.declarations import default_text
from tests.sealed import seal
from tests.tampering import AT, found
from tests.world import NOON, aino

EMAIL = Choice("direct_marketing", "email")
COLUMNS = [field for field in Event._meta.local_concrete_fields if field.name not in {"id", "subject_id"}]


@pytest.fixture
def event(db, settings, tmp_path) -> Event:
    """Somebody gave consent, and it was sealed."""
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    person = aino()
    note_shown(person.person_id, [EMAIL], language="fi", by=person, at=NOON)
    give_consent(person.person_id, EMAIL, by=person, at=NOON)
    seal(at=AT)
    assert found() == []
    return Event.objects.get(kind="given")


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
def test_no_column_of_a_choice_can_be_changed_unseen(event, field):
    value = field.get_db_prep_save(other(field, getattr(event, field.attname)), connection)
    key = Event._meta.pk.get_db_prep_save(event.id, connection)
    with transaction.atomic():
        as_owner(f'UPDATE {Event._meta.db_table} SET "{field.column}" = %s WHERE id = %s', (value, key))
    findings = found()
    assert any(f"event {event.id}: the event it is about is not what was sealed with it" in each for each in findings)


def test_no_choice_can_be_removed_unseen(event):
    key = Event._meta.pk.get_db_prep_save(event.id, connection)
    with transaction.atomic():
        as_owner(f"DELETE FROM {Event._meta.db_table} WHERE id = %s", (key,))
    assert any(f"event {event.id}: the event it is about is not there" in finding for finding in found())
