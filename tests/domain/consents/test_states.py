"""How choices stand says what the events say, whatever the order, and can be made anew from them."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kliento.domain.consents.actions import (
    end_objection,
    give_consent,
    note_refusal,
    note_shown,
    note_withdrawal,
    object_to,
    rebuild_states,
)
from kliento.domain.consents.models import Event, State
from kliento.domain.consents.queries import objections_of, standing
from kliento.domain.consents.rules import Choice
from tests.declaring import MARKETING, in_use, running_by
from tests.domain.policy.declarations import default_text
from tests.world import NOON, person

CHOICES = [Choice(code, channel) for code in ("direct_marketing", "opinion_surveys") for channel in ("email", "sms")]
ACTS = st.tuples(
    st.sampled_from([give_consent, note_refusal, note_withdrawal]),
    st.sampled_from(CHOICES),
    st.integers(-3, 3),
)
OBJECTIONS = st.tuples(st.sampled_from([object_to, end_objection]), st.just("insight"), st.integers(-3, 3))


@pytest.fixture
def marketing_in_use(db, settings, tmp_path):
    return running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)


def rows() -> list[tuple]:
    columns = [field.name for field in State._meta.fields if field.name != "id"]
    return sorted(State.objects.values_list(*columns), key=str)


def test_states_agree_with_a_fold_over_the_events_and_are_the_same_when_made_anew(db, marketing_in_use, thoroughness):
    guests = iter(range(1000))

    @settings(
        max_examples=15 * thoroughness, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(st.one_of(ACTS, OBJECTIONS), max_size=12))
    def whatever_is_said(acts) -> None:
        me = person(f"guest{next(guests)}@example.fi")
        note_shown(me.person_id, CHOICES[:2], language="en", by=me, at=NOON)
        agreed, objects = set(), False
        for act, about, hours in acts:  # clocks go forwards and back
            act(me.person_id, about, by=me, at=NOON + timedelta(hours=hours))
            if act is give_consent:
                agreed.add(about)
            elif act in (note_refusal, note_withdrawal):
                agreed.discard(about)
            else:
                objects = act is object_to
        assert standing(me.person_id) == agreed
        assert objections_of([me.person_id])[me.person_id] == ({"insight"} if objects else frozenset())
        before = rows()
        assert rebuild_states() == len(before)
        assert rows() == before

    whatever_is_said()
    people = Event.objects.values("subject_id").distinct().count()
    assert Event.objects.filter(kind="shown").count() == 2 * people
