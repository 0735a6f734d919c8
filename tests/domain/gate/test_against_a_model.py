"""Whatever a person does in whatever order, a third party gets exactly what a small model says."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose, own_values
from kliento.domain.people.models import Person
from kliento.domain.profile.actions import hide_value, remove_value, set_value, show_value
from kliento.domain.sharing.actions import end_grant, grant_field
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound
from tests.world import NOON, kahvila_kaisa, person

FIELDS = ("first_name", "nickname", "city")
ACTS = ("store", "hide", "show", "remove", "share", "stop")
_guests = count()


@dataclass
class Model:
    """What ought to be so, written down without looking at how it is done."""

    stored: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    restricted: bool = False

    def do(self, act: str, name: str) -> None:
        if act == "store":
            self.stored.add(name)
        elif act == "remove":
            self.stored.discard(name)
            self.hidden.discard(name)
        elif act == "hide" and name in self.stored:
            self.hidden.add(name)
        elif act == "show":
            self.hidden.discard(name)
        elif act == "share":
            self.shared.add(name)
        elif act == "stop":
            self.shared.discard(name)

    def seen(self) -> set[str]:
        return set() if self.restricted else (self.stored & self.shared) - self.hidden


@pytest.fixture
def kaisa(db):
    """One café for all examples; each of them brings a person of its own."""
    return kahvila_kaisa()


def do(act: str, name: str, me: PersonActor, kaisa) -> None:
    keeping: dict[str, Callable] = {"hide": hide_value, "show": show_value, "remove": remove_value}
    sharing: dict[str, Callable] = {"share": grant_field, "stop": end_grant}
    if act == "store":
        set_value(me.person_id, name, "Text", by=me, at=NOON)
    elif act in keeping:
        with suppress(NotFound):
            keeping[act](me.person_id, name, by=me, at=NOON)
    else:
        sharing[act](me.person_id, kaisa.third_party_id, name, by=me, at=NOON)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(FIELDS)), max_size=14), restricted=st.booleans())
def test_a_third_party_gets_what_the_model_says(kaisa, acts, restricted):
    me = person(f"guest{next(_guests)}@example.fi")
    model = Model(restricted=restricted)
    for act, name in acts:
        do(act, name, me, kaisa)
        model.do(act, name)
    Person.objects.filter(id=me.person_id).update(state=Person.State.RESTRICTED if restricted else Person.State.ACTIVE)
    try:
        to = ThirdPartyRecipient(kaisa.third_party_id)
        seen = set(disclose(me.person_id, to=to, purpose="serving", fields=FIELDS, at=NOON).values)
    except Refused:
        seen = set()
    assert seen == model.seen()
    assert set(entries_of([me.person_id])[0].fields) == seen
    assert set(own_values(me, fields=FIELDS)) == model.stored
