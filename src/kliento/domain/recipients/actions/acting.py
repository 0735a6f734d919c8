"""Whose act it is: the register holder's, or that of an operator for their own third party. And that it was theirs."""

from datetime import datetime
from uuid import UUID

from kliento.domain.recipients.models import OperatorAct
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.kernel.actor import Actor, OperatorActor, SystemActor, TerminalActor
from kliento.kernel.errors import NotAllowed, NotFound


def only_the_register_holder(by: Actor) -> None:
    """Raise NotAllowed for anybody else."""
    if not isinstance(by, SystemActor):
        raise NotAllowed(code="not_the_register_holder")


def working_for(third_party_id: UUID, right: Right, *, by: Actor) -> None:
    """Pass the register holder, and the third party's own operators whose role holds the right.

    Raises NotFound for operators of others: to them there is no such thing (R-VIS-3).
    """
    if not isinstance(by, OperatorActor):
        only_the_register_holder(by)
        return
    if by.third_party_id != third_party_id:
        raise NotFound(code="third_party_unknown")
    require(by, right)


def note_act(by: OperatorActor, act: str, *, reference: str = "", at: datetime) -> None:
    """Note for the third party's own audit what its operator did. Part of the caller's transaction.

    `reference` is an id, a member number or a code, at most 120 characters; never a value.
    """
    OperatorAct.objects.create(
        third_party_id=by.third_party_id, operator_id=by.operator_id, act=act, reference=reference, at=at
    )


def note_at_till(by: TerminalActor, act: str, *, at: datetime) -> None:
    """The same for whoever is on duty at a till; nobody is named where nobody said so. The reference is the till."""
    OperatorAct.objects.create(
        third_party_id=by.third_party_id, operator_id=by.operator_id, act=act, reference=str(by.terminal_id), at=at
    )


def note_if_operator(by: Actor, act: str, *, reference: str, at: datetime) -> None:
    """The same where the register holder may act as well: that is not in anybody's team."""
    if isinstance(by, OperatorActor):
        note_act(by, act, reference=reference, at=at)
