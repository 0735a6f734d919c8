"""The till: show it a code, get an answer, with and without a network.

with Till(Terminal.load("till.json"), queue="queue.sqlite3") as till:
    answer = till.scan(code)
"""

import hashlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import quote, urlencode
from uuid import UUID

from kliento_till.answers import (
    QUEUED,
    Answer,
    ClaimCode,
    Disconnected,
    Member,
    NeedsOffline,
    NotKept,
    NotNow,
    Refused,
    Stamps,
    TillError,
    Unreachable,
    stamps_from,
)
from kliento_till.clock import Clock
from kliento_till.ids import Ids, seconds_of
from kliento_till.line import Line
from kliento_till.queue import Queue, Waiting
from kliento_till.sending import MOST_BYTES, MOST_SCANS, BackOff, Scan, all_answers, answers_to, as_sent, invalid
from kliento_till.terminal import Terminal

if TYPE_CHECKING:
    from kliento_till.offline import Offline

_UPLOAD_PATIENCE_SECONDS = 60.0
_TRY_LATER_SECONDS = 60.0
_AHEAD_TAKEN_SECONDS = 90.0  # the service takes two minutes
_LONGEST_CODE_BYTES = 4300  # what a QR code holds is longer only where it is no card's

Direction = Literal["", "in", "out"]


class Till:
    """One terminal's till. Its threads may share it; two programs may not share a queue.

    With a queue, `scan` always returns: what cannot be sent now waits on the disk. Without one it raises Unreachable
    or NotNow, and the caller repeats it under the same id.
    """

    def __init__(
        self,
        terminal: Terminal,
        *,
        queue: str | Path | None = None,
        patience_seconds: float = 4.0,
        tls: ssl.SSLContext | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """`patience_seconds`: how long somebody at the counter waits for the network.

        Raises NeedsOffline, QueueInUse, QueueOfAnother or NotKept for a queue that cannot be used.
        """
        self._offline = _offline(terminal, queue) if queue is not None else None
        self._queue = self._offline.queue if self._offline else None
        self._clock = Clock(wall=wall, offset=float((self._queue and self._queue.known("offset")) or 0))
        self._ids = Ids(self._clock.now)
        self._taps = Line(terminal.url, terminal.secret, clock=self._clock, patience=patience_seconds, tls=tls)
        self._uploads = Line(
            terminal.url, terminal.secret, clock=self._clock, patience=_UPLOAD_PATIENCE_SECONDS, tls=tls
        )
        self._back_off = BackOff()
        self._under_way: set[UUID] = set()
        self._handing_in = threading.Lock()
        self.trouble: TillError | None = None
        """What kept the last request from being answered; None when it was. A Disconnected till must be paired anew."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up and let go of the queue; what waits there waits for the next start."""
        for line in (self._taps, self._uploads):
            line.close()
        if self._queue:
            self._queue.close()

    @property
    def waiting(self) -> int:
        """How many scans wait to be answered."""
        return self._queue.count() if self._queue else 0

    @property
    def pause_seconds(self) -> float:
        """How long to wait before `hand_in` would try again."""
        return self._back_off.seconds_left

    def new_id(self) -> UUID:
        """A name for a scan or a redemption: keep it with your own sale, and a repeat after a crash is harmless."""
        return self._ids.new()

    def scan(self, code: str, *, id: UUID | None = None, direction: Direction = "") -> Answer:  # noqa: A002 - the API's word
        """Show a code. The same id again is the same scan: it is recorded once, and gets its first answer.

        With a queue it is on the disk before it is sent; NotKept is raised when it cannot be. The answer is `queued`
        when the service did not give one in time, and `verdict` says what can be known without it.
        """
        scan_id, code = id or self.new_id(), _cut(code)
        if self._offline is None or self._queue is None:
            return self._asked(scan_id, code, direction)
        known = self._queue.answered(scan_id)
        if known is not None:
            again = Waiting(scan_id, "", known.shown_ms, known.direction)
            answer = self._tried(as_sent(again, code=code))
            return answer if answer and answer.is_final else known.answer
        with self._held(scan_id):
            at = self._clock.now()
            verdict = self._offline.judged(code, scan_id, at=at)
            guessed = None if self._clock.is_certain else self._clock.offset
            scan = self._offline.kept(code, scan_id, direction, verdict, at=at, guessed_by=guessed)
            for _attempt in range(2):  # the second when the first taught what time it is
                answer = self._tried(as_sent(scan, code=code))
                if answer is None:
                    break
                with suppress(NotKept):  # it is answered; what the disk did not take is asked once more
                    self._take_all([(scan, answer)])
                if answer.is_final:
                    return answer
                scan = self._queue.waiting(scan_id) or scan
                if answer.outcome != "clock_off":
                    break
        return Answer(scan_id, QUEUED, verdict=verdict.word)

    def hand_in(self) -> list[Answer]:
        """Send what waits, oldest first, 500 at a time, as far as it can be sent now; the answers that came.

        Never raises for the network: `trouble` says what it was, `pause_seconds` when to try again.
        """
        if self._queue is None or not self._handing_in.acquire(blocking=False):
            return []
        try:
            answered: list[Answer] = []
            while not self.pause_seconds and (batch := self._due(self._queue)):
                with self._held(*(scan.id for scan in batch)):
                    answered += self._handed_in(batch)
            return answered
        finally:
            self._handing_in.release()

    def try_now(self) -> None:
        """The network is back, as the operating system says: do not wait for the next try."""
        self._back_off.try_now()

    def refresh(self) -> bool:
        """Ask for the newest block list, every quarter of an hour. False: it could not be had, the old one stays.

        What is older than it has to be leaves the disk by the way. Raises NotKept.
        """
        if self._offline is None:
            return False
        offline = self._offline
        done = self._attempt(lambda: offline.refresh(self._uploads))
        if done:  # by a clock that is right
            offline.queue.forget(self._clock.now())
        return done

    @property
    def block_list_is_good(self) -> bool:
        """Whether this till's block list is recent enough to be relied on; else say that it is old."""
        return self._offline is not None and self._offline.is_good(self._clock.now())

    def answers_since(self, moment: datetime) -> list[Answer]:
        """Outcomes since then, oldest first, a month at most: for what a program missed when it was killed."""
        return self._queue.answered_since(moment.timestamp()) if self._queue else []

    def redeem(self, visit_id: UUID, *, id: UUID) -> Stamps:  # noqa: A002 - the API's word
        """Hand out the reward during this visit; the same id again gets its first answer.

        Raises Refused (`too_few_stamps`, `visit_over`, ...), and Unreachable or NotNow: then repeat it.
        """
        said = {"id": str(id), "visit_id": str(visit_id)}
        return stamps_from(self._taps.ask("POST", "/redemptions", said).json())

    def undo_redemption(self, redemption_id: UUID) -> Stamps:
        """It was not handed out after all; within ten minutes. Again changes nothing."""
        said = {"redemption_id": str(redemption_id)}
        return stamps_from(self._taps.ask("POST", "/reversals", said).json())

    def claim_code(self, visit_id: UUID) -> ClaimCode:
        """For the holder of an unregistered card who stands at this till."""
        said = self._taps.ask("POST", "/claim-codes", {"visit_id": str(visit_id)}).json()
        return ClaimCode(said["code"], datetime.fromisoformat(said["expires_at"]))

    def member(self, number: str, *fields: str, purpose: str = "serving") -> Member:
        """Ask for what a member shares; each question is told to them. Raises Refused `withheld` when it is nothing."""
        query = urlencode({"fields": ",".join(fields), "purpose": purpose})
        said = self._taps.ask("GET", f"/members/{quote(number, safe='')}?{query}").json()
        return Member(said["number"], dict(said["values"]), tuple(said["withheld"]))

    def _asked(self, scan_id: UUID, code: str, direction: str) -> Answer:
        """Without a queue: now, or an error. Without `occurred_at`, so that a repeat is the same scan."""
        scan = {"id": str(scan_id), "code": code} | ({"direction": direction} if direction else {})
        try:
            return answers_to(self._taps, [scan], clock=self._clock)[0]
        except Refused as refused:
            return invalid(scan, refused)

    def _tried(self, scan: Scan) -> Answer | None:
        """The answer to one scan, if it can be had now."""
        answers: list[Answer] = []

        def send() -> None:
            answers.extend(next(all_answers(self._taps, [scan], clock=self._clock)))

        if not self.pause_seconds:
            self._attempt(send)
        return answers[0] if answers else None

    def _handed_in(self, batch: list[Waiting]) -> list[Answer]:
        """The final answers to these."""
        scans, answered = {scan.id: scan for scan in batch}, list[Answer]()

        def send() -> None:
            for answers in all_answers(self._uploads, [as_sent(scan) for scan in batch], clock=self._clock):
                self._take_all([(scans[answer.id], answer) for answer in answers])
                answered.extend(answer for answer in answers if answer.is_final)

        self._attempt(send)
        return answered

    def _attempt(self, act: Callable[[], object]) -> bool:
        """Whether it worked; if not, `trouble` says why, and nothing is sent for a while."""
        offset = self._clock.offset
        try:
            act()
        except NotNow as busy:
            self.trouble = busy
            self._back_off.failed(retry_after_seconds=busy.retry_after_seconds)
        except Disconnected as unknown:
            self.trouble = unknown
            self._back_off.failed(retry_after_seconds=_TRY_LATER_SECONDS)
        except (Unreachable, Refused) as failed:
            self.trouble = failed
            self._back_off.failed()
        else:
            self.trouble = None
            self._back_off.worked()
        if self._queue and abs(self._clock.offset - offset) > 1:
            with suppress(NotKept):
                self._queue.learn(offset=repr(self._clock.offset))
        return self.trouble is None

    def _take_all(self, pairs: list[tuple[Waiting, Answer]]) -> None:
        """What was answered leaves the queue; what was not recorded waits until it can be."""
        if self._queue is None:
            return
        now = self._clock.now()
        self._queue.settle([answer for _, answer in pairs if answer.is_final], at=now)
        for scan, answer in pairs:
            if answer.outcome == "clock_off" and scan.guessed_by is not None:
                self._queue.correct(scan.id, by_seconds=self._clock.offset - scan.guessed_by)
                self._queue.postpone([scan.id], until=seconds_of(scan.id) - _AHEAD_TAKEN_SECONDS)
            elif not answer.is_final:
                named = max(seconds_of(scan.id), scan.shown_ms / 1000) - _AHEAD_TAKEN_SECONDS
                self._queue.postpone([scan.id], until=max(now + _TRY_LATER_SECONDS, named))

    def _due(self, queue: Queue) -> list[Waiting]:
        return queue.due(self._clock.now(), most=MOST_SCANS, most_bytes=MOST_BYTES, but=tuple(self._under_way))

    @contextmanager
    def _held(self, *ids: UUID) -> Iterator[None]:
        """Meanwhile nobody else here sends these."""
        self._under_way.update(ids)
        try:
            yield
        finally:
            self._under_way.difference_update(ids)


def _offline(terminal: Terminal, queue: str | Path) -> "Offline":
    try:
        from kliento_till.offline import Offline
    except ImportError as error:
        raise NeedsOffline("Install kliento-till[offline] to use a queue.") from error
    return Offline(Queue(Path(queue), terminal=hashlib.sha256(terminal.secret.encode()).hexdigest()[:16]), terminal)


def _cut(code: str) -> str:
    if not code.strip():
        raise ValueError("There is no code to show.")
    return code.encode(errors="replace")[:_LONGEST_CODE_BYTES].decode(errors="ignore")
