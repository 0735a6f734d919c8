"""What is told, and how much of it in a day: nobody can fill somebody's messages or mailbox by trying. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from kliento.domain.activity.rules import Alerting, EntryView

ALERTS = "alerts"
"""The purpose."""
LOOK_REFUSED = "look_refused"
MESSAGES_A_DAY = 20
"""Of one kind: what anybody can bring about leaves the room there is for a stolen code as it is."""
LETTERS_A_DAY = 1
"""Of one kind, too."""


class Occasion(NamedTuple):
    """What is told at most once a day: to whom, as what, of which third party."""

    person_id: UUID
    alert: str
    third_party_id: UUID


@dataclass(frozen=True, slots=True)
class Happened:
    """What there is to tell on an occasion: its first entry, where that stands in the log, and how many there were."""

    entry: EntryView
    index: int
    times: int


def occasions_of(alerting: Iterable[Alerting]) -> dict[Occasion, Happened]:
    """The occasions of these entries, in the order in which they began. What names no third party is told nobody."""
    found: dict[Occasion, Happened] = {}
    for one in alerting:
        if one.entry.subject_id is not None and one.entry.recipient_id is not None:
            occasion = Occasion(one.entry.subject_id, one.alert, one.entry.recipient_id)
            known = found.get(occasion, Happened(one.entry, one.index, 0))
            found[occasion] = replace(known, times=known.times + 1)
    return found


def in_steps(occasions: Mapping[Occasion, Happened], *, until: int, size: int) -> Iterator[tuple[list[Occasion], int]]:
    """So many of them at a time, each with the place in the log before which every occasion has begun by then.

    Without any, one step to the end.
    """
    listed = list(occasions)
    for start in range(0, max(len(listed), 1), size):
        rest = listed[start + size :]
        yield listed[start : start + size], occasions[rest[0]].index if rest else until


def to_tell(occasions: Iterable[Occasion], told: Sequence[Occasion]) -> list[Occasion]:
    """Those not told today, as far as there is room for more messages of that kind to that person today."""
    known, fresh = set(told), []
    count = Counter((one.person_id, one.alert) for one in told)
    for one in occasions:
        if one not in known and count[one.person_id, one.alert] < MESSAGES_A_DAY:
            count[one.person_id, one.alert] += 1
            fresh.append(one)
    return fresh
