"""T-29: what a till gives and takes back names whoever is on duty, and the owner sees it; nobody undoes in secret."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.recipients.queries import acts_of
from kliento.domain.visits.actions import cancel_visit, redeem_at_till, undo_redemption
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Conflict, NotFound
from kliento.kernel.ids import new_id
from tests import taps
from tests.phone import text_of
from tests.portal import operator, portal_of
from tests.programmes import coffee_card, collects, takes
from tests.world import NOON, Place, kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def kaisa() -> Place:
    return kahvila_kaisa()


def _given(kaisa: Place, by: TerminalActor):
    """A reward that was handed over at noon; whose it was, and under which id."""
    aino = takes(taps.aino(), coffee_card(operator(kaisa), needed=2))
    visits = collects(aino, kaisa, 2, since=NOON - timedelta(minutes=30))
    redemption_id = new_id()
    redeem_at_till(visits[-1].visit_id, redemption_id, by=by, at=NOON)
    return aino, redemption_id


def _acts(kaisa: Place) -> list[tuple[str, object]]:
    acts = acts_of(kaisa.third_party_id, limit=9)
    return [(act.act, act.operator_id) for act in acts if act.act.startswith(("reward", "visit"))]


def test_a_reward_given_and_undone_is_named_after_whoever_is_on_duty(kaisa: Place) -> None:
    tiina = operator(kaisa, "till", address="tiina@example.fi")
    by = replace(kaisa.terminal, operator_id=tiina.operator_id)
    aino, redemption_id = _given(kaisa, by)
    for _ in range(2):
        undo_redemption(redemption_id, by=by, at=NOON + timedelta(minutes=1))
    moved = LedgerEntry.objects.filter(subject_id=aino.person_id, kind__in=["redeemed", "reversed"])
    assert set(moved.values_list("operator_id", flat=True)) == {tiina.operator_id}
    assert _acts(kaisa) == [("reward_undone", tiina.operator_id), ("reward_given", tiina.operator_id)]


def test_what_is_undone_where_nobody_said_who_was_on_duty_stands_in_the_audit_all_the_same(kaisa: Place) -> None:
    aino, redemption_id = _given(kaisa, kaisa.terminal)
    undo_redemption(redemption_id, by=kaisa.terminal, at=NOON + timedelta(minutes=1))
    assert _acts(kaisa) == [("reward_undone", None)]
    page = text_of(portal_of(operator(kaisa, address="owner@example.fi")).get("/partner/audit"))
    assert "Undid a reward at the till" in page
    assert "Nobody had said who was on duty" in page
    assert entries_of([aino.person_id], limit=1)[0].kind == "redemption_undone"


def test_a_scan_is_undone_at_its_own_till_within_ten_minutes_and_not_in_secret(kaisa: Place) -> None:
    tiina, aino = operator(kaisa, "till", address="tiina@example.fi"), taps.aino()
    by = replace(kaisa.terminal, operator_id=tiina.operator_id)
    taps.record([one := taps.scan(taps.code_of(aino))], kaisa)
    with pytest.raises(NotFound):
        cancel_visit(one.id, by=replace(by, terminal_id=new_id()), at=NOON)
    with pytest.raises(Conflict):
        cancel_visit(one.id, by=by, at=NOON + timedelta(minutes=11))
    assert Visit.objects.get().stands
    cancel_visit(one.id, by=by, at=NOON + timedelta(minutes=9))
    assert not Visit.objects.get().stands
    assert _acts(kaisa) == [("visit_undone", tiina.operator_id)]
    assert entries_of([aino.person_id], limit=1)[0].kind == "visit_cancelled"
