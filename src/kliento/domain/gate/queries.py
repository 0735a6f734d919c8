"""The facts a decision looks at, from the declaration and from what was read. Nothing here opens a value."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView
from kliento.domain.consents.queries import objections_of, standing, standing_of
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.rules import Basis, Facts, Reason, RecipientKind, Standing, State, judge, overstepping
from kliento.domain.people.queries import is_minor, lock_people, person_behind, state_of_owner
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Derived, Field, Purpose
from kliento.domain.sharing.queries import past_grants
from kliento.domain.sharing.rules import LATELY, PROGRAMME, Pair, PastGrant
from kliento.domain.vault.queries import owners_keeping
from kliento.kernel.actor import OperatorActor, TerminalActor


@dataclass(frozen=True, slots=True)
class ThirdPartyRecipient:
    """A third party that asks, and the terminal or the operator it asks through, if it is one."""

    third_party_id: UUID
    terminal_id: UUID | None = None
    operator_id: UUID | None = None

    @classmethod
    def at(cls, terminal: TerminalActor) -> "ThirdPartyRecipient":
        """The third party whose terminal this is."""
        return cls(terminal.third_party_id, terminal_id=terminal.terminal_id)

    @classmethod
    def of(cls, operator: OperatorActor) -> "ThirdPartyRecipient":
        """The third party this operator works for."""
        return cls(operator.third_party_id, operator_id=operator.operator_id)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for every field of one question. `approved`: the recipient, by name, for this purpose, now."""

    purpose: str
    recipient: RecipientKind
    state: State
    approved: bool = True
    locked: bool = False
    objected: bool = False
    there: bool = False


def kind_asking(purpose: str) -> RecipientKind:
    """As what a third party asks: as the issuer of its card for its programme, as itself for everything else."""
    return RecipientKind.ISSUER if purpose == PROGRAMME else RecipientKind.THIRD_PARTY


def facts_of(code: str, *, within: Circumstances, chosen: bool, hidden: bool | None) -> Facts:
    """The facts of one field or derived fact.

    `hidden`: how the vault holds the field itself, or the field the fact is worked out from; None: it holds nothing.
    """
    declared = register()
    purpose = declared.purposes.get(within.purpose)
    known = declared.derived.get(code) or declared.fields.get(code)
    return Facts(
        purpose=_standing(purpose),
        field=_standing(known),
        lawful=within.approved and _is_lawful(within.recipient, purpose),
        allowed=purpose is not None and code in purpose.fields,
        recipient=within.recipient,
        state=within.state,
        basis=Basis(purpose.basis) if purpose else Basis.CONSENT,
        locked=within.locked,
        chosen=chosen,
        objected=within.objected,
        special=isinstance(known, Field) and known.special is not None,
        there=within.there,
        hidden=bool(hidden),
        present=hidden is not None,
    )


def may_use(person_id: UUID, purpose: str, *, state: str = "", use: str = "") -> bool:
    """Whether Kliento's own program may work for this purpose on what concerns this person, now (R-PUR-3).

    For programs that hold no value, such as counting or ordering. `state`: how the person stands, where that is known.
    `use`: which objection is about this kind of use; unsaid, any that stops the purpose does (R-DEL-2).

    At most two statements where a purpose rests on legitimate interest. Raises Invalid for one that is not declared.
    """
    declared = register().purpose(purpose)
    facts = Facts(
        purpose=_standing(declared),
        field=Standing.IN_USE,
        lawful=_is_lawful(RecipientKind.HOLDER, declared),
        allowed=True,
        recipient=RecipientKind.HOLDER,
        state=State(state or state_of_owner(person_id) or "none"),
        basis=Basis(declared.basis),
        locked=is_locked(person_id, declared),
        chosen=is_agreed(person_id, declared),
        objected=_is_stopped(person_id, purpose, use=use),
        special=False,
        there=False,
        hidden=False,
        present=True,
    )
    return judge(facts) is Reason.RELEASED


def keepers_of(field: str, *, after: UUID | None = None, limit: int) -> list[UUID]:
    """Who keeps something in this field, in the order of their ids, at most `limit` behind `after`. Opens nothing."""
    return owners_keeping(field, after=after, limit=limit)


def is_agreed(owner_id: UUID, purpose: Purpose, *, channel: str = "") -> bool:
    """Whether what the purpose rests on is there, where it names no recipient: a consent where consent is the basis.

    For something that is sent it is the consent for that channel, where the purpose asks for each by itself.
    """
    if purpose.basis != "consent":
        return True
    person_id = person_behind(owner_id)
    given = standing(person_id) if person_id else frozenset()
    return any(
        choice.purpose == purpose.code
        and choice.recipient_id is None
        and (not channel or not purpose.channels or choice.channel == channel)
        for choice in given
    )


def reached_by(person_ids: Collection[UUID], purpose: str, *, channel: str) -> frozenset[UUID]:
    """Those of these people to whom something may be said for this purpose on this channel, now (R-CON-3).

    For what is put into the service by itself, where no address is opened. Four statements, however many they are.
    """
    declared = register().purpose(purpose)
    people, given = lock_people(person_ids), standing_of(person_ids)
    objecting = objections_of(person_ids) if register().is_objectionable(purpose) else {}
    facts = {
        person.id: Facts(
            purpose=_standing(declared),
            field=Standing.IN_USE,
            lawful=_is_lawful(RecipientKind.DELIVERY, declared),
            allowed=True,
            recipient=RecipientKind.DELIVERY,
            state=State(person.state),
            locked=declared.is_locked(is_minor=person.is_minor),
            basis=Basis(declared.basis),
            chosen=declared.basis != "consent" or Choice(purpose, channel) in given[person.id],
            objected=register().is_stopped(purpose, objecting.get(person.id, frozenset())),
            special=False,
            there=False,
            hidden=False,
            present=True,
        )
        for person in people.values()
    }
    return frozenset(person_id for person_id, each in facts.items() if judge(each) is Reason.RELEASED)


def is_locked(owner_id: UUID, purpose: Purpose) -> bool:
    """Whether the purpose is locked off for the person behind this owner, who is a minor (R-REG-3)."""
    return purpose.adults_only and purpose.is_locked(is_minor=is_minor(owner_id))


def is_objected(owner_id: UUID, purpose: Purpose, *, use: str = "") -> bool:
    """Whether the person objects under whose own id, or account's, this owner's values are sealed."""
    person_id = person_behind(owner_id) if register().is_objectionable(purpose.code) else None
    return person_id is not None and _is_stopped(person_id, purpose.code, use=use)


def asked_as_before(entries: Iterable[EntryView]) -> frozenset[UUID]:
    """Those of these refusals at which a third party asked only for what it may have had until not long ago.

    Its programs cannot know at once that something was ended, paused or left without force. One statement; none where
    nothing was refused that it could know of.
    """
    refused = [one for one in entries if not one.payload.get("undeclared_fields")]
    if not refused:
        return frozenset()
    past: dict[tuple[UUID | None, UUID | None, str, str], list[PastGrant]] = defaultdict(list)
    between = [Pair(one.subject_id, one.recipient_id) for one in refused if one.subject_id and one.recipient_id]
    for grant in past_grants(between, since=min(one.at for one in refused) - LATELY):
        past[*grant.pair, grant.purpose, grant.field].append(grant)
    return frozenset(
        one.id
        for one in refused
        if all(
            any(grant.stood_lately(at=one.at) for grant in past[one.subject_id, one.recipient_id, one.purpose, code])
            for code in overstepping(one.payload)
        )
    )


def reasons_of(payload: Mapping[str, object]) -> dict[str, object]:
    """Why each withheld field of an Activity entry was withheld, in words for the person it is about."""
    withheld = payload.get("withheld", {})
    return {field: _WORDS[Reason(code)] for field, code in withheld.items()} if isinstance(withheld, dict) else {}


_WORDS = {
    Reason.UNDECLARED_PURPOSE: _("They named no purpose that Kliento knows."),
    Reason.PLANNED_PURPOSE: _("This purpose is not in use yet."),
    Reason.UNDECLARED_FIELD: _("Kliento keeps no such detail."),
    Reason.PLANNED_FIELD: _("This detail is not in use yet."),
    Reason.UNDECLARED_QUESTION: _("Together with it they asked for something Kliento does not know."),
    Reason.UNLAWFUL_RECIPIENT: _("They may not be given anything for this purpose."),
    Reason.FIELD_NOT_IN_PURPOSE: _("This detail is not part of that purpose."),
    Reason.NO_PERSON: _("The account was closed or being closed."),
    Reason.LOCKED: _("This is locked off for minors."),
    Reason.NOT_CHOSEN: _("You have not shared it with them."),
    Reason.OBJECTED: _("You have objected to this use."),
    Reason.RESTRICTED: _("You have restricted the use of your data."),
    Reason.NOT_THERE: _("They may ask for it only while you are there."),
    Reason.HIDDEN: _("You have hidden it."),
    Reason.EMPTY: _("You have not stored it."),
}


def _is_stopped(person_id: UUID, purpose: str, *, use: str) -> bool:
    declared = register()
    if not declared.is_objectionable(purpose):
        return False
    return declared.is_stopped(purpose, objections_of([person_id])[person_id], use=use)


def _standing(part: Purpose | Field | Derived | None) -> Standing:
    if part is None:
        return Standing.UNDECLARED
    return Standing.IN_USE if part.status == "in_use" else Standing.PLANNED


def _is_lawful(recipient: RecipientKind, purpose: Purpose | None) -> bool:
    """Every kind must be declared, in use, and in the purpose. People are no recipients of their own data; Kliento is
    none where the purpose passes nothing on.
    """
    if recipient in (RecipientKind.SELF, RecipientKind.DELIVERY):
        return True
    if recipient is RecipientKind.HOLDER:
        return purpose is not None and not purpose.recipient_kinds
    kind = register().recipient_kinds.get(recipient)
    return kind is not None and kind.status == "in_use" and purpose is not None and recipient in purpose.recipient_kinds
