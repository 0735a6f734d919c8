"""Taking in what terminals hand in: checked and decoded before any lock is taken, so that it can join any batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kliento.domain.cards.queries import decoded
from kliento.domain.visits import rules
from kliento.domain.visits.actions.scans import Answer, NewScan, Problem, Shown, Upload, invalid
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Invalid
from kliento.kernel.ids import time_of


@dataclass(frozen=True, slots=True)
class ReadUpload:
    """An upload whose scans were looked at one by one: each is on its way, or has its answer already."""

    by: TerminalActor
    scans: Sequence[Shown | Answer]


def read_upload(upload: Upload, *, at: datetime) -> ReadUpload:
    """Check and decode each scan. One that cannot be one gets its own answer. Raises Invalid for none, or over 500."""
    must_be_possible(len(upload.scans))
    return ReadUpload(upload.by, [_read(scan, by=upload.by, at=at) for scan in upload.scans])


def must_be_possible(number: int) -> None:
    """Raises Invalid for an upload of no scans, or of more than 500."""
    if not 1 <= number <= rules.MOST_SCANS:
        raise Invalid(_("Send 1 to 500 scans at a time."), code="wrong_number_of_scans", pointer="/scans")


def _read(scan: NewScan, *, by: TerminalActor, at: datetime) -> Shown | Answer:
    if time_of(scan.id) is None:
        return invalid(scan.id, Problem("scan_id_invalid", _("A scan id is a UUIDv7.")))
    code = decoded(scan.code)
    body_hash = rules.hash_of_body(code_index=code.index, occurred_at=scan.occurred_at, direction=scan.direction)
    return Shown(by, scan.id, code, body_hash, scan.occurred_at or at, direction=scan.direction)
