"""What a batch of scans is on its way to its answers: what was shown, what is known, what is asked of the gate.

A batch holds the scans of any number of terminals. Nothing here reads or writes; `recording.py` does, in the order of
the statements.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.rules import at_least
from kliento.domain.gate import actions as gate
from kliento.domain.people.queries import PersonState
from kliento.domain.programmes.actions import VisitFact
from kliento.domain.programmes.rules import StampsView, Standing
from kliento.domain.sharing.rules import Pair, Relation
from kliento.domain.visits import rules
from kliento.domain.visits.actions.scans import Answer, Shown
from kliento.domain.visits.queries import KnownScan, KnownVisit, Place
from kliento.domain.visits.rules import Outcome, Refusal, Stay, Step
from kliento.kernel.actor import TerminalActor
from kliento.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Begun:
    """A visit that begins with this batch, by which scan."""

    visit: KnownVisit
    by: Shown


@dataclass(slots=True)
class Batch:
    """What is known to a batch, and what it adds: visits begun, and one question to the gate for each visit.

    `left`: visits that came to their end, and when; `raised`: visits by which a surer medium was shown than before;
    `others`: further media shown in visits that another one began (visit, medium), and when first;
    `old_codes`: those that are entered, and as what (`repeating.py`).
    """

    at: datetime
    people: Mapping[UUID, PersonState]
    relations: Mapping[Pair, Relation]
    visits: dict[Place, list[KnownVisit]]
    begun: list[Begun] = field(default_factory=list)
    asks: dict[UUID, gate.Ask] = field(default_factory=dict)
    left: dict[UUID, datetime] = field(default_factory=dict)
    raised: dict[UUID, str] = field(default_factory=dict)
    others: dict[tuple[UUID, UUID], datetime] = field(default_factory=dict)
    old_codes: Mapping[tuple[UUID, UUID], tuple[UUID, bool]] = field(default_factory=dict)
    _payloads: dict[UUID, dict[str, object]] = field(default_factory=dict)

    def facts(self) -> Iterator[VisitFact]:
        """The visits that may earn stamps, in the order in which they happened."""
        for one in self.begun:
            if one.by.pair is not None:
                yield VisitFact(one.visit.id, one.by.pair, one.by.by.terminal_id, one.visit.occurred_at)

    def enter_stamps(self, at_visits: Mapping[UUID, Standing]) -> None:
        """Let the entry of each visit tell how many stamps there were after it."""
        for visit_id, standing in at_visits.items():
            self._payloads[visit_id] |= {
                "stamps": standing.left,
                "stamps_needed": standing.terms.stamps_needed,
            }

    def stamps_of(self, answer: Answer, standings: Mapping[Pair, Standing]) -> StampsView | None:
        """What the till shows of the loyalty card of whoever was there, unless its use is restricted by now."""
        if answer.member is None or answer.member not in standings:
            return None
        person = self.people.get(answer.member.subject_id)
        if answer.outcome is not Outcome.UNCLAIMED and (person is None or person.state != "active"):
            return None
        return standings[answer.member].view

    def redeem_with(self, answer: Answer, by: TerminalActor) -> str:
        """The weakest medium that has to be shown in this visit before its reward is handed out here; empty: it was."""
        if answer.stamps is None or answer.visit_id is None:
            return ""
        level = self.raised.get(answer.visit_id, answer.level)
        return "" if rules.enough_for_reward(level, wanted=by.least_to_redeem) else by.least_to_redeem

    def answer_again(self, one: Shown, known: KnownScan) -> Answer:
        """The first answer; values only while the person still stands there and shares them."""
        answer = Answer(one.id, known.outcome, known.first_at)
        if known.visit is not None and known.outcome is Outcome.LEFT:
            answer.visit_id = known.visit.id
        elif known.visit is not None:
            visit = self._as_theirs(known.visit, one) if known.outcome is Outcome.IDENTIFIED else known.visit
            self._belongs(answer, visit, one.by, to_visit_at=known.visit.occurred_at)
            answer.level = self._as_theirs(known.visit, one).level
        return answer

    def answer(self, one: Shown) -> Answer:
        """The answer to a scan that is new; one by which somebody was here begins a visit or belongs to one."""
        judgement, subject_id = one.judgement, one.subject_id
        answer = Answer(one.id, judgement.outcome, judgement.first_at)
        if subject_id is not None and judgement.outcome.is_visit:
            visit = self._visit_of(subject_id, one, answer)
            if visit is not None:
                self._raise_level(visit, one)
                self._note_medium(visit, one)
                self._belongs(answer, visit, one.by, to_visit_at=one.occurred_at)
        elif subject_id is not None and judgement.refusal is Refusal.CODE_OLD:
            if one.key in self.old_codes:
                entry_id, is_last = self.old_codes[one.key]
                told: dict[str, object] = {"reason": Refusal.CODE_OLD.value} | ({"more": True} if is_last else {})
                entry = _entry("visit_refused", subject_id, one, told, entry_id=entry_id)
                self.asks[new_id()] = gate.Ask(entry=entry)
        elif subject_id is not None and judgement.refusal is not None:
            payload: dict[str, object] = {"reason": judgement.refusal.value}
            if judgement.wanted and one.medium is not None:
                payload |= {"wanted": judgement.wanted, "shown": one.medium.level}
            self.asks[new_id()] = gate.Ask(entry=_entry("visit_refused", subject_id, one, payload))
        return answer

    def _visit_of(self, subject_id: UUID, one: Shown, answer: Answer) -> KnownVisit | None:
        """The visit the scan begins or belongs to; none on the way out, which the answer says."""
        if not one.counts_stays:
            return self._standing_visit(subject_id, one) or self._begin_visit(subject_id, one)
        known = {visit.id: visit for visit in self.visits.get(Place(subject_id, one.by.premises_id), ())}
        stays = [Stay(visit.id, visit.occurred_at, self.left.get(each, visit.left_at)) for each, visit in known.items()]
        step, stay = rules.step(
            stays, direction=one.direction, occurred_at=one.occurred_at, same_visit=rules.SAME_VISIT_WITHIN
        )
        if step is Step.ENTERS:
            return self._begin_visit(subject_id, one)
        if stay is None:
            answer.outcome = Outcome.NOT_INSIDE
            return None
        if step is Step.STAYS:
            return known[stay.visit_id]
        if step is Step.LEAVES:
            self._leave(known[stay.visit_id], subject_id, one)
        answer.outcome, answer.visit_id = Outcome.LEFT, stay.visit_id
        return None

    def _as_theirs(self, visit: KnownVisit, one: Shown) -> KnownVisit:
        """The visit of whoever the code leads to, also where it began with a card they claimed in the middle of it."""
        theirs = self.visits.get(Place(one.subject_id, one.by.premises_id), ()) if one.subject_id else ()
        return next((each for each in theirs if each.id == visit.id), visit)

    def _leave(self, visit: KnownVisit, subject_id: UUID, one: Shown) -> None:
        self.left[visit.id] = one.occurred_at
        payload: dict[str, object] = {"visit_id": str(visit.id), "came_at": visit.occurred_at.isoformat()}
        self.asks[new_id()] = gate.Ask(entry=_entry("visit_left", subject_id, one, payload))

    def _raise_level(self, visit: KnownVisit, one: Shown) -> None:
        """A visit is as sure as the surest medium shown in it: the way out for whoever wants a reward."""
        level = one.medium.level if one.medium else ""
        if visit.level and level and not at_least(self.raised.get(visit.id, visit.level), level):
            self.raised[visit.id] = level

    def _note_medium(self, visit: KnownVisit, one: Shown) -> None:
        if one.medium is not None and visit.medium_id not in (None, one.medium.medium_id):
            self.others.setdefault((visit.id, one.medium.medium_id), one.occurred_at)

    def _standing_visit(self, subject_id: UUID, one: Shown) -> KnownVisit | None:
        for visit in self.visits.get(Place(subject_id, one.by.premises_id), ()):
            if rules.in_same_visit(visit.occurred_at, occurred_at=one.occurred_at):
                return visit
        return None

    def _begin_visit(self, subject_id: UUID, one: Shown) -> KnownVisit:
        level = one.medium.level if one.medium else ""
        medium_id = one.medium.medium_id if one.medium else None
        visit = KnownVisit(
            new_id(), subject_id, new_id(), frozenset(), one.occurred_at, level=level, medium_id=medium_id
        )
        self.visits.setdefault(Place(subject_id, one.by.premises_id), []).append(visit)
        self.begun.append(Begun(visit, one))
        payload = self._payloads[visit.id] = {"visit_id": str(visit.id)}
        relation = self.relations.get(Pair(subject_id, one.by.third_party_id))
        if relation is not None and relation.begins(at=self.at):
            payload["first"] = True
        entry = _entry("visit", subject_id, one, payload, entry_id=visit.entry_id)
        self.asks[visit.id] = self._ask(subject_id, one.by, entry, shown_at=one.occurred_at)
        return visit

    def _belongs(self, answer: Answer, visit: KnownVisit, by: TerminalActor, *, to_visit_at: datetime) -> None:
        answer.visit_id, answer.level = visit.id, visit.level
        if visit.subject_id is None:
            return
        answer.member = Pair(visit.subject_id, by.third_party_id)
        relation = self.relations.get(answer.member)
        answer.member_number = relation.member_number if relation else None
        if relation is None or visit.subject_id not in self.people or visit.id in self.asks:
            return
        ask = self._ask(visit.subject_id, by, None, shown_at=to_visit_at)
        entered = gate.Entered(visit.entry_id, visit.fields)
        self.asks[visit.id] = gate.Ask(ask.person, ask.to, ask.purpose, ask.fields, ask.relation, entered=entered)

    def _ask(self, subject_id: UUID, by: TerminalActor, entry: NewEntry | None, *, shown_at: datetime) -> gate.Ask:
        """What is shared for the till while the person stands there; nothing is shown after they have left."""
        person = self.people.get(subject_id)
        if person is None:  # a card that is nobody's yet: there is nothing to show
            return gate.Ask(entry=entry)
        relation, to = self.relations[Pair(subject_id, by.third_party_id)], gate.ThirdPartyRecipient.at(by)
        if by.revoked_at is None and rules.still_there(shown_at, at=self.at):
            return gate.at_till(person, relation, to=to, entry=entry, at=self.at)
        return gate.Ask(person, to, relation=relation, entry=entry)


def _entry(
    kind: str, subject_id: UUID, one: Shown, payload: dict[str, object], *, entry_id: UUID | None = None
) -> NewEntry:
    """The entry of what happened at the till; its payload may still grow until it is recorded."""
    payload |= {"premises_id": str(one.by.premises_id), "terminal_id": str(one.by.terminal_id)}
    return NewEntry(
        subject_id=subject_id,
        kind=kind,
        at=one.occurred_at,
        recipient_id=one.by.third_party_id,
        purpose="identification",
        basis="contract",
        payload=payload,
        id=entry_id,
    )
