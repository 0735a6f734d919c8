"""One visit, though several cards were shown in it: which of them count once together. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from kliento.domain.visits.rules.judging import in_same_visit


class Attendance(NamedTuple):
    """A visit: which, at which premises, when it began."""

    visit_id: UUID
    premises_id: UUID
    occurred_at: datetime


def counted_already(visits: Sequence[Attendance], *, others: Sequence[Attendance]) -> list[UUID]:
    """Those of one card's visits at which another card of the same person was shown, too, and counts.

    Each of the others stands for one visit of the card at most: who comes back after the interval was there twice.
    """
    free, found = sorted(others, key=_order), []
    for visit in sorted(visits, key=_order):
        same = next((other for other in free if _is_same(visit, other)), None)
        if same is not None:
            free.remove(same)
            found.append(visit.visit_id)
    return found


def shown_again(visits: Mapping[UUID, Sequence[Attendance]]) -> set[UUID]:
    """Of one person's visits, by the card that began each: those at which another card had been shown already.

    The first of them is the visit; the others are the same one.
    """
    first: list[tuple[UUID, Attendance]] = []
    again = set()
    for card, visit in sorted(
        ((card, visit) for card, shown in visits.items() for visit in shown), key=lambda each: _order(each[1])
    ):
        if any(other != card and _is_same(visit, earlier) for other, earlier in first):
            again.add(visit.visit_id)
        else:
            first.append((card, visit))
    return again


def _is_same(one: Attendance, other: Attendance) -> bool:
    return one.premises_id == other.premises_id and in_same_visit(one.occurred_at, occurred_at=other.occurred_at)


def _order(visit: Attendance) -> tuple[datetime, UUID]:
    return visit.occurred_at, visit.visit_id
