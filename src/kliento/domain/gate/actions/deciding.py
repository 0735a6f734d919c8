"""What is asked and what is decided of it: all a decision looks at, in statements that do not grow with the asks.

Nothing here enters or opens anything.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from kliento.domain.activity.queries import pairs_with_entry
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.actions import SPECIAL_STORAGE
from kliento.domain.consents.queries import objections_of, standing_of
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.queries import Circumstances, ThirdPartyRecipient, facts_of, kind_asking
from kliento.domain.gate.rules import Decision, RecipientKind, State, decide
from kliento.domain.people.queries import PersonState
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Register, derive
from kliento.domain.sharing.rules import Relation
from kliento.domain.vault.queries import data_keys, keys_of, open_versions, sealed_values, values_of
from kliento.domain.vault.rules import DataKeys, SealedValue
from kliento.kernel.statements import Statement

VISIT = "visit"
GONE = ("visit_disputed", "visit_cancelled", "visit_overruled", "visit_left")
_Special = Mapping[tuple[str, ...], frozenset[str]]  # of each set of fields that is asked for, the special categories
STAYS = timedelta(minutes=30)
"""So long after a visit began the person counts as being there."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The entry an act has already, and the fields it names."""

    entry_id: UUID
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question within a larger act. Asking for no fields is an act that discloses nothing.

    `fields` holds codes of fields and of derived facts. `entry` is the Activity entry of the whole act, which the gate
    completes with what was released and records: a visit and its disclosure are one entry. Without it the gate enters
    the disclosure or refusal by itself. `use` says which objection is about this kind of use; unsaid, any that stops
    the purpose does (R-DEL-2). `entered` is given when the act goes on (a retry, a second scan during one
    visit): only what its entry does not name yet makes another one.
    """

    person: PersonState | None = None
    to: ThirdPartyRecipient | None = None
    purpose: str = ""
    fields: tuple[str, ...] = ()
    relation: Relation | None = None
    entry: NewEntry | None = None
    entered: Entered | None = None
    use: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What the vault holds of all that is asked, still sealed, with its keys. A value without a key is no value."""

    values: Mapping[tuple[UUID, str], SealedValue]
    keys: DataKeys

    def of(self, owner_id: UUID, code: str) -> SealedValue | None:
        """The value of this field, or the one this derived fact is worked out from."""
        return self.values.get((owner_id, register().kept_in(code)))

    def hidden(self, owner_id: UUID, code: str) -> bool | None:
        """Whether its owner has hidden it; None: it is not there."""
        value = self.of(owner_id, code)
        return None if value is None else value.hidden

    def of_each(self, owner_id: UUID, codes: Collection[str]) -> dict[str, SealedValue]:
        """The values behind these codes, which are all there."""
        found = {code: self.of(owner_id, code) for code in codes}
        return {code: value for code, value in found.items() if value is not None}


def held_of(owner_ids: Collection[UUID], codes: Collection[str]) -> Held:
    """What these owners keep of these fields and derived facts. One statement, and one for the keys."""
    kept = {register().kept_in(code) for code in codes}
    values = sealed_values(owner_ids, kept) if owner_ids and kept else []
    return _held(values, data_keys({value.owner_id for value in values})) if values else Held({}, DataKeys({}, {}))


class Holding:
    """The statements by which `held_of` knows of everything these owners keep, for whoever sends others with them."""

    def __init__(self, owner_ids: Collection[UUID]) -> None:
        self.owner_ids = frozenset(owner_ids)
        self._values = values_of(owner_ids) if owner_ids else Statement.answered([])
        self._keys = keys_of(owner_ids) if owner_ids else Statement.answered(DataKeys({}, {}))

    @property
    def statements(self) -> tuple[Statement[list[SealedValue]], Statement[DataKeys]]:
        """The values, and their keys, in another database."""
        return self._values, self._keys

    def completed(self, owner_ids: Set[UUID], codes: Collection[str]) -> Held:
        """What is held of these, once they were sent: by whoever is not among them, too."""
        held = _held(self._values.answer, self._keys.answer)
        if others := owner_ids - self.owner_ids:
            more = held_of(others, codes)
            keys = DataKeys({**held.keys.wrapped, **more.keys.wrapped}, {**held.keys.epochs, **more.keys.epochs})
            held = Held({**held.values, **more.values}, keys)
        return held


def _held(values: Iterable[SealedValue], keys: DataKeys) -> Held:
    return Held({(value.owner_id, value.field): value for value in values if value.owner_id in keys.wrapped}, keys)


def opened(sealed: Mapping[str, SealedValue], keys: DataKeys, *, on: date) -> dict[str, str]:
    """The texts by code: of a field its value, of a derived fact only what follows from the value on that day."""
    texts = dict(zip(sealed, open_versions(sealed.values(), keys), strict=True))
    derived = register().derived
    return {code: derive(derived[code], text, on=on) if code in derived else text for code, text in texts.items()}


def decided(asks: Sequence[Ask], *, at: datetime, holding: Holding | None = None) -> tuple[list[Decision], Held]:
    """The decision on each ask of a third party, in order, and what the released values are sealed in.

    A statement for the values and one for their keys, unless they were sent already; one more where a purpose can be
    objected to, two where a special category is asked for at a till.
    """
    owners = {ask.person.id for ask in asks if ask.person and ask.fields}
    codes = {code for ask in asks for code in ask.fields}
    held = held_of(owners, codes) if holding is None else holding.completed(owners, codes)
    special = {fields: _special_among(fields) for fields in {ask.fields for ask in asks}}
    objections, there, agreed = _objections(asks), _there(asks, special, at=at), _agreed(asks, special)
    return [_decision(ask, held, special[ask.fields], objections, there, agreed, at=at) for ask in asks], held


def judged(codes: Collection[str], *, of: UUID, within: Circumstances, chosen: Collection[str], held: Held) -> Decision:
    """The decision on these fields and derived facts of one person."""
    return _judged(register(), within, tuple((code, code in chosen, held.hidden(of, code)) for code in codes))


@lru_cache(maxsize=4096)
def _judged(
    _declaration: Register, within: Circumstances, asked: tuple[tuple[str, bool, bool | None], ...]
) -> Decision:
    """Once for each declaration and set of facts: a batch of taps asks the same of nearly everybody."""
    return decide({code: facts_of(code, within=within, chosen=chosen, hidden=hidden) for code, chosen, hidden in asked})


def chosen_of(ask: Ask, *, at: datetime) -> Collection[str]:
    """The grants, where consent or a loyalty card is the ground; else everything, once there is a relationship."""
    purpose = register().purposes.get(ask.purpose)
    if purpose is None or ask.relation is None:
        return ()
    by_choice = purpose.basis == "consent" or kind_asking(ask.purpose) is RecipientKind.ISSUER
    return ask.relation.granted(ask.purpose, at=at) if by_choice else ask.fields


def _decision(
    ask: Ask,
    held: Held,
    special: frozenset[str],
    objections: Mapping[UUID, frozenset[str]],
    there: Collection[tuple[UUID, UUID]],
    agreed: Mapping[UUID, Collection[Choice]],
    *,
    at: datetime,
) -> Decision:
    person, to, relation = ask.person, ask.to, ask.relation
    if person is None or to is None:
        return Decision()
    purpose = register().purposes.get(ask.purpose)
    within = Circumstances(
        purpose=ask.purpose,
        recipient=kind_asking(ask.purpose),
        state=State(person.state),
        approved=relation is None or relation.open_to(ask.purpose),
        locked=purpose is not None and purpose.is_locked(is_minor=person.is_minor),
        objected=person.id in objections and register().is_stopped(ask.purpose, objections[person.id], use=ask.use),
        there=to.terminal_id is not None and (person.id, to.third_party_id) in there,
    )
    given = agreed.get(person.id, ())
    chosen = {
        code
        for code in chosen_of(ask, at=at)
        if code not in special
        or {Choice(ask.purpose, field=code, recipient_id=to.third_party_id), Choice(SPECIAL_STORAGE, field=code)}
        <= set(given)
    }
    return judged(ask.fields, of=person.id, within=within, chosen=chosen, held=held)


def _objections(asks: Sequence[Ask]) -> dict[UUID, frozenset[str]]:
    declared = register()
    objectionable = {purpose for purpose in {ask.purpose for ask in asks} if declared.is_objectionable(purpose)}
    concerned = {ask.person.id for ask in asks if ask.person and ask.purpose in objectionable}
    return objections_of(concerned) if concerned else {}


def _there(asks: Sequence[Ask], special: _Special, *, at: datetime) -> set[tuple[UUID, UUID]]:
    """Who stands at the till that asks: identified by that third party within the last half hour, or by this very act.

    Where a visit there was disputed or undone since then, or came to its end, nobody is taken to stand there.

    Looked up only where a special category is asked for at a till; nobody is anywhere else.
    """
    at_tills = {
        (ask.person.id, ask.to.third_party_id): ask.entry
        for ask in asks
        if ask.person and ask.to and ask.to.terminal_id and special[ask.fields]
    }
    arriving = {
        pair for pair, entry in at_tills.items() if entry is not None and entry.kind == VISIT and entry.at >= at - STAYS
    }
    came = pairs_with_entry([VISIT], at_tills.keys() - arriving, since=at - STAYS)
    return arriving | (came - pairs_with_entry(GONE, came, since=at - STAYS))


def _agreed(asks: Sequence[Ask], special: _Special) -> Mapping[UUID, Collection[Choice]]:
    """The consents of whoever is asked for a special category: its grant is nothing without the explicit one (R-DAT-2).

    Looked up only where such a grant is there.
    """
    concerned = {
        ask.person.id
        for ask in asks
        if ask.person and ask.relation and any(grant.field in special[ask.fields] for grant in ask.relation.grants)
    }
    return standing_of(concerned) if concerned else {}


def _special_among(codes: Collection[str]) -> frozenset[str]:
    """What is asked for of special categories. Nothing is worked out from them, so these are fields."""
    fields = register().fields
    return frozenset(code for code in codes if code in fields and fields[code].special)
