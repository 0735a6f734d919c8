"""Choices: given by the person alone, the last word counts, and no row is ever changed."""

import pytest
from django.db import DatabaseError, transaction

from kliento.domain.activity.actions import cover_subject
from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import (
    SPECIAL_STORAGE,
    end_objection,
    erase_person,
    give_consent,
    note_refusal,
    note_withdrawal,
    object_to,
)
from kliento.domain.consents.models import Event
from kliento.domain.consents.queries import describe_person, objections_of, standing
from kliento.domain.consents.rules import Choice
from kliento.domain.policy.queries import register
from kliento.kernel.actor import SystemActor, TerminalActor, Visitor
from kliento.kernel.errors import Invalid, NotAllowed
from kliento.kernel.ids import new_id
from tests.world import NOON, aino, eino

CHOICE = Choice(SPECIAL_STORAGE, field="allergies")


def kinds(of) -> list[str]:
    return [entry.kind for entry in entries_of([of.person_id]) if entry.kind.startswith(("consent", "objection"))]


def test_the_last_word_counts(db):
    me = aino()
    note_refusal(me.person_id, CHOICE, by=me, at=NOON)
    assert standing(me.person_id) == frozenset()
    give_consent(me.person_id, CHOICE, by=me, at=NOON)
    assert standing(me.person_id) == {CHOICE}
    note_withdrawal(me.person_id, CHOICE, by=me, at=NOON)
    assert standing(me.person_id) == frozenset()
    assert kinds(me) == ["consent_withdrawn", "consent_given", "consent_refused"]


def test_the_same_word_twice_is_one(db):
    me = aino()
    for act in (give_consent, give_consent, note_withdrawal, note_withdrawal):
        act(me.person_id, CHOICE, by=me, at=NOON)
    assert Event.objects.count() == 2


def test_a_choice_names_the_version_of_the_declaration_it_was_made_under(db):
    me = aino()
    give_consent(me.person_id, CHOICE, by=me, at=NOON)
    assert describe_person(me.person_id)["consents"][0]["notice_version"] == register().version


@pytest.mark.parametrize("act", [give_consent, note_refusal, note_withdrawal])
def test_nobody_else_chooses(db, act):
    me = aino()
    for by in (eino(), Visitor(), SystemActor("tests"), TerminalActor(new_id(), new_id(), new_id())):
        with pytest.raises(NotAllowed):
            act(me.person_id, CHOICE, by=by, at=NOON)


@pytest.mark.parametrize(
    "choice",
    [
        Choice("curiosity"),
        Choice("direct_marketing", channel="email"),
        Choice("service"),
        Choice(SPECIAL_STORAGE, field="phone"),
        Choice(SPECIAL_STORAGE, channel="email", field="allergies"),
    ],
    ids=["undeclared", "planned", "not consent", "other field", "other channel"],
)
def test_only_what_is_declared_and_in_use_can_be_agreed_to(db, choice):
    me = aino()
    with pytest.raises(Invalid):
        give_consent(me.person_id, choice, by=me, at=NOON)
    assert not Event.objects.exists()


def test_an_objection_stands_until_it_is_ended(db):
    me = aino()
    object_to(me.person_id, "insight", by=me, at=NOON)
    assert objections_of([me.person_id]) == {me.person_id: {"insight"}}
    end_objection(me.person_id, "insight", by=me, at=NOON)
    assert objections_of([me.person_id]) == {me.person_id: frozenset()}
    with pytest.raises(Invalid):
        object_to(me.person_id, "service", by=me, at=NOON)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: Event.objects.update(kind=Event.Kind.GIVEN),
        lambda: Event.objects.update(subject_id=None),
        lambda: Event.objects.all().delete(),
    ],
    ids=["rewritten", "subject taken", "deleted"],
)
def test_a_choice_cannot_be_rewritten_or_deleted(db, tamper):
    me = aino()
    note_refusal(me.person_id, CHOICE, by=me, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        tamper()
    assert Event.objects.get().kind == Event.Kind.REFUSED


def test_erasure_takes_the_subject_and_nothing_else(db):
    me = aino()
    give_consent(me.person_id, CHOICE, by=me, at=NOON)
    with transaction.atomic():
        cover_subject(me.person_id, at=NOON)
        erase_person(me.person_id, at=NOON)
    event = Event.objects.get()
    assert (event.subject_id, event.kind, event.field) == (None, "given", "allergies")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(kind=Event.Kind.WITHDRAWN)
