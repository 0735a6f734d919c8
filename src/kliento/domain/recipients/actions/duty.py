"""Shifts at tills: one at a time at each, from when until when."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kliento.domain.recipients.models import ShiftAtTill, Terminal
from kliento.kernel.actor import TerminalActor

SHIFTS_KEPT = timedelta(days=8)
"""After their end: as long as a terminal may still hand in what was scanned then, and a day more."""
SILENT = timedelta(days=7)
"""A till that has not asked for its block list for so long has nobody on duty: it lies in a drawer."""
BATCH = 1000


def enter_shift(operator_id: UUID, *, by: TerminalActor, at: datetime) -> UUID:
    """The operator is on duty at this terminal from now on, and whoever was is not; the id of their shift."""
    with transaction.atomic():
        Terminal.objects.select_for_update(no_key=True).get(id=by.terminal_id)
        end_shifts(terminal_id=by.terminal_id, at=at)
        return ShiftAtTill.objects.create(terminal_id=by.terminal_id, operator_id=operator_id, began_at=at).id


def move_shift(shift_id: UUID, operator_id: UUID, *, to: TerminalActor, at: datetime) -> UUID:
    """The device, and whoever is on duty, stand at another place now: a shift there, and none at the other.

    Of two requests of the device at once both get the same one.
    """
    with transaction.atomic():
        end_shifts(id=shift_id, at=at)
        goes_on = ShiftAtTill.objects.filter(terminal_id=to.terminal_id, operator_id=operator_id, ended_at=None)
        return goes_on.values_list("id", flat=True).first() or enter_shift(operator_id, by=to, at=at)


def end_shifts(*, at: datetime, **of: object) -> None:
    """Those of this terminal, operator, company or id that go on are over now."""
    ShiftAtTill.objects.filter(ended_at=None, **of).update(ended_at=at)


def purge_shifts(*, at: datetime, batch: int = BATCH) -> int:
    """Forget who was on duty once nothing from then may be handed in, `batch` shifts a transaction; how many.

    Before that the shifts at tills that fell silent are over.
    """
    heard = Q(terminal__list_handed_at__gte=at - SILENT)
    silent = ShiftAtTill.objects.filter(~heard, ended_at=None, began_at__lt=at - SILENT).values("id")
    ShiftAtTill.objects.filter(id__in=silent).update(ended_at=at)
    old, purged = ShiftAtTill.objects.filter(ended_at__lt=at - SHIFTS_KEPT).order_by("ended_at"), 0
    while some := list(old.values_list("id", flat=True)[:batch]):
        purged += ShiftAtTill.objects.filter(id__in=some).delete()[0]
    return purged
