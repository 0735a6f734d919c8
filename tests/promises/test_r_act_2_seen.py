"""R-ACT-2, summed up: who has seen what says the same as the entries do, and of now what the gate would answer now."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import disclose_export, read_for_holder
from kliento.domain.sharing.actions import end_grant, pause_sharing
from kliento.interfaces.person.seen import seen_of
from tests.taps import aino, cardholder, share, tap
from tests.world import NOON, asked, kahvila_kaisa, operator, relation_of, stores

pytestmark = pytest.mark.both_engines


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa()


@pytest.fixture
def me(kaisa):
    person = aino()
    share(person, kaisa, "first_name", "phone")
    return person


def said(person) -> dict[str, set[tuple[str, int]]]:
    """Of each detail who has seen it, and how often."""
    details = seen_of(person, at=NOON).details
    return {one.code: {(each.name, each.times) for each in one.onlookers if each.times} for one in details}


def test_every_way_by_which_a_value_left_is_counted(me, kaisa):
    asked(kaisa, me, "first_name")
    tap(me, kaisa)
    disclose_export([relation_of(me, kaisa)], to=operator(kaisa), purpose="serving", fields=["phone"], at=NOON)
    stores(me, feedback="Hyvää kahvia.")
    read_for_holder([me.person_id], purpose="insight", fields=["feedback"], at=NOON)
    shown = next(entry for entry in entries_of([me.person_id]) if entry.kind == "visit").fields
    assert said(me)["first_name"] == {("Kahvila Kaisa", 1 + ("first_name" in shown))}
    assert said(me)["phone"] == {("Kahvila Kaisa", 1 + ("phone" in shown))}
    assert said(me)["feedback"] == {("Kliento Oy", 1)}


def test_what_was_refused_or_only_chosen_was_not_seen(me, kaisa):
    end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
    asked(kaisa, me, "phone")
    assert said(me)["phone"] == set()


def test_what_left_of_somebody_else_is_not_ones_own(me, kaisa):
    other = cardholder("eino@example.fi", "Eino")
    share(other, kaisa, "first_name")
    asked(kaisa, other, "first_name")
    assert said(me)["first_name"] == set()


@pytest.mark.parametrize("obstacle", ["none", "paused", "ended"])
def test_who_may_see_it_now_is_who_would_get_it(me, kaisa, obstacle):
    if obstacle == "paused":
        pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    if obstacle == "ended":
        end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
    [detail] = [one for one in seen_of(me, at=NOON).details if one.code == "phone"]
    may = {one.name for one in detail.onlookers if one.may_see}
    assert may == ({"Kahvila Kaisa"} if asked(kaisa, me, "phone") else set())
