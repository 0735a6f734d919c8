"""Threat 2, the code itself: one that was changed, cut, made by somebody else or for another time identifies nobody."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards import rules
from kliento.domain.cards.queries import card_number, code_keys
from kliento.domain.recipients.actions import demand_levels
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.visits.actions import redeem_at_till
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel import crockford
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id
from tests import taps
from tests.media import STICKER, held, sticker
from tests.programmes import movements, offered, owner_of, takes
from tests.taps import later
from tests.world import NOON, kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")
SLOT = rules.SLOT.total_seconds()


@pytest.fixture
def me():
    return taps.cardholder()


def test_a_code_cut_anywhere_or_with_something_added_is_none(me):
    kaisa, code = kahvila_kaisa(), taps.code_of(me)
    changed = [code[:length] for length in range(0, len(code), 6)] + [code[1:], code + "A", code + "." + code[-103:]]
    for minute, start in enumerate(range(0, len(changed), 20)):  # so many as a till may try
        at = later(minutes=2 * minute)
        some = [taps.scan(one, occurred_at=at) for one in changed[start : start + 20]]
        assert {result.outcome for result in taps.record(some, kaisa, at=at)} == {Outcome.UNKNOWN}
    assert not Visit.objects.exists()


def test_an_old_code_cannot_be_made_young(me):
    """The slot is part of what is signed, and of what the token was made for."""
    kaisa = kahvila_kaisa()
    head, slot, token, signature = taps.code_of(me).split(".")
    soon = crockford.number_as_symbols(crockford.number_of(slot) + 20, length=len(slot))
    stolen = rules.CodeKeys(token=bytes(32), signing=code_keys().signing)  # somebody who has the signing key alone
    forged = rules.rotating_code(1, crockford.number_of(soon), keys=stolen)
    at = later(seconds=20 * SLOT)
    for code in (f"{head}.{soon}.{token}.{signature}", forged):
        assert held(code, kaisa, at=at).outcome is Outcome.UNKNOWN
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("slots_ahead", "outcome"), [(1, Outcome.IDENTIFIED), (2, Outcome.TOO_EARLY), (240, Outcome.TOO_EARLY)]
)
def test_a_code_of_times_to_come_is_not_good_yet_and_spends_nothing(me, slots_ahead, outcome):
    kaisa, then = kahvila_kaisa(), later(seconds=slots_ahead * SLOT)
    code = taps.code_of(me, at=then)
    result = held(code, kaisa)
    assert result.outcome is outcome
    if outcome is Outcome.TOO_EARLY:
        assert (result.member_number, result.values, result.visit_id) == (None, {}, None)
        assert held(code, kaisa, at=then).outcome is Outcome.IDENTIFIED


def test_a_reward_wants_the_surer_card_and_is_not_handed_out_on_a_chip(me):
    kaisa = kahvila_kaisa()
    takes(me, offered(kaisa, needed=1))
    demand_levels(identify="uid", redeem="rotating", by=owner_of(kaisa, "matti@example.fi"), at=NOON)
    sticker(me)
    for code in (STICKER, card_number(me)):
        visit_id = held(code, kaisa).visit_id
        with pytest.raises(Conflict) as refused:
            redeem_at_till(visit_id, new_id(), by=terminal_actor(kaisa.secret), at=NOON)
        assert refused.value.code == "too_weak"
    assert movements(me) == [("earned", 1, 1)]
    assert [entry.kind for entry in entries_of([me.person_id])].count("reward_refused") == 1, "once for the visit"
    sure = held(taps.code_of(me), kaisa)
    redeem_at_till(sure.visit_id, new_id(), by=terminal_actor(kaisa.secret), at=NOON)
    assert movements(me)[-1] == ("redeemed", -1, 0)
