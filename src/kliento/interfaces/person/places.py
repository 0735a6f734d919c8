"""The places a person knows, and since when their tills know what was blocked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kliento.domain.cards.queries import MediumView, subjects_of
from kliento.domain.recipients.queries import ListsAtPremises, lists_at
from kliento.domain.visits.queries import premises_of


@dataclass(frozen=True, slots=True)
class HeardAt:
    """A place and its tills' lists. `hears`: "all" had one since the newest block, "some" did not, "none" ever had one,
    "" where nothing is blocked or no till works."""

    place: ListsAtPremises
    hears: str


def heard_at_places(person_id: UUID, media: Sequence[MediumView]) -> dict[str, object]:
    """For the page: the places where the person's card was shown, and when it was blocked last."""
    blocked_at = max((medium.since_at for medium in media if not medium.is_active), default=None)
    places = lists_at(premises_of(subjects_of(person_id)))
    return {"blocked_at": blocked_at, "places": [HeardAt(place, _hears(place, blocked_at)) for place in places]}


def _hears(place: ListsAtPremises, blocked_at: datetime | None) -> str:
    if blocked_at is None or not place.tills:
        return ""
    if place.all_since is not None and place.all_since >= blocked_at:
        return "all"
    return "some" if place.with_list else "none"
