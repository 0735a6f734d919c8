"""R-ACT-5: whose a choice is, that somebody's Activity tells of it, and how it stands: none of it is forged unseen."""

import pytest
from django.db import connection, transaction

from kliento.domain.activity.actions import cover_subject
from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries.proving import newest_checkpoint
from kliento.domain.consents.actions import (
    erase_person,
    forget_asking,
    give_consent,
    note_refusal,
    note_withdrawal,
    object_to,
    rebuild_states,
)
from kliento.domain.consents.models import Event, State
from kliento.domain.consents.queries import audience
from kliento.domain.consents.rules import Choice
from kliento.domain.policy.queries import register
from kliento.kernel.ids import new_id
from tests.declaring import MARKETING, in_use, running_by
from tests.domain.activity.another_verifier_of_rows import wrong_rows
from tests.domain.policy.declarations import default_text
from tests.promises.test_r_act_5_choices import EMAIL
from tests.sealed import seal
from tests.tampering import AT, as_owner, demand_rows_named, found, key_of
from tests.world import NOON, aino, eino

SMS = Choice("direct_marketing", "sms")


@pytest.fixture
def people(db, settings, tmp_path):
    """Eino gave his consent, Aino refused hers; all of it is sealed."""
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    giver, refuser = eino(), aino()
    give_consent(giver.person_id, EMAIL, by=giver, at=NOON)
    note_refusal(refuser.person_id, EMAIL, by=refuser, at=NOON)
    seal(at=AT)
    assert found() == wrong_rows() == []
    return giver, refuser


def codes() -> set[str]:
    return {finding.rpartition("(")[2].rstrip(")") for finding in found()}


def test_a_consent_moved_to_somebody_else_is_named(people):
    _giver, refuser = people
    with transaction.atomic():
        key = key_of(refuser.person_id)
        as_owner("UPDATE consents_event SET subject_id = %s WHERE kind = 'given'", (key,))
    rebuild_states()
    assert {"row_moved", "row_unentered"} <= codes()
    demand_rows_named(newest_checkpoint(), f"event {Event.objects.get(kind='given').id}", says="somebody else's")


def test_a_consent_that_became_nobodys_is_named(people):
    with transaction.atomic():
        as_owner("UPDATE consents_event SET subject_id = NULL WHERE kind = %s", ("refused",))
    rebuild_states()
    assert codes() == {"row_moved"}
    demand_rows_named(newest_checkpoint(), f"event {Event.objects.get(kind='refused').id}", says="nobody's")


@pytest.mark.parametrize("choice", [EMAIL, SMS])
def test_a_consent_that_nobody_s_activity_tells_of_is_named(people, choice):
    _giver, refuser = people
    Event.objects.create(
        id=new_id(),
        subject_id=refuser.person_id,
        purpose=choice.purpose,
        channel=choice.channel,
        kind="given",
        notice_version=register().version,
        at=NOON.replace(year=2025) if choice is SMS else AT,
    )
    seal(at=AT)
    put = Event.objects.get(kind="given", subject_id=refuser.person_id)
    demand_rows_named(newest_checkpoint(), f"event {put.id}", says=f"subject {refuser.person_id}: no entry")


@pytest.mark.parametrize("changed", ["kind = 'given'", "notice_number = 99", "at = '2020-01-01'", "channel = 'sms'"])
def test_how_a_consent_stands_is_what_the_events_add_up_to(people, changed):
    _giver, refuser = people
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE consents_state SET {changed} WHERE kind = 'refused'")
    demand_rows_named(newest_checkpoint(), f"subject {refuser.person_id}", says="(state_wrong)")
    if changed == "kind = 'given'":
        assert refuser.person_id in audience("direct_marketing", "email", limit=9)


def test_a_state_without_events_and_events_without_a_state_are_named(people):
    _giver, refuser = people
    State.objects.filter(subject_id=refuser.person_id).update(subject_id=new_id())
    assert len([finding for finding in found() if "(state_wrong)" in finding]) == 2
    demand_rows_named(newest_checkpoint(), f"subject {refuser.person_id}", says="(state_wrong)")


def test_whatever_is_chosen_and_erased_is_no_finding(people):
    giver, refuser = people
    give_consent(refuser.person_id, EMAIL, by=refuser, at=AT)
    note_withdrawal(refuser.person_id, EMAIL, by=refuser, at=NOON)  # the clock was set back
    object_to(refuser.person_id, "improvement", by=refuser, at=NOON)
    assert found() == wrong_rows() == []
    forget_asking(at=NOON.replace(year=2040))
    assert Event.objects.filter(kind="refused", subject_id=None).exists()
    assert found() == wrong_rows() == []
    with transaction.atomic():
        cover_subject(giver.person_id, at=AT)
    erase_person(giver.person_id, at=AT)
    assert found() == wrong_rows() == []


def test_what_was_chosen_before_entries_carried_hashes_is_no_finding(people):
    """Each such entry stands for one event of its moment, and for no second one."""
    with transaction.atomic():
        as_owner("UPDATE activity_entry SET payload = %s WHERE kind LIKE %s", ("{}", "consent%"))
    assert codes() == {"content_changed"}  # which is how a test comes by old entries
    event = Event.objects.get(kind="given")
    event.pk, event.channel = new_id(), "sms"
    event.save(force_insert=True)
    assert codes() == {"content_changed", "row_unentered"}
    assert Entry.objects.filter(kind="consent_given").count() == 1
