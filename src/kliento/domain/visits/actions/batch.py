"""What a batch of scans is on its way to its answers: what was shown, what is known, what is asked of the gate.

Nothing here reads or writes; `recording.py` does, in the order of the statements.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.queries import Decoded, Presented
from kliento.domain.gate import actions as gate
from kliento.domain.people.queries import PersonState
from kliento.domain.programmes.actions import VisitFact
from kliento.domain.programmes.rules import StampsView, Standing
from kliento.domain.sharing.rules import Relation
from kliento.domain.visits import rules
from kliento.domain.visits.queries import KnownScan, KnownVisit
from kliento.domain.visits.rules import Judgement, Outcome
from kliento.kernel.actor import TerminalActor
from kliento.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class NewScan:
    """What a terminal read and when; None: now, as it is received.

    `id` is a UUIDv7 the terminal made, so that a repeat is known as one.
    """

    id: UUID
    code: str = field(repr=False)
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer to one scan. `values` holds what is shared, by field; `first_at` when a spent code was first shown.

    `stamps`: the person's loyalty card of this third party, if it is in use, as it stands after the batch.
    """

    id: UUID
    outcome: Outcome
    member_number: str | None = None
    visit_id: UUID | None = None
    first_at: datetime | None = None
    values: dict[str, str] = field(default_factory=dict, repr=False)
    stamps: StampsView | None = None


@dataclass(slots=True)
class Shown:
    """One scan on its way through the judgement."""

    id: UUID
    code: Decoded
    body_hash: bytes
    occurred_at: datetime
    medium: Presented | None = None
    judgement: Judgement = field(default_factory=lambda: Judgement(Outcome.UNKNOWN))

    @property
    def subject_id(self) -> UUID | None:
        """Whom the code leads to, whether they are accepted or not."""
        return self.medium.person_id if self.medium else None


@dataclass(slots=True)
class Answer:
    """One answer, its values still sealed until the commit."""

    id: UUID
    outcome: Outcome
    first_at: datetime | None = None
    visit_id: UUID | None = None
    subject_id: UUID | None = None
    member_number: str | None = None
    sealed: gate.SealedDisclosure | None = None
    stamps: StampsView | None = None

    def opened(self) -> ScanResult:
        """The answer as it leaves; only after the commit."""
        values = self.sealed.open() if self.sealed else {}
        return ScanResult(self.id, self.outcome, self.member_number, self.visit_id, self.first_at, values, self.stamps)


@dataclass(frozen=True, slots=True)
class Begun:
    """A visit that begins with this batch: whose, with which scan and medium."""

    visit: KnownVisit
    subject_id: UUID
    scan_id: UUID
    medium_id: UUID | None


@dataclass(slots=True)
class Batch:
    """What is known to a batch, and what it adds: visits begun, and one question to the gate for each visit."""

    by: TerminalActor
    at: datetime
    people: dict[UUID, PersonState]
    relations: dict[UUID, Relation]
    visits: dict[UUID, list[KnownVisit]]
    begun: list[Begun] = field(default_factory=list)
    asks: dict[UUID, gate.Ask] = field(default_factory=dict)

    @property
    def to(self) -> gate.ThirdPartyRecipient:
        """To whom anything is disclosed."""
        return gate.ThirdPartyRecipient.at(self.by)

    def facts(self) -> list[VisitFact]:
        """The visits that may earn stamps, in the order in which they happened."""
        return [
            VisitFact(one.visit.id, one.subject_id, self.by.terminal_id, one.visit.occurred_at) for one in self.begun
        ]

    def enter_stamps(self, at_visits: Mapping[UUID, Standing]) -> None:
        """Let the entry of each visit tell how many stamps there were after it."""
        for visit_id, standing in at_visits.items():
            ask = self.asks[visit_id]
            if ask.entry is not None:
                stamps = {"stamps": standing.view.balance, "stamps_needed": standing.terms.stamps_needed}
                entry = replace(ask.entry, payload={**ask.entry.payload, **stamps})
                self.asks[visit_id] = replace(ask, entry=entry)

    def stamps_of(self, answer: Answer, standings: Mapping[UUID, Standing]) -> StampsView | None:
        """What the till shows of the loyalty card of whoever was identified, unless its use is restricted by now."""
        person = self.people.get(answer.subject_id) if answer.subject_id else None
        if person is None or person.state != "active" or person.id not in standings:
            return None
        return standings[person.id].view

    def answer_again(self, scan_id: UUID, known: KnownScan) -> Answer:
        """The first answer; values only while the person still stands there and shares them."""
        answer = Answer(scan_id, known.outcome, known.first_at)
        if known.visit is not None:
            self._belongs(answer, known.visit, to_visit_at=known.visit.occurred_at)
        return answer

    def answer(self, one: Shown) -> Answer:
        """The answer to a scan that is new; one that identifies somebody begins a visit or belongs to one."""
        judgement, subject_id = one.judgement, one.subject_id
        answer = Answer(one.id, judgement.outcome, judgement.first_at)
        if subject_id is not None and judgement.outcome is Outcome.IDENTIFIED:
            visit = self._standing_visit(subject_id, one) or self._begin_visit(subject_id, one)
            self._belongs(answer, visit, to_visit_at=one.occurred_at)
        elif subject_id is not None and judgement.refusal is not None:
            entry = self._entry("visit_refused", subject_id, one, {"reason": judgement.refusal.value})
            self.asks[one.id] = gate.Ask(entry=entry)
        return answer

    def _standing_visit(self, subject_id: UUID, one: Shown) -> KnownVisit | None:
        return next(
            (
                visit
                for visit in self.visits.get(subject_id, ())
                if rules.in_same_visit(visit.occurred_at, occurred_at=one.occurred_at)
            ),
            None,
        )

    def _begin_visit(self, subject_id: UUID, one: Shown) -> KnownVisit:
        visit = KnownVisit(new_id(), subject_id, new_id(), frozenset(), one.occurred_at)
        self.visits.setdefault(subject_id, []).append(visit)
        self.begun.append(Begun(visit, subject_id, one.id, one.medium.medium_id if one.medium else None))
        entry = self._entry("visit", subject_id, one, {"visit_id": str(visit.id)})
        self.asks[visit.id] = self._ask(subject_id, replace(entry, id=visit.entry_id), shown_at=one.occurred_at)
        return visit

    def _belongs(self, answer: Answer, visit: KnownVisit, *, to_visit_at: datetime) -> None:
        relation = self.relations.get(visit.subject_id) if visit.subject_id else None
        answer.visit_id = visit.id
        answer.subject_id = visit.subject_id
        answer.member_number = relation.member_number if relation else None
        if relation is None or visit.subject_id not in self.people or visit.id in self.asks:
            return
        ask = self._ask(visit.subject_id, None, shown_at=to_visit_at)
        self.asks[visit.id] = replace(ask, entered=gate.Entered(visit.entry_id, visit.fields))

    def _ask(self, subject_id: UUID, entry: NewEntry | None, *, shown_at: datetime) -> gate.Ask:
        """What is shared for the till while the person stands there; nothing is shown after they have left."""
        person, relation = self.people[subject_id], self.relations[subject_id]
        if rules.still_there(shown_at, at=self.at):
            return gate.at_till(person, relation, to=self.to, entry=entry, at=self.at)
        return gate.Ask(person, self.to, relation=relation, entry=entry)

    def _entry(self, kind: str, subject_id: UUID, one: Shown, payload: dict[str, object]) -> NewEntry:
        return NewEntry(
            subject_id=subject_id,
            kind=kind,
            at=one.occurred_at,
            recipient_id=self.by.third_party_id,
            purpose="identification",
            basis="contract",
            payload={**payload, "premises_id": str(self.by.premises_id), "terminal_id": str(self.by.terminal_id)},
        )
