"""Recording with whoever hands something in at the same moment: many terminals share a transaction and its commit.

A thread of the process records (`kernel.grouping` says how), on connections of its own; PostgreSQL, which has no single
writer, gets two, so that one prepares while the other waits for the disk. Everything that comes from a
till goes through here, whether its own software or our page sent it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from kliento.domain.visits.actions.reading import ReadUpload, read_upload
from kliento.domain.visits.actions.recording import Answers, opened, record_read
from kliento.domain.visits.actions.scans import NewScan, ScanResult, Upload, UploadResult
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
from kliento.kernel.connections import kept_connections, mend_connections
from kliento.kernel.grouping import GroupCommit

_WRITERS = {"sqlite": 1, "postgresql": 2}
_FEW = 16


class _Handed(NamedTuple):
    """An upload as it came, and when."""

    upload: Upload
    at: datetime


def record_together(scans: Sequence[NewScan], *, by: TerminalActor, at: datetime) -> list[ScanResult]:
    """Judge and record these scans as `record_scans` does, and answer once they are durable, in their order.

    Raises what an upload is refused for; TooMany when this terminal has several uploads under way already (threat 27),
    Busy when it was not its turn within a minute: then they may have been recorded or not.
    """
    upload = Upload(by, scans)
    handed = _Handed(upload, at) if len(scans) <= _FEW else read_upload(upload, at=at)
    found = _recorder.hand_in(handed, by=by.terminal_id, weight=len(scans))
    result = found if isinstance(found, UploadResult) else opened(found)
    if result.refusal is not None:
        raise result.refusal
    return list(result.scans)


def settle() -> None:
    """Record what waits and close the recorder's connections; the next scan opens them again."""
    _recorder.close()


def _record(handed: Sequence[_Handed | ReadUpload]) -> list[UploadResult | Answers]:
    """Few scans are read and opened here, those of a group one after the other: each by a thread of its own, with cold
    caches, costs a sixth of a tap more. Many are read and opened by whoever brings them, meanwhile.
    """
    mend_connections()
    read = [one if isinstance(one, ReadUpload) else read_upload(one.upload, at=one.at) for one in handed]
    found = record_read(read, at=now())
    return [
        answers if isinstance(one, ReadUpload) else opened(answers) for one, answers in zip(handed, found, strict=True)
    ]


_recorder = GroupCommit(_record, around=kept_connections, writers=lambda: _WRITERS[connection.vendor])
