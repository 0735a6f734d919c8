"""Places that count stays: whether a card that is shown there comes in or goes out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LONGEST_STAY = timedelta(hours=24)
"""Whoever has not shown the card on the way out by then has left unseen."""
READ_TWICE_WITHIN = timedelta(minutes=2)
"""A card held a moment too long at a till for both ways neither leaves at once nor comes back at once."""


class Step(StrEnum):
    """What showing the card comes to."""

    ENTERS = "enters"
    STAYS = "stays"
    LEAVES = "leaves"
    LEFT_ALREADY = "left_already"
    NOT_INSIDE = "not_inside"


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit at the place, and when it ended."""

    visit_id: UUID
    came_at: datetime
    left_at: datetime | None


def step(
    stays: Iterable[Stay], *, direction: str, occurred_at: datetime, same_visit: timedelta
) -> tuple[Step, Stay | None]:
    """What a card shown then does, and the stay it concerns. `direction`: "in", "out", or empty for either."""
    known = sorted((stay for stay in stays if stay.came_at <= occurred_at), key=lambda stay: stay.came_at)
    newest = known[-1] if known else None
    if newest is None or occurred_at - newest.came_at > LONGEST_STAY:
        return (Step.NOT_INSIDE if direction == "out" else Step.ENTERS), None
    if newest.left_at is not None:
        just_left = occurred_at - newest.left_at <= READ_TWICE_WITHIN
        if direction != "in" and just_left:
            return Step.LEFT_ALREADY, newest
        return (Step.NOT_INSIDE if direction == "out" else Step.ENTERS), None
    since = occurred_at - newest.came_at
    if direction == "out" or (not direction and since > READ_TWICE_WITHIN):
        return Step.LEAVES, newest
    return (Step.STAYS, newest) if since <= same_visit or not direction else (Step.ENTERS, None)
