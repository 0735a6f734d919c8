"""Sending scans: what a request holds, what its answer must be, and when to try again."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kliento_till.answers import Answer, Problem, Refused, Unreachable, answer_from
from kliento_till.clock import Clock, steady
from kliento_till.line import Line
from kliento_till.queue import Waiting

MOST_SCANS = 500
MOST_BYTES = 600_000  # of sealed codes; the service takes 1 MB with all around them
_OF_THESE_SCANS = frozenset({400, 409, 413})  # refusals that are about what was sent
_SHORTEST_SECONDS, _LONGEST_SECONDS = 1.0, 10.0

Scan = Mapping[str, str]
"""As the API takes it."""


def as_sent(scan: Waiting, *, code: str | None = None) -> Scan:
    """A scan that waits, as the API takes it; with the code itself where that is at hand."""
    said = {"id": str(scan.id), "occurred_at": written(scan.shown_ms / 1000)}
    said |= {"sealed": scan.sealed} if code is None else {"code": code}
    return said | ({"direction": scan.direction} if scan.direction else {})


def written(seconds: float) -> str:
    """A moment as the API takes it, to the millisecond: written the same way each time, or a repeat is another scan."""
    return datetime.fromtimestamp(round(seconds * 1000) / 1000, tz=UTC).isoformat(timespec="milliseconds")


def answers_to(line: Line, scans: Sequence[Scan], *, clock: Clock) -> list[Answer]:
    """The answers, one for each. Raises what `Line.ask` raises, and Unreachable for answers to something else."""
    said = line.ask("POST", "/scans", {"sent_at": written(clock.now()), "scans": scans}).json()
    try:
        answers = [answer_from(one) for one in said["scans"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("These are no answers to scans.") from error
    if [str(answer.id) for answer in answers] != [scan["id"] for scan in scans]:
        raise Unreachable("These are answers to other scans.")
    return answers


def all_answers(line: Line, scans: Sequence[Scan], *, clock: Clock) -> Iterator[list[Answer]]:
    """Answers as they come. A request that is refused for what it holds is sent in halves, down to the single scan,
    which is `invalid`: so one bad scan never holds up the others.
    """
    try:
        yield answers_to(line, scans, clock=clock)
        return
    except Refused as refused:
        if refused.status not in _OF_THESE_SCANS:
            raise
        if len(scans) == 1:
            yield [invalid(scans[0], refused)]
            return
    half = len(scans) // 2
    yield from all_answers(line, scans[:half], clock=clock)
    yield from all_answers(line, scans[half:], clock=clock)


def invalid(scan: Scan, refused: Refused) -> Answer:
    """The answer to a scan that was refused alone. Raises it again when the refusal is not about the scan."""
    if refused.status not in _OF_THESE_SCANS:
        raise refused
    said: dict[str, Any] = {"code": refused.code, "detail": refused.detail}
    return Answer(answer_from({"id": scan["id"], "outcome": "invalid"}).id, "invalid", problem=Problem(**said))


class BackOff:
    """When to try again: as Retry-After says, or after twice as many seconds each time, 10 at most; never in step."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0
        self._asked_until = 0.0

    @property
    def seconds_left(self) -> float:
        """Zero when it is time."""
        return max(0.0, self._until - steady())

    def failed(self, *, retry_after_seconds: float | None = None) -> None:
        """It did not work: wait."""
        self._failures += 1
        longest = min(_LONGEST_SECONDS, _SHORTEST_SECONDS * 2 ** min(self._failures - 1, 16))
        least = retry_after_seconds or 0.0
        self._asked_until = steady() + least if least else 0.0
        self._until = steady() + max(least, longest * random.uniform(0.5, 1.0))  # noqa: S311 - apart from others

    def try_now(self) -> None:
        """Something speaks for it. What the service asked for by Retry-After is waited for all the same."""
        self._until = self._asked_until

    def worked(self) -> None:
        """It did: no waiting the next time."""
        self._failures, self._until, self._asked_until = 0, 0.0, 0.0
