"""R-ACT-5: what a person chose is sealed with the entry about it: the event itself cannot be changed unseen either."""

import json
from typing import Any

import pytest
from django.db import connection, models, transaction

from kliento.domain.activity.models import Entry
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
from kliento.kernel.ids import new_id
from tests.declaring import MARKETING, in_use, reworded, running_by
from tests.domain.activity.another_verifier_of_rows import EVENT, EVENT_IDS, hashed
from tests.domain.policy.declarations import default_text
from tests.sealed import seal
from tests.tampering import AT, as_owner, demand_rows_named, found, key_of, otherwise_found, rewritten
from tests.taps import later
from tests.world import NOON, aino

EMAIL, SMS = Choice("direct_marketing", "email"), Choice("direct_marketing", "sms")
IN_SERVICE, SUMMARY = Choice("direct_marketing", "in_service"), Choice("monthly_summary", "email")
COLUMNS = [field for field in Event._meta.local_concrete_fields if field.name != "id"]


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
    sealed = list(Event.objects.exclude(kind="shown"))
    assert {event.kind for event in sealed} == set(Event.Kind) - {"shown"}
    return sealed


@pytest.fixture
def witnessed(events) -> str:
    """What a witness kept."""
    kept = newest_checkpoint()
    assert found(kept) == otherwise_found(kept) == []
    return kept


def other(field: models.Field, value: Any) -> object:
    if isinstance(field, models.DateTimeField):
        return value.replace(year=2025)
    if isinstance(field, models.UUIDField):
        return new_id()
    if field.name == "kind":
        return Event.Kind.GIVEN if value == Event.Kind.REFUSED else Event.Kind.REFUSED
    return "xx"


@pytest.mark.parametrize("field", COLUMNS, ids=lambda field: field.name)
def test_no_column_of_a_choice_of_any_kind_can_be_changed_unseen(events, witnessed, field):
    with transaction.atomic():
        for event in events:
            value = field.get_db_prep_save(other(field, getattr(event, field.attname)), connection)
            as_owner(
                f'UPDATE {Event._meta.db_table} SET "{field.column}" = %s WHERE id = %s', (value, key_of(event.id))
            )
    what = "somebody else's" if field.name == "subject_id" else "not what was sealed with it"
    demand_rows_named(witnessed, *(f"event {event.id}" for event in events), says=f"the event it is about is {what}")


def test_no_choice_of_any_kind_can_be_removed_unseen(events, witnessed):
    with transaction.atomic():
        as_owner(f"DELETE FROM {Event._meta.db_table} WHERE kind <> %s", ("shown",))
    demand_rows_named(witnessed, *(f"event {event.id}" for event in events), says="the event it is about is not there")


def test_a_note_of_what_was_shown_becomes_no_consent_unseen(events, witnessed):
    shown = Event.objects.get(kind="shown")
    with transaction.atomic():
        as_owner("UPDATE consents_event SET kind = 'given' WHERE id = %s", (key_of(shown.id),))
    demand_rows_named(witnessed, f"event {shown.id}", says="no entry of this subject is about it")


def test_a_choice_becomes_no_note_of_what_was_shown_unseen(events, witnessed):
    with transaction.atomic():
        as_owner("UPDATE consents_event SET kind = 'shown'", ())
    demand_rows_named(witnessed, *(f"event {event.id}" for event in events), says="not what was sealed with it")


def test_a_choice_sealed_anew_is_found_by_the_witness_alone(events, witnessed):
    for event in events:
        with transaction.atomic():
            as_owner("UPDATE consents_event SET wording = 'xx' WHERE id = %s", (key_of(event.id),))
        event.refresh_from_db()
        entry = Entry.objects.get(payload__event=str(event.id))
        told = entry.payload | {"row": hashed(event.__dict__, EVENT, EVENT_IDS, ("at",))}
        as_owner("UPDATE activity_entry SET payload = %s WHERE id = %s", (json.dumps(told), key_of(entry.id)))
    rewritten()
    assert found() == []
    assert any("(rewritten)" in each for each in found(witnessed))
    assert "witness: not what it saw" in otherwise_found(witnessed)
