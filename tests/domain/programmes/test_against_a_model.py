"""Whatever happens to a stamp card in whatever order, at however many tills at once, a small model says the same."""

from datetime import datetime, timedelta
from itertools import count
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.queries import card_number
from kliento.domain.programmes.actions import change_programme, expire_lots, put_out_of_use
from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.programmes.queries import SEALED_ROWS, lots_of, loyalty_cards_of, programme_by, stamps_at
from kliento.domain.visits.actions import dispute_visit, redeem_at_till, undo_redemption
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id
from tests import taps
from tests.domain.activity.another_verifier_of_rows import movements_stored, not_adding_up
from tests.domain.programmes.small_model import Card
from tests.programmes import coffee_card, owner_of, takes
from tests.world import NOON, Place, kahvila_kaisa, relation_of

PEOPLE = count()


class StampCard(RuleBasedStateMachine):
    """One person, one café with a stamp card, a clock that only goes on."""

    place: Place
    owner: OperatorActor

    @initialize(needed=st.integers(1, 4), a_day=st.integers(1, 6), days=st.sampled_from([None, 1, 3, 20]))
    def someone_takes_the_card(self, needed: int, a_day: int, days: int | None) -> None:
        self.at = NOON
        self.person = taps.cardholder(f"p{next(PEOPLE)}@example.fi")
        self.card = Card(needed, a_day, days)
        self.visits: list[UUID] = []
        self.redemptions: list[UUID] = []
        self._terms()
        takes(self.person, self._programme())

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(times=st.integers(1, 5))
    def visits_now(self, times: int) -> None:
        for _ in range(times):
            self._visit()

    @rule(ago=st.lists(st.integers(2, 60), min_size=1, max_size=4, unique=True))
    def a_till_uploads_what_it_kept(self, ago: list[int]) -> None:
        moments = sorted(self.at - timedelta(hours=hours, minutes=7) for hours in ago)
        if Visit.objects.filter(
            subject_id=self.person.person_id, occurred_at__gte=moments[0] - timedelta(minutes=11)
        ).exists():
            return  # of the same visits the till knows more than this model
        code = card_number(self.person)
        scans = [taps.scan(code, occurred_at=moment) for moment in moments]
        for moment, result in zip(moments, taps.record(scans, self.place, at=self.at), strict=True):
            self._happened(result.visit_id, moment)

    @rule(tills=st.integers(1, 4))
    def tills_redeem_at_once(self, tills: int) -> None:
        visit_id = self._visit()
        acts = [new_id() for _ in range(tills)]
        won = self._at_once(visit_id, acts)
        assert all(self.card.redeem(act, self.at) for act in won)
        if len(won) < tills:
            assert not self.card.redeem("one more", self.at), "there were stamps for another one"
        self.redemptions += won

    @precondition(lambda self: getattr(self, "redemptions", None))
    @rule(data=st.data(), minutes=st.integers(0, 12))
    def a_redemption_is_undone(self, data: st.DataObject, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        act = data.draw(st.sampled_from(self.redemptions))
        if act not in self.card.spent:
            undo_redemption(act, by=self.place.terminal, at=self.at)  # again changes nothing
        elif self.card.undo(act, self.at):
            undo_redemption(act, by=self.place.terminal, at=self.at)
        else:
            with pytest.raises(Conflict):
                undo_redemption(act, by=self.place.terminal, at=self.at)

    @precondition(lambda self: getattr(self, "redemptions", None))
    @rule(data=st.data())
    def a_redemption_is_sent_again(self, data: st.DataObject) -> None:
        redeem_at_till(
            data.draw(st.sampled_from(self.visits)),
            data.draw(st.sampled_from(self.redemptions)),
            by=self.place.terminal,
            at=self.at,
        )

    @precondition(lambda self: getattr(self, "visits", None))
    @rule(data=st.data())
    def a_visit_is_disputed(self, data: st.DataObject) -> None:
        visit_id = data.draw(st.sampled_from(self.visits))
        visit = Visit.objects.get(id=visit_id)
        if self.at - visit.occurred_at <= timedelta(days=30):
            self._dispute(visit_id)

    @rule()
    def a_stamp_is_spent_and_disputed_and_the_redemption_undone(self) -> None:
        visit_id, act = self._visit(), new_id()
        if self._at_once(visit_id, [act]):
            assert self.card.redeem(act, self.at)
            spent = self.card.spent[act][1]
            self._dispute(spent[0].visit)
            assert self.card.undo(act, self.at)
            undo_redemption(act, by=self.place.terminal, at=self.at)
            self.redemptions.append(act)
        else:
            assert not self.card.redeem(act, self.at)

    @rule()
    def stamps_run_out(self) -> None:
        expire_lots(at=self.at)
        self.card.clear_out(self.at)

    @rule()
    def the_card_goes_out_of_use_or_back_into_it(self) -> None:
        if self.card.in_use:
            put_out_of_use(self.person.person_id, self._programme().id, by=self.person, at=self.at)
        else:
            takes(self.person, self._programme(), at=self.at)
        self.card.in_use = not self.card.in_use

    @rule(needed=st.integers(1, 4), a_day=st.integers(1, 6), days=st.sampled_from([None, 1, 3, 20]))
    def the_cafe_changes_its_terms(self, needed: int, a_day: int, days: int | None) -> None:
        self._visit()
        self.card.needed, self.card.a_day, self.card.days = needed, a_day, days
        self._terms()
        self._visit()

    @rule(sooner=st.integers(1, 3))
    def what_ends_sooner_came_later(self, sooner: int) -> None:
        for days in (30, sooner):
            self.the_cafe_changes_its_terms(1, 6, days)
        self.tills_redeem_at_once(1)

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        if not hasattr(self, "card"):
            return
        [shown] = loyalty_cards_of(self.person.person_id, at=self.at)
        entries = list(LedgerEntry.objects.filter(membership_id=shown.membership_id).order_by("number"))
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
        total = 0
        for entry in entries:
            total += entry.amount
            assert entry.balance == total
        assert total == self.card.balance
        assert shown.stamps.balance == self.card.shown(self.at)
        lots = lots_of(shown.membership_id)
        assert sorted((lot.expires_at for lot in lots for _ in range(lot.left)), key=str) == self.card.left()
        assert list(SEALED_ROWS["ledger"].contradictions()) == list(not_adding_up(movements_stored())) == []
        at_till = stamps_at([relation_of(self.person, self.place).relationship_id], at=self.at)
        assert [view.balance for view in at_till.values()] == ([shown.stamps.balance] if self.card.in_use else [])

    def _dispute(self, visit_id: UUID) -> None:
        dispute_visit(Visit.objects.get(id=visit_id).entry_id, by=self.person, at=self.at)
        self.card.take_back(visit_id)

    def _visit(self) -> UUID:
        self.at += timedelta(minutes=15)
        [result] = taps.record([taps.scan(card_number(self.person), occurred_at=self.at)], self.place, at=self.at)
        self._happened(result.visit_id, self.at)
        expected = self.card.shown(self.at) if self.card.in_use else None
        assert (result.stamps.balance if result.stamps else None) == expected
        newest = next(entry for entry in entries_of([self.person.person_id]) if entry.kind == "visit")
        assert newest.payload.get("stamps") == expected
        return result.visit_id

    def _happened(self, visit_id: UUID | None, moment: datetime) -> None:
        self.visits.append(visit_id)
        self.card.visit(visit_id, moment)

    def _at_once(self, visit_id: UUID, acts: list[UUID]) -> list[UUID]:
        """All of these redemptions in threads of their own; those that won, in the order in which they did."""
        lost: list[str] = []
        ready = Barrier(len(acts))

        def redeem(act: UUID) -> None:
            ready.wait()
            try:
                redeem_at_till(visit_id, act, by=self.place.terminal, at=self.at)
            except Conflict as refused:
                lost.append(refused.code)
            finally:
                connections.close_all()

        threads = [Thread(target=redeem, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = list(LedgerEntry.objects.filter(act_id__in=acts).order_by("number").values_list("act_id", flat=True))
        assert set(lost) <= {"too_few_stamps", "no_card_in_use"}
        assert len(won) + len(lost) == len(acts)
        return won

    def _terms(self) -> None:
        change_programme(
            name="Coffee card",
            reward="A coffee",
            stamps_needed=self.card.needed,
            most_a_day=self.card.a_day,
            stamps_last_days=self.card.days,
            by=self.owner,
            at=self.at,
        )

    def _programme(self):
        return programme_by(self.place.third_party_id)


def test_the_ledger_agrees_with_a_small_model_with_tills_at_once(db, thoroughness):
    place = kahvila_kaisa()
    owner = owner_of(place)
    coffee_card(owner)
    machine = type("ACafe", (StampCard,), {"place": place, "owner": owner})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8 * thoroughness,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
