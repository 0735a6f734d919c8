"""What a company asks of cards and of its own people: set by whoever runs its places, and written into its audit."""

import pytest

from kliento.domain.recipients import rules
from kliento.domain.recipients.actions import count_stays, demand_levels, set_pin, want_pins
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.queries import acts_of, demands_of, paired_till, premises_of, terminal_actor
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.portal import operator
from tests.world import NOON, kahvila_kaisa, kuntosali_kunto

pytestmark = pytest.mark.usefixtures("db")


def test_a_minimum_reaches_the_companys_tills_alone() -> None:
    kaisa, gym = kahvila_kaisa(), kuntosali_kunto()
    manager = operator(kaisa, "manager")
    demand_levels(identify="rotating", redeem="rotating", by=manager, at=NOON)
    demand_levels(identify="rotating", redeem="rotating", by=manager, at=NOON)
    found = [terminal_actor(place.secret) for place in (kaisa, gym)]
    assert [(one.least_to_identify, one.least_to_redeem) for one in found] == [
        ("rotating", "rotating"),
        ("uid", "static"),
    ]
    assert [(act.act, act.reference) for act in acts_of(kaisa.third_party_id, limit=9)] == [
        ("levels_demanded", "rotating rotating")
    ]


@pytest.mark.parametrize("level", ["cryptographic", "", "phone"])
def test_no_level_is_demanded_that_no_card_reaches(level: str) -> None:
    owner = operator(kahvila_kaisa())
    with pytest.raises(Invalid):
        demand_levels(identify=level, redeem="static", by=owner, at=NOON)


def test_what_can_be_demanded_is_what_can_be_kept() -> None:
    assert list(rules.LEVELS_DEMANDED) == ThirdParty.Least.values


@pytest.mark.parametrize("role", ["till", "analyst"])
def test_whoever_runs_no_places_demands_nothing(role: str) -> None:
    kaisa = kahvila_kaisa()
    who = operator(kaisa, role)
    for act in (
        lambda: demand_levels(identify="uid", redeem="uid", by=who, at=NOON),
        lambda: want_pins(wanted=True, by=who, at=NOON),
        lambda: count_stays(kaisa.premises_id, stays=True, by=who, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_nobody_shuts_themselves_out_of_the_tills() -> None:
    kaisa = kahvila_kaisa()
    owner = operator(kaisa)
    operator(kaisa, "till", address="tiina@example.fi")
    with pytest.raises(Conflict) as refusal:
        want_pins(wanted=True, by=owner, at=NOON)
    assert refusal.value.code == "own_pin_missing"
    set_pin("4071", by=owner, at=NOON)
    want_pins(wanted=True, by=owner, at=NOON)
    assert paired_till(kaisa.terminal.terminal_id).pin_wanted
    assert demands_of(kaisa.third_party_id).without_pin == 1
    want_pins(wanted=False, by=owner, at=NOON)
    assert not paired_till(kaisa.terminal.terminal_id).pin_wanted
    assert [act.act for act in acts_of(kaisa.third_party_id, limit=9)] == ["pins_dropped", "pins_wanted", "pin_set"]


def test_stays_are_counted_at_ones_own_places_alone() -> None:
    kaisa, gym = kahvila_kaisa(), kuntosali_kunto()
    owner = operator(gym)
    count_stays(gym.premises_id, stays=True, by=owner, at=NOON)
    assert [place.stays for place in premises_of(gym.third_party_id)] == [True]
    assert terminal_actor(gym.secret).counts == "stays"
    with pytest.raises(NotFound):
        count_stays(kaisa.premises_id, stays=True, by=owner, at=NOON)
    assert terminal_actor(kaisa.secret).counts == "visits"
