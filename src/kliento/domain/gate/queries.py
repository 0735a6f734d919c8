"""The facts a decision looks at, from the declaration and from what was read. Nothing here opens a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kliento.domain.gate.rules import Basis, Facts, Reason, RecipientKind, Standing, State
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Field, Purpose
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
    """What holds for every field of one question."""

    purpose: str
    recipient: RecipientKind
    state: State
    objected: bool = False


def facts_of(field: str, *, within: Circumstances, chosen: bool, value: SealedValue | None) -> Facts:
    """The facts of one field; `value` is what the vault holds, still sealed, and None where it holds nothing."""
    declared = register()
    purpose, known = declared.purposes.get(within.purpose), declared.fields.get(field)
    return Facts(
        purpose=_standing(purpose),
        field=_standing(known),
        lawful=_is_lawful(within.recipient, purpose),
        allowed=purpose is not None and field in purpose.fields,
        recipient=within.recipient,
        state=within.state,
        basis=Basis(purpose.basis) if purpose else Basis.CONSENT,
        chosen=chosen,
        objected=within.objected,
        hidden=value is not None and value.hidden,
        present=value is not None,
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
    Reason.NOT_CHOSEN: _("You have not shared it with them."),
    Reason.OBJECTED: _("You have objected to this use."),
    Reason.RESTRICTED: _("You have restricted the use of your data."),
    Reason.HIDDEN: _("You have hidden it."),
    Reason.EMPTY: _("You have not stored it."),
}


def _standing(part: Purpose | Field | None) -> Standing:
    if part is None:
        return Standing.UNDECLARED
    return Standing.IN_USE if part.status == "in_use" else Standing.PLANNED


def _is_lawful(recipient: RecipientKind, purpose: Purpose | None) -> bool:
    """People are no recipients of their own data; every other kind must be declared, in use, and in the purpose."""
    if recipient in (RecipientKind.SELF, RecipientKind.DELIVERY):
        return True
    kind = register().recipient_kinds.get(recipient)
    return kind is not None and kind.status == "in_use" and purpose is not None and recipient in purpose.recipient_kinds
