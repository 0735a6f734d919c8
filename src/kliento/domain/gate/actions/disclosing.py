"""Disclosing to others: decide, enter in Activity, commit, and only then open (R-ACT-1).

Over-recording after a crash is right, under-recording never: an entry may stand for values nobody got to see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.gate.actions.deciding import Ask, Entered, Held, Holding, decided, opened
from kliento.domain.gate.queries import ThirdPartyRecipient
from kliento.domain.gate.rules import Decision
from kliento.domain.people.queries import PersonState, lock_people
from kliento.domain.policy.queries import register
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import SERVING, Pair, Relation
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import day_of
from kliento.kernel.errors import Invalid, NotAllowed, NotFound


class Refused(NotAllowed):
    """Nothing is released, and whoever asked is not told why (R-VIS-8); the person's Activity says it."""

    code = "withheld"


class NotCommitted(RuntimeError):
    """Somebody tried to open what is not yet, or will never be, entered in Activity."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a recipient gets. `withheld` names what they asked for and do not get; never why."""

    values: Mapping[str, str] = field(repr=False)
    withheld: tuple[str, ...]
    entry_id: UUID

    def __repr__(self) -> str:
        """Field names only, so that no log or traceback ever shows a value."""
        return f"<Disclosure of {', '.join(self.values) or 'nothing'}>"


class SealedDisclosure:
    """A disclosure that is decided and entered, to be opened once the transaction it belongs to is committed."""

    __slots__ = ("_at", "_commit", "_held", "_owner_id", "entry_id", "released", "withheld")

    def __init__(
        self, decision: Decision, *, entry_id: UUID, owner_id: UUID | None, held: Held, commit: "Commit", at: datetime
    ) -> None:
        self.entry_id = entry_id
        self.released = decision.released
        self.withheld = decision.withheld
        self._owner_id = owner_id
        self._held = held
        self._commit = commit
        self._at = at

    def open(self) -> dict[str, str]:
        """The released values and facts by code. Raises NotCommitted before the commit and ever after a rollback."""
        self._commit.demand()
        if self._owner_id is None:
            return {}
        return opened(self._held.of_each(self._owner_id, self.released), self._held.keys, on=day_of(self._at))

    def __repr__(self) -> str:
        """Field names only."""
        return f"<SealedDisclosure of {', '.join(self.released) or 'nothing'}>"


class Commit:
    """Whether the transaction that holds the entries was committed. A rollback leaves it unset for ever."""

    __slots__ = ("happened",)

    def __init__(self) -> None:
        self.happened = False
        transaction.on_commit(self.set)

    def set(self) -> None:
        """It is committed."""
        self.happened = True

    def demand(self) -> None:
        """Raises NotCommitted unless it is."""
        if not self.happened:
            raise NotCommitted("The Activity entry of this disclosure is not committed.")


def disclose(
    person_id: UUID, *, to: ThirdPartyRecipient | OperatorActor, purpose: str, fields: Sequence[str], at: datetime
) -> Disclosure:
    """Release what this recipient may see of the asked fields and derived facts, entered in Activity before it leaves.

    A transaction of its own, durable before anything is opened. Afterwards raises Refused when nothing may be
    released; Invalid when the purpose or a field is not declared, or no field is asked (then nothing is released,
    R-PUR-2). Raises NotFound, without an entry, when there is no such person, and NotAllowed for an operator whose role
    may not see members.
    """
    recipient = _recipient(to)
    with transaction.atomic(durable=True):
        person = lock_people([person_id]).get(person_id)
        if person is None:
            raise NotFound(code="unknown_person")
        pair = Pair(person_id, recipient.third_party_id)
        relation = relations([pair]).get(pair)
        asked = tuple(dict.fromkeys(fields))
        [sealed] = disclose_many([Ask(person, recipient, purpose, asked, relation)], at=at)
    demand_declared(purpose, asked)
    if not sealed.released:
        raise Refused(_("Not available."))
    return Disclosure(values=sealed.open(), withheld=tuple(sealed.withheld), entry_id=sealed.entry_id)


def at_till(
    person: PersonState, relation: Relation, *, to: ThirdPartyRecipient, entry: NewEntry | None, at: datetime
) -> Ask:
    """What is shown when a card is shown: the fields meant for the till among those the person shares there."""
    shared = register().purpose(SERVING).at_till & relation.granted(SERVING, at=at)
    return Ask(person, to, SERVING, tuple(sorted(shared)), relation, entry)


def disclose_many(asks: Sequence[Ask], *, at: datetime, holding: Holding | None = None) -> list[SealedDisclosure]:
    """Decide and enter any number of questions within the caller's transaction; answers in the same order.

    Never raises for a refusal. The caller has locked the people. At most 4 statements for any number of asks (values,
    keys, and 2 of `record`); one more where a purpose can be objected to, one where a special category is asked for.
    `holding`: the first two of these, sent already in this transaction, after the people were locked.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A disclosure belongs to the transaction of its act.")
    decisions, held = decided(asks, at=at, holding=holding)
    entries = [_entered(ask, decision, at=at) for ask, decision in zip(asks, decisions, strict=True)]
    recorded = iter(record([entry for entry in entries if isinstance(entry, NewEntry)]))
    commit = Commit()
    return [
        SealedDisclosure(
            decision,
            entry_id=next(recorded) if isinstance(entry, NewEntry) else entry.entry_id,
            owner_id=ask.person.id if ask.person else None,
            held=held,
            commit=commit,
            at=at,
        )
        for ask, decision, entry in zip(asks, decisions, entries, strict=True)
    ]


def _recipient(to: ThirdPartyRecipient | OperatorActor) -> ThirdPartyRecipient:
    if isinstance(to, ThirdPartyRecipient):
        return to
    require(to, Right.SEE_MEMBERS)
    return ThirdPartyRecipient.of(to)


def _entered(ask: Ask, decision: Decision, *, at: datetime) -> NewEntry | Entered:
    """The entry of the act, completed with what was released, or the one it has already, if that names all of it."""
    if ask.entered is not None and ask.entered.fields.issuperset(decision.released):
        return ask.entered
    if ask.person is None or ask.to is None or (ask.entry is not None and not ask.fields):
        if ask.entry is None:
            raise ValueError("An ask about nobody needs the entry of its act.")
        return ask.entry
    kind = "disclosed" if decision.released else "disclosure_refused"
    return completed(ask.entry or NewEntry(ask.person.id, kind, at), ask, decision)


def completed(entry: NewEntry, ask: Ask, decision: Decision) -> NewEntry:
    """The entry with what was released to whom, why that was lawful, until when, and what was withheld and why."""
    purpose = register().purposes.get(ask.purpose)
    told = purpose is not None and (decision.released or ask.entry is None)
    return NewEntry(
        subject_id=entry.subject_id,
        kind=entry.kind,
        at=entry.at,
        id=entry.id,
        purpose=purpose.code if purpose and told else entry.purpose,
        basis=purpose.basis if purpose and told else entry.basis,
        recipient_id=ask.to.third_party_id if ask.to else None,
        fields=decision.released,
        until=_until(ask.relation, decision, purpose=ask.purpose),
        payload={**entry.payload, **_through(ask.to), **_withheld(decision)},
    )


def demand_declared(purpose: str, codes: Sequence[str]) -> None:
    """Raises Invalid: naming what the declaration does not know tells nothing about the person."""
    register().purpose(purpose)
    for code in codes:
        register().detail(code)
    if not codes:
        raise Invalid(code="no_fields", pointer="fields")


def _until(relation: Relation | None, decision: Decision, *, purpose: str) -> datetime | None:
    """When the first of the grants behind this release runs out."""
    ends = [
        grant.expires_at
        for grant in (relation.grants if relation else ())
        if grant.field in decision.released and grant.purpose == purpose and grant.expires_at
    ]
    return min(ends, default=None)


def _through(to: ThirdPartyRecipient | None) -> dict[str, object]:
    through = {"terminal_id": to.terminal_id, "operator_id": to.operator_id} if to else {}
    return {name: str(identifier) for name, identifier in through.items() if identifier}


def _withheld(decision: Decision) -> dict[str, object]:
    """For the payload. What was asked under no name of the declaration is counted, never copied: it is foreign text."""
    declared = register()
    known = {
        code: reason.value
        for code, reason in decision.withheld.items()
        if code in declared.fields or code in declared.derived
    }
    unknown = len(decision.withheld) - len(known)
    payload: dict[str, object] = {"withheld": known} if known else {}
    return payload | ({"undeclared_fields": unknown} if unknown else {})
