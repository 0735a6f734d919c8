"""Who may open a till, and who did."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from kliento.domain.recipients import rules
from kliento.domain.recipients.models import Operator, ShiftAtTill, ThirdParty
from kliento.domain.recipients.queries.standing import approved_now
from kliento.domain.recipients.rules import Right
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class AtTheTill:
    """An operator as the screen of their company's till names them. The gate opens `sealed_name`."""

    operator_id: UUID
    account_id: UUID
    role: str
    sealed_name: bytes


@dataclass(frozen=True, slots=True)
class Demands:
    """What a third party asks: the weakest card to identify and to redeem, and whether tills open for a PIN only.

    `without_pin`: how many of its people who use tills could not open one.
    """

    least_to_identify: str
    least_to_redeem: str
    pin_wanted: bool
    without_pin: int


def openers_of(third_party_id: UUID) -> list[AtTheTill]:
    """Everybody who can open its tills with a PIN, by when they came. One statement."""
    rows = _users_of_tills(third_party_id).exclude(pin="").order_by("appointed_at", "id")
    return [_at_the_till(row) for row in rows]


def on_duty(operator_id: UUID, mark: str, *, third_party_id: UUID) -> AtTheTill:
    """The operator who opened a till with the PIN of that mark. One statement.

    Raises NotFound once they work there no more, use no till any more, or have another PIN.
    """
    row = _users_of_tills(third_party_id).filter(id=operator_id).exclude(pin="").first()
    if row is None or rules.mark_of(row.pin) != mark:
        raise NotFound(code="operator_unknown")
    return _at_the_till(row)


def shifts_at(terminal_id: UUID, shift_ids: Iterable[UUID]) -> dict[UUID, rules.OnDuty]:
    """Those of these shifts that were at this terminal. One statement."""
    found = ShiftAtTill.objects.filter(terminal_id=terminal_id, id__in=set(shift_ids))
    rows = found.values_list("id", "operator_id", "began_at", "ended_at")
    return {shift_id: rules.OnDuty(operator_id, began, ended) for shift_id, operator_id, began, ended in rows}


def demands_of(third_party_id: UUID) -> Demands:
    """What it asks now. Two statements."""
    asks = ThirdParty.objects.values_list("least_to_identify", "least_to_redeem", "pin_wanted").get(id=third_party_id)
    return Demands(*asks, without_pin=_users_of_tills(third_party_id).filter(pin="").count())


def has_pin(by: OperatorActor) -> bool:
    """Whether one has chosen a PIN."""
    return Operator.objects.filter(id=by.operator_id, ended_at=None).exclude(pin="").exists()


def _users_of_tills(third_party_id: UUID) -> QuerySet[Operator]:
    roles = rules.roles_with(Right.USE_TILL)
    current = approved_now("third_party__") & Q(ended_at=None, account__isnull=False)
    return Operator.objects.filter(current, third_party_id=third_party_id, role__in=roles)


def _at_the_till(row: Operator) -> AtTheTill:
    if row.account_id is None:
        raise NotFound(code="operator_unknown")
    return AtTheTill(row.id, row.account_id, rules.role_read(row.role), bytes(row.sealed_name))
