"""Recording with whoever hands something in at the same moment: many terminals share a transaction and its commit.

A thread of the process records (`kernel.grouping` says how), on connections of its own; PostgreSQL, which has no single
writer, gets two, so that one prepares while the other waits for the disk. Everything that comes from a till goes
through here, whether its own software or our page sent it.
"""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db import connection

from kliento.domain.visits.actions.reading import ReadUpload, must_be_possible, read_upload
from kliento.domain.visits.actions.recording import Answers, opened, record_read
from kliento.domain.visits.actions.scans import NewScan, ScanResult, Upload
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
from kliento.kernel.connections import kept_connections, mend_connections
from kliento.kernel.errors import KlientoError
from kliento.kernel.grouping import GroupCommit, HandedIn

Said = TypeVar("Said")
_WRITERS = {"sqlite": 1, "postgresql": 2}
_FEW = 16
_PIECE = 125
_PIECES_AT_ONCE = 2  # as many as one terminal may have under way while it is crowded


class _Handed(NamedTuple):
    """A small upload as it came, and when; what is made of its results."""

    upload: Upload
    at: datetime
    said: Callable[[list[ScanResult]], Any]


def record_together(scans: Sequence[NewScan], *, by: TerminalActor, at: datetime) -> list[ScanResult]:
    """Judge and record these scans as `record_scans` does, and answer once they are durable, in their order.

    Raises what an upload is refused for; TooMany when this terminal has several uploads under way already (threat 27),
    Busy when it was not its turn within a minute: then they may have been recorded or not.
    """
    return recorded_together(scans, by=by, at=at, said=list)


def recorded_together(
    scans: Sequence[NewScan], *, by: TerminalActor, at: datetime, said: Callable[[list[ScanResult]], Said]
) -> Said:
    """`record_together`, and what `said` makes of the results. It reads nothing, and may refuse with KlientoError."""
    if len(scans) > _FEW:
        return said(_in_pieces(scans, by=by, at=at))
    answer = _recorder.hand_in(_Handed(Upload(by, scans), at, said), by=by.terminal_id, weight=len(scans))
    if isinstance(answer, KlientoError):
        raise answer
    made: Said = answer
    return made


def _in_pieces(scans: Sequence[NewScan], *, by: TerminalActor, at: datetime) -> list[ScanResult]:
    """Many scans are recorded in pieces, in the order in which they occurred: a tap that comes in meanwhile waits for
    a piece of them at most, and one piece is read or opened while the other is being written. All weigh the same: a
    last one of few scans would go before a heavy one, or beside it.

    What fails in the middle has recorded what was before it; the same upload again gets the same answers.
    """
    must_be_possible(len(scans))
    places = sorted(range(len(scans)), key=lambda place: (scans[place].occurred_at or at, scans[place].id.int))
    found: dict[int, ScanResult] = {}
    under_way: deque[tuple[Sequence[int], HandedIn[Any, Any]]] = deque()

    def take() -> None:
        piece, handed = under_way.popleft()
        result = opened(handed.answered())
        if result.refusal is not None:
            raise result.refusal
        found.update(zip(piece, result.scans, strict=True))

    weight = min(len(places), _PIECE)
    for first in range(0, len(places), _PIECE):
        piece = places[first : first + _PIECE]
        read = read_upload(Upload(by, [scans[place] for place in piece]), at=at)
        if len(under_way) == _PIECES_AT_ONCE:
            take()
        under_way.append((piece, _recorder.begin(read, by=by.terminal_id, weight=weight)))
    while under_way:
        take()
    return [found[place] for place in range(len(scans))]


def settle() -> None:
    """Record what waits and close the recorder's connections; the next scan opens them again."""
    _recorder.close()


def _record(handed: Sequence[_Handed | ReadUpload]) -> list[Any]:
    """Few scans are read, opened and answered here, those of a group one after the other: each by a thread of its own,
    with cold caches, costs much more. Many are read and opened by whoever brings them, meanwhile.
    """
    mend_connections()
    read = [one if isinstance(one, ReadUpload) else read_upload(one.upload, at=one.at) for one in handed]
    found = record_read(read, at=now())
    return [
        answers if isinstance(one, ReadUpload) else _said(answers, one.said)
        for one, answers in zip(handed, found, strict=True)
    ]


def _said(answers: Answers, said: Callable[[list[ScanResult]], Said]) -> Said | KlientoError:
    result = opened(answers)
    if result.refusal is not None:
        return result.refusal
    try:
        return said(list(result.scans))
    except KlientoError as refusal:  # of this upload alone
        return refusal


_recorder = GroupCommit(_record, around=kept_connections, writers=lambda: _WRITERS[connection.vendor])
