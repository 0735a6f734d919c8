"""Undoing a scan at the till where it was made: somebody else's card, or the wrong place."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.queries import lock_holder
from kliento.domain.programmes.actions import reverse_earning
from kliento.domain.recipients.actions import note_at_till
from kliento.domain.sharing.actions import end_grants_of_openings
from kliento.domain.visits import rules
from kliento.domain.visits.actions.bringing import bring_what_stayed
from kliento.domain.visits.actions.disputing import may_have_opened
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Conflict, NotFound


def cancel_visit(scan_id: UUID, *, by: TerminalActor, at: datetime) -> None:
    """Take back the visit that this scan of this terminal began; durable when it answers.

    The visit stays, marked, and counts no more; what is left of its stamps is taken back, what it shared by being the
    first ends, and the person is told. Undoing it again changes nothing. Raises NotFound for scans of others, for those
    that began no visit and those that are forgotten by now, Conflict "too_late_to_undo" after 10 minutes.
    """
    with transaction.atomic(durable=True):
        visit = _begun_by(scan_id, by=by)
        holder = lock_holder(visit.subject_id) if visit and visit.subject_id else None
        if visit is None or visit.subject_id is None or holder is None:
            raise NotFound(code="unknown_visit")
        visit.refresh_from_db(fields=["disputed_at", "cancelled_at", "overruled_at"])
        if visit.cancelled_at is not None:
            return
        if not visit.stands:
            raise NotFound(code="unknown_visit")
        if not rules.may_cancel(visit.occurred_at, at=at):
            raise Conflict(_("A scan can be undone for 10 minutes only."), code="too_late_to_undo")
        Visit.objects.filter(id=visit.id).update(cancelled_at=at)
        Scan.objects.filter(terminal_id=by.terminal_id, id=scan_id).update(visit_id=None)  # it answers nobody again
        reverse_earning(visit.id, at=at)
        bring_what_stayed([holder.id], at=at)
        payload = {"visit_id": str(visit.id), "premises_id": str(visit.premises_id)}
        record([NewEntry(visit.subject_id, "visit_cancelled", at, visit.third_party_id, payload=payload)])
        opened_at = may_have_opened(visit)
        if opened_at is not None and visit.relationship_id is not None:
            end_grants_of_openings({visit.relationship_id: opened_at}, at=at)
        note_at_till(by, "visit_undone", at=at)


def _begun_by(scan_id: UUID, *, by: TerminalActor) -> Visit | None:
    """The visit that this scan of this terminal began at these premises, undone or not, if it is still somebody's.

    Two statements, however many visits there are: a scan is known by its terminal and its id, a visit that it began
    occurred when it did, and visits are indexed by company and time.
    """
    scans = Scan.objects.filter(terminal_id=by.terminal_id, id=scan_id)
    occurred_at = scans.values_list("occurred_at", flat=True).first()
    if occurred_at is None:
        return None
    then = Visit.objects.filter(third_party_id=by.third_party_id, occurred_at=occurred_at, subject_id__isnull=False)
    return then.filter(terminal_id=by.terminal_id, scan_id=scan_id, premises_id=by.premises_id).first()
