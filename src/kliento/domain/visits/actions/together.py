"""Recording with whoever hands something in at the same moment: many terminals share a transaction and its commit.

A thread of the process records (`kernel.grouping` says how), on connections of its own; PostgreSQL, which has no single
writer, gets two, so that taps are recorded beside a piece of an upload. Everything that comes from a till goes through
here, whether its own software or our page sent it.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from django.db import connection

from kliento.domain.visits.actions.reading import ReadUpload, must_be_possible, read_upload
from kliento.domain.visits.actions.recording import Answers, opened, record_read
from kliento.domain.visits.actions.scans import NewScan, ScanResult, Upload, UploadResult
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
from kliento.kernel.connections import kept_connections, mend_connections
from kliento.kernel.grouping import GroupCommit, HandedIn

Said = TypeVar("Said")
Said_co = TypeVar("Said_co", covariant=True)
_WRITERS = {"sqlite": 1, "postgresql": 2}
_FEW = 16
_PIECE = 125
_PIECES_AT_ONCE = 2  # as many as one terminal may have under way while it is crowded


class Asking(Protocol[Said_co]):
    """A small upload as it came: whoever records it reads it first, and makes its answer."""

    def scans(self) -> Sequence[NewScan]:
        """What is to be recorded; nothing where the answer is known already.

        Raises ValueError, RecursionError or KlientoError, to whoever asks alone.
        """

    def said(self, results: Sequence[ScanResult]) -> Said_co:
        """The answer. Reads nothing from a database, and may refuse with KlientoError."""


class _Handed(NamedTuple):
    asking: Asking[Any]
    by: TerminalActor
    at: datetime


@dataclass(frozen=True, slots=True)
class _Given:
    """Scans that were read before."""

    given: Sequence[NewScan]

    def scans(self) -> Sequence[NewScan]:
        return self.given

    def said(self, results: Sequence[ScanResult]) -> list[ScanResult]:
        return list(results)


def record_together(scans: Sequence[NewScan], *, by: TerminalActor, at: datetime) -> list[ScanResult]:
    """Judge and record these scans as `record_scans` does, and answer once they are durable, in their order.

    Raises what an upload is refused for; TooMany when this terminal has several uploads under way already (threat 27),
    Busy when it was not its turn within a minute: then they may have been recorded or not.
    """
    if len(scans) > _FEW:
        return _in_pieces(scans, by=by, at=at)
    answer = handed_together(_Given(scans), by=by, at=at, weight=max(1, len(scans))).answered()
    if isinstance(answer, Exception):
        raise answer
    return answer


def handed_together(
    asking: Asking[Said], *, by: TerminalActor, at: datetime, weight: int = 1
) -> HandedIn[Any, Said | Exception]:
    """`record_together` for what is not read yet, and without waiting; `weight` is how many scans there may be, 16 at
    most. Raises TooMany at once as that does.

    Its answer is the exception where `asking` raises one; when it cannot be made, its scans are recorded all the same.
    """
    return _recorder.begin(_Handed(asking, by, at), by=by.terminal_id, weight=weight)


def _in_pieces(scans: Sequence[NewScan], *, by: TerminalActor, at: datetime) -> list[ScanResult]:
    """Many scans are recorded in pieces, in the order in which they occurred: a tap that comes in meanwhile waits for
    a piece of them at most, and one piece is read or opened while the other is being written. All weigh the same: a
    last one of few scans would go before a heavy one, or beside it.

    What fails in the middle has recorded what was before it, and perhaps the next piece, which was under way; the same
    upload again gets the same answers.
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
    read = [one if isinstance(one, ReadUpload) else _read(one) for one in handed]
    found = iter(record_read([one for one in read if isinstance(one, ReadUpload)], at=now()))
    answers = [next(found) if isinstance(one, ReadUpload) else one for one in read]
    return [
        answer if isinstance(one, ReadUpload) else _said(one.asking, answer)
        for one, answer in zip(handed, answers, strict=True)
    ]


def _read(one: _Handed) -> ReadUpload | Exception | None:
    """What is to be recorded of it, nothing, or why it cannot be: whoever came with it hears that, and nobody else."""
    try:
        scans = one.asking.scans()
        return read_upload(Upload(one.by, scans), at=one.at) if scans else None
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised to whoever came with it
        return error


def _said(asking: Asking[Any], answers: Answers | Exception | None) -> Any:
    if isinstance(answers, Exception):
        return answers
    try:
        result = opened(answers) if answers else UploadResult()
        return result.refusal or asking.said(result.scans)
    except Exception as error:  # noqa: BLE001 - as above; all is recorded by now, and nothing to be tried again
        return error


_recorder = GroupCommit(_record, around=kept_connections, writers=lambda: _WRITERS[connection.vendor])
