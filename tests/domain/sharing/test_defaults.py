"""The default set: shared at a first visit, never later, never what needs a consent of its own."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.actions import erase_person, grants_at_first_visit, open_relationships, set_default_set
from kliento.domain.sharing.models import DefaultField, Grant
from kliento.domain.sharing.queries import default_set
from kliento.domain.sharing.rules import Pair
from kliento.kernel.errors import Invalid, NotAllowed
from tests.world import NOON, aino, asked, eino, kahvila_kaisa, minna, relation_of, stores


def first_visit(place, *people):
    """What `visits` does when people come for the first time."""
    pairs = [Pair(one.person_id, place.third_party_id) for one in people]
    with transaction.atomic():
        opened = open_relationships(pairs, at=NOON)
        entries = grants_at_first_visit(pairs, at=NOON)
        record(entries)
    return opened, entries


def test_it_is_empty_unless_chosen(db):
    me = aino()
    assert default_set(me.person_id) == frozenset()
    assert first_visit(kahvila_kaisa(), me)[1] == []


def test_what_was_chosen_is_shared_at_a_first_visit_and_stands_in_activity(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    set_default_set(me.person_id, ["nickname", "first_name"], by=me, at=NOON)
    opened, [entry] = first_visit(kaisa, me)
    pair = Pair(me.person_id, kaisa.third_party_id)
    assert opened[pair].sharing(entry.fields, at=NOON) == relation_of(me, kaisa)
    assert asked(kaisa, me, "first_name") == {"first_name": "Aino"}
    kinds = {one.kind: one for one in entries_of([me.person_id])}
    assert kinds["sharing_started"].fields == kinds["default_set_changed"].fields == ("first_name", "nickname")
    assert "first visit" in str(reading_of(kinds["sharing_started"]).line)


def test_a_new_choice_replaces_the_old_and_touches_nothing_that_is_shared(db):
    me, kaisa = aino(), kahvila_kaisa()
    set_default_set(me.person_id, ["first_name"], by=me, at=NOON)
    first_visit(kaisa, me)
    for _again in range(2):
        set_default_set(me.person_id, ["over_18"], by=me, at=NOON)
    assert default_set(me.person_id) == {"over_18"}
    assert relation_of(me, kaisa).granted("serving", at=NOON) == {"first_name"}
    assert [entry.kind for entry in entries_of([me.person_id])].count("default_set_changed") == 2


@pytest.mark.parametrize("field", ["allergies", "login_email", "member_number", "shoe_colour"])
def test_what_needs_a_choice_of_its_own_is_never_in_it(db, field):
    me = aino()
    with pytest.raises(Invalid):
        set_default_set(me.person_id, ["first_name", field], by=me, at=NOON)
    assert default_set(me.person_id) == frozenset()


def test_only_the_person_chooses(db):
    me, other = aino(), eino()
    with pytest.raises(NotAllowed):
        set_default_set(me.person_id, ["first_name"], by=other, at=NOON)


def test_any_number_of_first_visits_is_two_statements_and_one_where_nobody_chose(db):
    me, other, third, kaisa = aino(), eino(), minna(), kahvila_kaisa()
    pairs = [Pair(one.person_id, kaisa.third_party_id) for one in (me, other, third)]
    open_relationships(pairs, at=NOON)
    with CaptureQueriesContext(connection) as captured:
        assert grants_at_first_visit(pairs, at=NOON) == []
    assert len(captured) == 1
    for one in (me, other):
        set_default_set(one.person_id, ["first_name", "nickname"], by=one, at=NOON)
    with CaptureQueriesContext(connection) as captured:
        entries = grants_at_first_visit(pairs, at=NOON)
    assert len(captured) == 2
    assert {entry.subject_id for entry in entries} == {me.person_id, other.person_id}
    assert Grant.objects.count() == 4


@pytest.mark.parametrize("change", [{"state": "suspended"}, {"purposes": ["identification"]}])
def test_a_third_party_that_may_not_serve_is_given_nothing(db, change):
    me, kaisa = aino(), kahvila_kaisa()
    set_default_set(me.person_id, ["first_name"], by=me, at=NOON)
    ThirdParty.objects.update(**change)
    assert first_visit(kaisa, me)[1] == []
    assert not Grant.objects.exists()


def test_it_goes_with_the_person(db):
    me = aino()
    set_default_set(me.person_id, ["first_name"], by=me, at=NOON)
    erase_person(me.person_id, at=NOON)
    assert not DefaultField.objects.exists()
