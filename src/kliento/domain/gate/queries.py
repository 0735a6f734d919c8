"""The facts a decision looks at, from the declaration and from what was read. Nothing here opens a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kliento.domain.consents.queries import objections_of, standing
from kliento.domain.gate.rules import Basis, Facts, Reason, RecipientKind, Standing, State, judge
from kliento.domain.people.queries import person_behind, state_of_owner
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Derived, Field, Purpose
from kliento.domain.sharing.rules import PROGRAMME
from kliento.domain.vault.queries import owners_keeping
from kliento.domain.vault.rules import SealedValue
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
    objected: bool = False
    there: bool = False


def kind_asking(purpose: str) -> RecipientKind:
    """As what a third party asks: as the issuer of its card for its programme, as itself for everything else."""
    return RecipientKind.ISSUER if purpose == PROGRAMME else RecipientKind.THIRD_PARTY


def facts_of(code: str, *, within: Circumstances, chosen: bool, value: SealedValue | None) -> Facts:
    """The facts of one field or derived fact.

    `value` is what the vault holds of the field itself, or of the field the fact is worked out from, still sealed; None
    where it holds nothing.
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
        chosen=chosen,
        objected=within.objected,
        special=isinstance(known, Field) and known.special is not None,
        there=within.there,
        hidden=value is not None and value.hidden,
        present=value is not None,
    )


def may_use(person_id: UUID, purpose: str) -> bool:
    """Whether Kliento's own program may work for this purpose on what concerns this person, now (R-PUR-3).

    For programs that hold no value, such as counting or ordering. Two statements where a purpose rests on legitimate
    interest. Raises Invalid for a purpose that is not declared.
    """
    declared = register().purpose(purpose)
    facts = Facts(
        purpose=_standing(declared),
        field=Standing.IN_USE,
        lawful=_is_lawful(RecipientKind.HOLDER, declared),
        allowed=True,
        recipient=RecipientKind.HOLDER,
        state=State(state_of_owner(person_id) or "none"),
        basis=Basis(declared.basis),
        chosen=is_agreed(person_id, declared),
        objected=declared.objectionable and purpose in objections_of([person_id])[person_id],
        special=False,
        there=False,
        hidden=False,
        present=True,
    )
    return judge(facts) is Reason.RELEASED


def keepers_of(field: str, *, after: UUID | None = None, limit: int) -> list[UUID]:
    """Who keeps something in this field, in the order of their ids, at most `limit` behind `after`. Opens nothing."""
    return owners_keeping(field, after=after, limit=limit)


def is_agreed(owner_id: UUID, purpose: Purpose) -> bool:
    """Whether what the purpose rests on is there, where it names no recipient: a consent where consent is the basis."""
    if purpose.basis != "consent":
        return True
    person_id = person_behind(owner_id)
    given = standing(person_id) if person_id else frozenset()
    return any(choice.purpose == purpose.code and choice.recipient_id is None for choice in given)


def is_objected(owner_id: UUID, purpose: Purpose) -> bool:
    """Whether the person objects under whose own id, or account's, this owner's values are sealed."""
    person_id = person_behind(owner_id) if purpose.objectionable else None
    return person_id is not None and purpose.code in objections_of([person_id])[person_id]


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
    Reason.NOT_CHOSEN: _("You have not shared it with them."),
    Reason.OBJECTED: _("You have objected to this use."),
    Reason.RESTRICTED: _("You have restricted the use of your data."),
    Reason.NOT_THERE: _("They may ask for it only while you are there."),
    Reason.HIDDEN: _("You have hidden it."),
    Reason.EMPTY: _("You have not stored it."),
}


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
