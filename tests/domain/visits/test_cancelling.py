"""Undoing a scan at its till: nothing of it counts, and the person is told."""

from datetime import timedelta

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.cards.queries import card_number
from kliento.domain.programmes.actions import open_programme, take_into_use
from kliento.domain.programmes.queries import membership_at
from kliento.domain.recipients.actions import demand_levels
from kliento.domain.recipients.queries import acts_of, terminal_actor
from kliento.domain.sharing.actions import set_default_set
from kliento.domain.visits.actions import cancel_visit, redeem_at_till
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.errors import Conflict, NotFound
from kliento.kernel.ids import new_id
from tests import taps
from tests.portal import operator
from tests.world import NOON, Place, kahvila_kaisa, kuntosali_kunto

pytestmark = pytest.mark.usefixtures("db")


def visited(place: Place, who=None, *, minutes: float = 0):
    who = who or taps.aino()
    at = NOON + timedelta(minutes=minutes)
    [answer] = taps.record([one := taps.scan(taps.code_of(who, at=at), occurred_at=at)], place, at=at)
    return who, one.id, answer


def test_it_counts_no_more_and_the_person_reads_why() -> None:
    kaisa = kahvila_kaisa()
    aino, scan_id, answer = visited(kaisa)
    for _ in range(2):
        cancel_visit(scan_id, by=kaisa.terminal, at=NOON)
    visit = Visit.objects.get()
    assert (visit.id, visit.cancelled_at, visit.stands) == (answer.visit_id, NOON, False)
    newest = entries_of([aino.person_id], limit=9)
    assert [entry.kind for entry in newest].count("visit_cancelled") == 1
    assert "They undid the visit" in str(reading_of(newest[0]).line)
    with pytest.raises(Exception, match="Not accepted"):
        redeem_at_till(visit.id, new_id(), by=kaisa.terminal, at=NOON)


def test_its_stamp_is_taken_back() -> None:
    kaisa = kahvila_kaisa()
    owner, aino = operator(kaisa), taps.aino()
    made = open_programme(name="Kortti", reward="Kahvi", stamps_needed=5, by=owner, at=NOON)
    take_into_use(aino.person_id, made.id, version=made.version, by=aino, at=NOON)
    _, scan_id, answer = visited(kaisa, aino)
    assert answer.stamps.balance == 1
    cancel_visit(scan_id, by=kaisa.terminal, at=NOON)
    standing = membership_at(aino.person_id, kaisa.third_party_id, at=NOON)
    assert standing.view.balance == 0


def test_what_it_shared_by_being_the_first_ends() -> None:
    kaisa, aino = kahvila_kaisa(), taps.aino()
    set_default_set(aino.person_id, ["first_name"], by=aino, at=NOON)
    _, scan_id, answer = visited(kaisa, aino)
    assert answer.values == {"first_name": "Aino"}
    cancel_visit(scan_id, by=kaisa.terminal, at=NOON)
    _, _, again = visited(kaisa, aino, minutes=3)
    assert again.values == {}


def test_the_same_scan_sent_again_shows_nothing_any_more() -> None:
    kaisa, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, kaisa, "first_name")
    one = taps.scan(taps.code_of(aino))
    taps.record([one], kaisa)
    cancel_visit(one.id, by=kaisa.terminal, at=NOON)
    [again] = taps.record([one], kaisa)
    assert (again.values, again.visit_id, again.member_number) == ({}, None, None)


def test_only_its_own_till_undoes_it_and_only_for_ten_minutes() -> None:
    kaisa, gym = kahvila_kaisa(), kuntosali_kunto()
    aino, scan_id, _ = visited(kaisa)
    with pytest.raises(NotFound):
        cancel_visit(scan_id, by=gym.terminal, at=NOON)
    with pytest.raises(NotFound):
        cancel_visit(new_id(), by=kaisa.terminal, at=NOON)
    _, second, answer = visited(kaisa, aino, minutes=5)
    assert answer.visit_id == Visit.objects.get().id
    with pytest.raises(NotFound):  # it began nothing
        cancel_visit(second, by=kaisa.terminal, at=NOON)
    with pytest.raises(Conflict) as refusal:
        cancel_visit(scan_id, by=kaisa.terminal, at=NOON + timedelta(minutes=10, seconds=1))
    assert refusal.value.code == "too_late_to_undo"
    assert Visit.objects.get().stands


def test_a_reward_wants_a_card_that_is_sure_enough_and_the_phones_code_is_the_way_out() -> None:
    kaisa = kahvila_kaisa()
    owner, aino = operator(kaisa), taps.aino()
    made = open_programme(name="Kortti", reward="Kahvi", stamps_needed=2, by=owner, at=NOON)
    take_into_use(aino.person_id, made.id, version=made.version, by=aino, at=NOON)
    demand_levels(identify="uid", redeem="rotating", by=owner, at=NOON)
    till = terminal_actor(kaisa.secret)
    visited(kaisa, aino, minutes=-600)
    [shown] = taps.record([taps.scan(card_number(aino))], kaisa)
    assert (shown.outcome, Visit.objects.get(id=shown.visit_id).level) == (Outcome.IDENTIFIED, "static")
    with pytest.raises(Conflict) as refusal:
        redeem_at_till(shown.visit_id, new_id(), by=till, at=NOON)
    assert refusal.value.code == "too_weak"
    assert entries_of([aino.person_id], limit=1)[0].kind == "reward_refused"
    _, _, surer = visited(kaisa, aino, minutes=1)
    assert surer.visit_id == shown.visit_id
    redeem_at_till(shown.visit_id, new_id(), by=till, at=NOON + timedelta(minutes=1))
    acts = [act.act for act in acts_of(kaisa.third_party_id, limit=9)]
    assert "levels_demanded" in acts
