"""Disclosing to others: decide, enter in Activity, commit, and only then open (R-ACT-1).

Over-recording after a crash is right, under-recording never: an entry may stand for values nobody got to see.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.queries import objections_of
from kliento.domain.gate.queries import Circumstances, ThirdPartyRecipient, facts_of
from kliento.domain.gate.rules import Decision, RecipientKind, State, decide
from kliento.domain.people.queries import PersonState, lock_people
from kliento.domain.policy.queries import register
from kliento.domain.sharing.actions import SERVING
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair, Relation
from kliento.domain.vault.queries import data_keys, open_values, sealed_values
from kliento.domain.vault.rules import DataKeys, SealedValue
from kliento.kernel.errors import Invalid, NotAllowed, NotFound


class Refused(NotAllowed):
    """Nothing is released, and whoever asked is not told why (R-VIS-8); the person's Activity says it."""

    code = "withheld"


class NotCommitted(RuntimeError):
    """Somebody tried to open what is not yet, or will never be, entered in Activity."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The entry an act has already, and the fields it names."""

    entry_id: UUID
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question within a larger act. Asking for no fields is an act that discloses nothing.

    `entry` is the Activity entry of the whole act, which the gate completes with what was released and records: a
    visit and its disclosure are one entry. Without it the gate enters the disclosure or refusal by itself.
    `entered` is given when the act goes on (a retry, a second scan during one visit): only what its entry does not name
    yet makes another one.
    """

    person: PersonState | None = None
    to: ThirdPartyRecipient | None = None
    purpose: str = ""
    fields: tuple[str, ...] = ()
    relation: Relation | None = None
    entry: NewEntry | None = None
    entered: Entered | None = None


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

    __slots__ = ("_commit", "_keys", "_sealed", "entry_id", "released", "withheld")

    def __init__(
        self, decision: Decision, *, entry_id: UUID, sealed: Sequence[SealedValue], keys: DataKeys, commit: "_Commit"
    ) -> None:
        self.entry_id = entry_id
        self.released = decision.released
        self.withheld = decision.withheld
        self._sealed = sealed
        self._keys = keys
        self._commit = commit

    def open(self) -> dict[str, str]:
        """The released values by field. Raises NotCommitted before the commit, and for ever after a rollback."""
        if not self._commit.happened:
            raise NotCommitted("The Activity entry of this disclosure is not committed.")
        return {name: text for (_owner, name), text in open_values(self._sealed, self._keys).items()}

    def __repr__(self) -> str:
        """Field names only."""
        return f"<SealedDisclosure of {', '.join(self.released) or 'nothing'}>"


def disclose(
    person_id: UUID, *, to: ThirdPartyRecipient, purpose: str, fields: Sequence[str], at: datetime
) -> Disclosure:
    """Release what this recipient may see of the asked fields, entered in Activity before it leaves.

    A transaction of its own, durable before anything is opened. Afterwards raises Refused when nothing may be
    released; Invalid when the purpose or a field is not declared, or no field is asked (then nothing is released,
    R-PUR-2). Raises NotFound, without an entry, when there is no such person.
    """
    with transaction.atomic(durable=True):
        person = lock_people([person_id]).get(person_id)
        if person is None:
            raise NotFound(code="unknown_person")
        pair = Pair(person_id, to.third_party_id)
        relation = relations([pair]).get(pair)
        asked = tuple(dict.fromkeys(fields))
        [sealed] = disclose_many([Ask(person, to, purpose, asked, relation)], at=at)
    _demand_declared(purpose, asked)
    if not sealed.released:
        raise Refused(_("Not available."))
    return Disclosure(values=sealed.open(), withheld=tuple(sealed.withheld), entry_id=sealed.entry_id)


def at_till(
    person: PersonState, relation: Relation, *, to: ThirdPartyRecipient, entry: NewEntry | None, at: datetime
) -> Ask:
    """What is shown when a card is shown: the fields meant for the till among those the person shares there."""
    shared = register().purpose(SERVING).at_till & relation.granted(SERVING, at=at)
    return Ask(person, to, SERVING, tuple(sorted(shared)), relation, entry)


def disclose_many(asks: Sequence[Ask], *, at: datetime) -> list[SealedDisclosure]:
    """Decide and enter any number of questions within the caller's transaction; answers in the same order.

    Never raises for a refusal. The caller has locked the people. At most 4 statements for any number of asks (values,
    keys, and 2 of `record`); one more where a purpose can be objected to.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A disclosure belongs to the transaction of its act.")
    held, keys = _held(asks)
    objections = _objections(asks)
    decisions = [_decided(ask, held, objections, at=at) for ask in asks]
    entries = [_entered(ask, decision, at=at) for ask, decision in zip(asks, decisions, strict=True)]
    recorded = iter(record([entry for entry in entries if isinstance(entry, NewEntry)]))
    commit = _Commit()
    transaction.on_commit(commit.set)
    return [
        SealedDisclosure(
            decision,
            entry_id=next(recorded) if isinstance(entry, NewEntry) else entry.entry_id,
            sealed=[held[ask.person.id, name] for name in decision.released] if ask.person else (),
            keys=keys,
            commit=commit,
        )
        for ask, decision, entry in zip(asks, decisions, entries, strict=True)
    ]


class _Commit:
    """Whether the transaction that holds the entries was committed. A rollback leaves it unset for ever."""

    __slots__ = ("happened",)

    def __init__(self) -> None:
        self.happened = False

    def set(self) -> None:
        self.happened = True


def _held(asks: Sequence[Ask]) -> tuple[dict[tuple[UUID, str], SealedValue], DataKeys]:
    """What the vault holds of all that is asked, still sealed, with its keys. A value without a key is no value."""
    owners = {ask.person.id for ask in asks if ask.person and ask.fields}
    values = sealed_values(owners, {name for ask in asks for name in ask.fields}) if owners else []
    if not values:
        return {}, DataKeys({}, {})
    keys = data_keys({value.owner_id for value in values})
    return {(value.owner_id, value.field): value for value in values if value.owner_id in keys.wrapped}, keys


def _objections(asks: Sequence[Ask]) -> dict[UUID, frozenset[str]]:
    purposes = register().purposes
    concerned = {
        ask.person.id for ask in asks if ask.person and ask.purpose in purposes and purposes[ask.purpose].objectionable
    }
    return objections_of(concerned) if concerned else {}


def _decided(
    ask: Ask,
    held: Mapping[tuple[UUID, str], SealedValue],
    objections: Mapping[UUID, frozenset[str]],
    *,
    at: datetime,
) -> Decision:
    if ask.person is None:
        return Decision()
    person = ask.person
    within = Circumstances(
        purpose=ask.purpose,
        recipient=RecipientKind.THIRD_PARTY,
        state=State(person.state),
        objected=ask.purpose in objections.get(person.id, ()),
    )
    chosen = _chosen(ask, at=at)
    return decide(
        {
            name: facts_of(name, within=within, chosen=name in chosen, value=held.get((person.id, name)))
            for name in ask.fields
        }
    )


def _chosen(ask: Ask, *, at: datetime) -> Collection[str]:
    """Where consent is the basis, the grants; where a contract is, everything, once there is a relationship."""
    purpose = register().purposes.get(ask.purpose)
    if purpose is None or ask.relation is None:
        return ()
    return ask.relation.granted(ask.purpose, at=at) if purpose.basis == "consent" else ask.fields


def _entered(ask: Ask, decision: Decision, *, at: datetime) -> NewEntry | Entered:
    """The entry of the act, completed with what was released, why that was lawful, and what was withheld and why.

    Or the entry it has already, when that names everything released now.
    """
    if ask.entered is not None and ask.entered.fields.issuperset(decision.released):
        return ask.entered
    if ask.person is None or ask.to is None or (ask.entry is not None and not ask.fields):
        if ask.entry is None:
            raise ValueError("An ask about nobody needs the entry of its act.")
        return ask.entry
    entry = ask.entry or NewEntry(
        subject_id=ask.person.id, kind="disclosed" if decision.released else "disclosure_refused", at=at
    )
    purpose = register().purposes.get(ask.purpose)
    if purpose is not None and (decision.released or ask.entry is None):
        entry = replace(entry, purpose=purpose.code, basis=purpose.basis)
    return replace(
        entry,
        recipient_id=ask.to.third_party_id,
        fields=decision.released,
        until=_until(ask, decision),
        payload={**entry.payload, **_withheld(decision, to=ask.to)},
    )


def _until(ask: Ask, decision: Decision) -> datetime | None:
    """When the first of the grants behind this release runs out."""
    ends = [
        grant.expires_at
        for grant in (ask.relation.grants if ask.relation else ())
        if grant.field in decision.released and grant.purpose == ask.purpose and grant.expires_at
    ]
    return min(ends, default=None)


def _withheld(decision: Decision, *, to: ThirdPartyRecipient) -> dict[str, object]:
    """For the payload. What was asked under no name of the declaration is counted, never copied: it is foreign text."""
    known = {name: reason.value for name, reason in decision.withheld.items() if name in register().fields}
    unknown = len(decision.withheld) - len(known)
    through = {"terminal_id": to.terminal_id, "operator_id": to.operator_id}
    payload: dict[str, object] = {name: str(identifier) for name, identifier in through.items() if identifier}
    if known:
        payload["withheld"] = known
    if unknown:
        payload["undeclared_fields"] = unknown
    return payload


def _demand_declared(purpose: str, fields: Sequence[str]) -> None:
    """Raises Invalid: naming what the declaration does not know tells nothing about the person."""
    register().purpose(purpose)
    for name in fields:
        register().field(name)
    if not fields:
        raise Invalid(code="no_fields", pointer="fields")
