"""What may be counted, and in which order the places stand. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from kliento.domain.sharing.rules import Relation

IMPROVEMENT = "improvement"
INSIGHT = "insight"
PERSONALISATION = "personalisation"
FEEDBACK = "feedback"
COUNTS_KEPT = timedelta(days=400)
VISITS_LOOKED_AT = timedelta(days=180)
AUDIENCES = frozenset({"person", "public"})
_REFUSES = "1"


@dataclass(frozen=True, slots=True)
class PageViews:
    """How often a page was opened. Nobody's in particular."""

    page: str
    count: int


class InOrder(NamedTuple):
    """One's places in their order, and whether one's own visits made it."""

    relations: list[Relation]
    by_visits: bool


def is_counted(page: str) -> bool:
    """Whether views of this page (a route's name, `person:activity`) are counted: people's and public pages alone."""
    return page.partition(":")[0] in AUDIENCES


def refuses_counting(headers: Mapping[str, str]) -> bool:
    """Whether the browser asks not to be counted: Global Privacy Control, or the older Do Not Track."""
    return headers.get("Sec-GPC") == _REFUSES or headers.get("DNT") == _REFUSES


def by_own_visits(relations: Sequence[Relation], known: Mapping[UUID, tuple[str, int]]) -> list[Relation]:
    """The most visited first, then by name; `known` is name and number of visits of each third party."""
    return sorted(relations, key=lambda relation: _place(*known[relation.third_party_id]))


def _place(name: str, visits: int) -> tuple[int, str]:
    return -visits, name.casefold()
