"""Visits as a file for their third party: an act in its own audit, read piece by piece."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.recipients.actions import note_act
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.domain.visits.queries import VisitRow, visits_between
from kliento.kernel.actor import OperatorActor

AT_ONCE = 2000


def export_visits(
    first: date, last: date, *, premises_id: UUID | None, kind: str, by: OperatorActor, at: datetime
) -> Iterator[list[VisitRow]]:
    """The visits of these local days, newest first, in batches; the act is noted before the first one is read.

    Raises NotAllowed for a role that may not see visits.
    """
    require(by, Right.SEE_VISITS)
    with transaction.atomic():
        note_act(by, "visits_exported", reference=f"{first.isoformat()} {last.isoformat()} {kind}", at=at)
    return _batches(first, last, premises_id=premises_id, by=by)


def _batches(first: date, last: date, *, premises_id: UUID | None, by: OperatorActor) -> Iterator[list[VisitRow]]:
    before = None
    while batch := visits_between(first, last, by=by, premises_id=premises_id, before=before, limit=AT_ONCE):
        yield batch
        before = (batch[-1].occurred_at, batch[-1].id)
