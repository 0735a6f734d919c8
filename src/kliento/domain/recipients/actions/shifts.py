"""Who is on duty at a till: a PIN that operators choose in the portal, and saying at the till who one is.

A wrong PIN is counted before it is compared, in a transaction of its own: however many are tried at the same moment, on
either engine, no more are compared than may be, and nobody waits for a slow hash under a lock.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.recipients import rules
from kliento.domain.recipients.actions.acting import note_act
from kliento.domain.recipients.actions.duty import end_shifts, enter_shift
from kliento.domain.recipients.models import Operator, OperatorAct
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.kernel.actor import OperatorActor, TerminalActor
from kliento.kernel.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Shift:
    """Who opened which till. `mark` changes with the PIN."""

    id: UUID
    terminal_id: UUID
    operator_id: UUID
    mark: str


class PinRefused(Conflict):
    """Not this operator's PIN, or none is compared before `until`."""

    code = "pin_refused"

    def __init__(self, message: object, *, until: datetime | None) -> None:
        super().__init__(message)
        self.until = until


def set_pin(pin: str, *, by: OperatorActor, at: datetime) -> None:
    """Choose one's own PIN for this company's tills. Tills that were opened with the one before are closed.

    Ends being shut out, too. Raises Invalid for what is no PIN or is guessed at once, NotAllowed for a role that uses
    no till, NotFound for whoever works there no more.
    """
    require(by, Right.USE_TILL)
    if not rules.is_pin(pin):
        raise Invalid(_("Enter 4 to 8 digits."), code="pin_invalid", pointer="pin")
    if rules.too_easy(pin):
        raise Invalid(
            _("Choose another PIN: this one is among the first that are tried."), code="pin_easy", pointer="pin"
        )
    hashed = make_password(pin)
    with transaction.atomic():
        mine = Operator.objects.filter(id=by.operator_id, ended_at=None)
        if not mine.update(pin=hashed, pin_failures=0, pin_locked_until=None):
            raise NotFound(code="operator_unknown")
        end_shifts(operator_id=by.operator_id, at=at)
        note_act(by, "pin_set", at=at)


def begin_shift(operator_id: UUID, pin: str, *, by: TerminalActor, at: datetime) -> Shift:
    """Open this till for an operator of its third party who is on duty now.

    Raises NotFound for anybody who does not work there, has no PIN or uses no till, and PinRefused.
    """
    hashed, until = _try_once(operator_id, by=by, at=at)
    if not check_password(pin, hashed):
        if until is not None:
            _note_shut_out(operator_id, by=by, at=at)
        raise PinRefused(_("This is not your PIN."), until=until)
    fits = Operator.objects.filter(id=operator_id, pin=hashed, ended_at=None)
    with transaction.atomic():
        if not fits.update(pin_failures=0, pin_locked_until=None):
            raise NotFound(code="operator_unknown")
        shift_id = enter_shift(operator_id, by=by, at=at)
    return Shift(shift_id, by.terminal_id, operator_id, rules.mark_of(hashed))


def end_shift(shift_id: UUID, *, at: datetime) -> None:
    """Nobody is on duty at that till any more; again changes nothing."""
    end_shifts(id=shift_id, at=at)


def _try_once(operator_id: UUID, *, by: TerminalActor, at: datetime) -> tuple[str, datetime | None]:
    """Take one try, as if it were wrong already; the hash it may be compared with, and the wait if it is."""
    with transaction.atomic(durable=True):
        found = Operator.objects.select_for_update(no_key=True).filter(
            id=operator_id,
            third_party_id=by.third_party_id,
            role__in=rules.roles_with(Right.USE_TILL),
            account__isnull=False,
            ended_at=None,
        )
        operator = found.exclude(pin="").first()
        if operator is None:
            raise NotFound(code="operator_unknown")
        if operator.pin_locked_until is not None and at < operator.pin_locked_until:
            raise PinRefused(_("Too many wrong PINs."), until=operator.pin_locked_until)
        operator.pin_failures += 1
        wait = rules.wait_after(operator.pin_failures)
        operator.pin_locked_until = at + wait if wait else None
        operator.save(update_fields=["pin_failures", "pin_locked_until"])
        return operator.pin, operator.pin_locked_until


def _note_shut_out(operator_id: UUID, *, by: TerminalActor, at: datetime) -> None:
    """The company's audit says in whose name, and at which terminal, too many wrong PINs were tried."""
    OperatorAct.objects.create(
        third_party_id=by.third_party_id,
        operator_id=operator_id,
        act="pin_locked",
        reference=str(by.terminal_id),
        at=at,
    )
