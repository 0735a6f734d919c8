"""R-REG-1: whatever is shown, claimed and undone in whatever order, no stamp comes from nothing and none is lost."""

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kliento.domain.claiming.actions import claim_card, give_claim_code, undo_claim
from kliento.domain.claiming.queries import what_it_brings
from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.programmes.queries import ProgrammeView
from kliento.domain.visits.actions import cancel_visit, dispute_visit, redeem_at_till, undo_redemption
from kliento.domain.visits.models import Visit
from kliento.domain.visits.queries import stamps_counted_already
from kliento.kernel.actor import PersonActor
from kliento.kernel.ids import new_id
from tests import programmes, taps
from tests.blanks import blank_card, card_of, claimed, code_for, shown, stamps_of
from tests.world import NOON, Place, kahvila_kaisa, kuntosali_kunto

PEOPLE, DAYS = count(), count()


def promised(code: str, person: PersonActor, *, at=NOON) -> tuple[int, int]:
    """The stamps the page says that the card brings, and those it says are there already."""
    brought = what_it_brings(code, by=person, at=at)
    assert brought is not None
    [place] = brought.places
    return (place.stamps.balance if place.stamps else 0), place.already


def balance(subject_id: UUID) -> int:
    return sum(stamps_of(subject_id))


def test_the_page_promises_what_the_claim_brings_and_undoing_it_restores_both_sides(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.takes(aino, programmes.coffee_card(programmes.owner_of(kaisa)))
    card_id = card_of(shown(number := blank_card(), kaisa))
    taps.tap(aino, kaisa, at=taps.later(hours=2))
    code = code_for(number, kaisa, at=taps.later(hours=2, minutes=5))
    before = balance(aino.person_id), balance(card_id)
    assert before == (1, 2)
    assert promised(code, aino, at=taps.later(hours=2)) == (1, 1)
    claim_id = claim_card(code, by=aino, at=taps.later(hours=2, minutes=6))
    assert balance(aino.person_id) == 2
    undo_claim(claim_id, by=aino, at=taps.later(hours=3))
    assert (balance(aino.person_id), balance(card_id)) == before
    claimed(number, kaisa, aino, at=taps.later(hours=4))
    assert balance(aino.person_id) == 3


def test_a_visit_of_ones_own_that_earned_nothing_takes_no_stamp_away(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.coffee_card(programmes.owner_of(kaisa))  # which she has not taken into use
    taps.tap(aino, kaisa)
    code = code_for(blank_card(), kaisa, at=taps.later(minutes=5))
    assert promised(code, aino) == (1, 0)
    claim_card(code, by=aino, at=taps.later(minutes=6))
    assert balance(aino.person_id) == 1


def test_what_counted_once_with_a_card_counts_with_the_other_when_its_claim_is_undone(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.coffee_card(programmes.owner_of(kaisa))
    first = claimed(blank_card(), kaisa, aino)
    code = code_for(other := blank_card(), kaisa, at=taps.later(minutes=2))
    assert promised(code, aino) == (0, 1)
    second = claim_card(code, by=aino, at=taps.later(minutes=3))
    assert balance(aino.person_id) == 1
    undo_claim(first, by=aino, at=taps.later(minutes=4))
    assert balance(aino.person_id) == 1
    undo_claim(second, by=aino, at=taps.later(minutes=5))
    assert balance(aino.person_id) == 0
    assert shown(other, kaisa, at=taps.later(hours=1)).stamps.balance == 2


def test_who_comes_back_after_the_interval_was_there_twice(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.takes(aino, programmes.coffee_card(programmes.owner_of(kaisa)))
    shown(number := blank_card(), kaisa)
    taps.tap(aino, kaisa, at=taps.later(minutes=9))
    code = code_for(number, kaisa, at=taps.later(minutes=18))
    assert promised(code, aino) == (1, 1)
    claim_card(code, by=aino, at=taps.later(minutes=18))
    assert balance(aino.person_id) == 2


@pytest.mark.parametrize("act", ["disputed", "undone at the till", "overruled by an earlier use"])
def test_what_stayed_with_the_card_counts_once_the_other_card_s_stamp_is_taken_back(db, act):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.takes(aino, programmes.coffee_card(programmes.owner_of(kaisa)))
    card_id, kunto = card_of(shown(number := blank_card(), kaisa)), kuntosali_kunto()
    own = taps.tap(aino, kaisa, at=taps.later(minutes=1))
    claimed(number, kaisa, aino, at=taps.later(minutes=2))
    assert (balance(aino.person_id), balance(card_id)) == (1, 1)
    if act == "disputed":
        visit = Visit.objects.get(id=own.visit_id)
        dispute_visit(visit.entry_id, by=aino, at=taps.later(minutes=3))
    elif act == "undone at the till":
        cancel_visit(own.id, by=kaisa.terminal, at=taps.later(minutes=3))
    else:
        first = taps.scan(taps.code_of(aino, at=taps.later(minutes=1)), occurred_at=taps.later(seconds=59))
        taps.record([first], kunto, at=taps.later(minutes=3))
    assert (balance(aino.person_id), balance(card_id)) == (1, 0)


def stamps_that_stand(subject_id: UUID) -> int:
    """Those earned there, without what was taken back."""
    movements = LedgerEntry.objects.filter(subject_id=subject_id, kind__in=["earned", "reversed"])
    return sum(movements.values_list("amount", flat=True))


class Shelf(RuleBasedStateMachine):
    """Two people, three cards without an account, one café and a gym without stamps; time goes on by minutes."""

    place: Place
    elsewhere: Place
    programme: ProgrammeView

    @initialize(takes=st.booleans())
    def they_come(self, takes: bool) -> None:
        self.at = NOON + timedelta(days=next(DAYS))  # a till gives so many codes an hour
        self.people = [taps.cardholder(f"p{next(PEOPLE)}@example.fi") for _ in range(2)]
        for person in self.people if takes else self.people[:1]:
            programmes.takes(person, self.programme)
        self.numbers = [blank_card() for _ in range(3)]
        self.cards: dict[int, UUID] = {}
        self.claims: dict[int, tuple[PersonActor, UUID]] = {}
        self.phones: list[tuple[PersonActor, datetime]] = []

    @rule(minutes=st.sampled_from([1, 4, 9, 11, 60]))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(who=st.integers(0, 1))
    def a_phone_is_shown(self, who: int) -> None:
        taps.tap(self.people[who], self.place, at=self.at)
        self.phones.append((self.people[who], self.at))
        self.at += timedelta(seconds=31)

    @rule(back=st.integers(0, 2))
    def a_code_turns_out_to_have_been_shown_elsewhere_before(self, back: int) -> None:
        if back < len(self.phones):
            person, at = self.phones.pop(-1 - back)
            earlier = taps.scan(taps.code_of(person, at=at), occurred_at=at - timedelta(seconds=1))
            taps.record([earlier], self.elsewhere, at=self.at)

    @rule(which=st.integers(0, 2))
    def a_card_is_shown(self, which: int) -> None:
        self._visit(which)

    @rule(which=st.integers(0, 2), who=st.integers(0, 1))
    def a_card_is_claimed(self, which: int, who: int) -> None:
        if which in self.claims:
            return
        person, visit_id = self.people[who], self._visit(which)
        code = give_claim_code(visit_id, by=self.place.terminal, at=self.at).code
        before, (stamps, already) = balance(person.person_id), promised(code, person, at=self.at)
        assert stamps + already == balance(self.cards[which])
        self.claims[which] = person, claim_card(code, by=person, at=self.at)
        assert balance(person.person_id) == before + stamps
        assert balance(self.cards[which]) == already

    @rule(which=st.integers(0, 2))
    def a_claim_is_undone(self, which: int) -> None:
        if which in self.claims:
            person, claim_id = self.claims.pop(which)
            undo_claim(claim_id, by=person, at=self.at)

    @invariant()
    def every_stamp_is_somewhere_and_only_once(self) -> None:
        if not hasattr(self, "cards"):
            return
        people = [person.person_id for person in self.people]
        everybody = (*people, *self.cards.values())
        assert sum(map(balance, everybody)) == sum(map(stamps_that_stand, everybody))
        for which, card_id in self.cards.items():
            if which in self.claims:
                person, _claim = self.claims[which]
                assert balance(card_id) == len(stamps_counted_already(card_id, person.person_id))
            else:
                assert balance(card_id) == stamps_that_stand(card_id)
        claimers = [claimer.person_id for claimer, _claim in self.claims.values()]
        for person_id in people:
            if person_id not in claimers:
                assert balance(person_id) == stamps_that_stand(person_id)

    def _visit(self, which: int) -> UUID:
        result = shown(self.numbers[which], self.place, at=self.at)
        if which not in self.claims:
            self.cards[which] = card_of(result)
        self.at += timedelta(seconds=31)
        assert result.visit_id is not None
        return result.visit_id


@pytest.mark.long
def test_no_order_of_visits_claims_and_undoings_makes_or_loses_a_stamp(db, thoroughness):
    place = kahvila_kaisa()
    programme = programmes.coffee_card(programmes.owner_of(place), needed=50)
    given = {"place": place, "elsewhere": kuntosali_kunto(), "programme": programme}
    machine = type("ACafe", (Shelf,), given)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15 * thoroughness,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("undone", [True, False])
def test_a_reward_undone_after_the_claim_brings_back_no_stamp_of_a_visit_that_counts_already(db, undone):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.takes(aino, programmes.coffee_card(programmes.owner_of(kaisa), needed=2))
    shown(number := blank_card(), kaisa)
    taps.tap(aino, kaisa, at=taps.later(hours=1))
    result = shown(number, kaisa, at=taps.later(hours=1, minutes=1))
    code = give_claim_code(result.visit_id, by=kaisa.terminal, at=taps.later(hours=1, minutes=2)).code
    redeem_at_till(result.visit_id, act := new_id(), by=kaisa.terminal, at=taps.later(hours=1, minutes=2))
    claim_id = claim_card(code, by=aino, at=taps.later(hours=1, minutes=3))
    if undone:
        undo_claim(claim_id, by=aino, at=taps.later(hours=1, minutes=3))
    undo_redemption(act, by=kaisa.terminal, at=taps.later(hours=1, minutes=4))
    assert (balance(aino.person_id), balance(card_of(result))) == ((1, 2) if undone else (2, 1))
