"""Visits of unregistered cards: while the holder stands there, before somebody claims them, when they are too old."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Subquery

from kliento.domain.cards.models import Card, Claim
from kliento.domain.visits.models import Scan, Visit
from kliento.domain.visits.queries.once import STANDS
from kliento.domain.visits.rules import SAME_VISIT_WITHIN
from kliento.kernel.errors import NotFound
from kliento.kernel.ids import first_id_at


@dataclass(frozen=True, slots=True)
class CardVisit:
    """A visit with an unregistered card."""

    card_id: UUID
    medium_id: UUID
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class VisitsThere:
    """How often a subject was at one third party, first and last. Visits that were taken back do not count; None: none
    is left that does.
    """

    third_party_id: UUID
    visits: int
    first_at: datetime | None
    last_at: datetime | None


def visit_of_card(visit_id: UUID, *, terminal_id: UUID) -> CardVisit:
    """A visit with an unregistered card in which it was shown at this very terminal. Raises NotFound for every other.

    At most three statements.
    """
    visit = Visit.objects.filter(id=visit_id).first()
    if visit is None or not visit.stands or visit.subject_id is None or visit.medium_id is None:
        raise NotFound(code="unknown_visit")
    if visit.terminal_id != terminal_id and not _was_shown(visit, terminal_id=terminal_id):
        raise NotFound(code="unknown_visit")
    if not Card.objects.filter(id=visit.subject_id, person=None).exists():
        raise NotFound(code="unknown_visit")
    return CardVisit(visit.subject_id, visit.medium_id, visit.occurred_at)


def _was_shown(visit: Visit, *, terminal_id: UUID) -> bool:
    """Whether another scan of the visit, which began elsewhere at the same place, was made at this terminal."""
    first = first_id_at(visit.occurred_at - SAME_VISIT_WITHIN)
    return Scan.objects.filter(terminal_id=terminal_id, id__gte=first, visit_id=visit.id).exists()


def visits_by_company(subject_id: UUID) -> list[VisitsThere]:
    """A subject's visits by third party, the most visited first. One statement."""
    rows = Visit.objects.filter(subject_id=subject_id).values("third_party_id")
    counted = rows.annotate(
        visits=Count("id", filter=STANDS),
        first_at=Min("occurred_at", filter=STANDS),
        last_at=Max("occurred_at", filter=STANDS),
    )
    return [VisitsThere(**row) for row in counted.order_by("-visits", "third_party_id")]


def cards_with_visits_before(before: datetime, *, after: UUID | None, limit: int) -> list[UUID]:
    """Unregistered cards that still have visits from before then and that nobody has claimed; at most `limit`.

    By id; those `after` one, to go on from there.

    One statement, from each such card to its own visits: never through everybody's.
    """
    claims = Claim.objects.filter(subject_id=OuterRef("id"), undone_at=None)
    old = Visit.objects.filter(subject_id=OuterRef("id"), occurred_at__lt=before).order_by()
    cards = Card.objects.filter(~Exists(claims), person=None).annotate(old=Subquery(old.values("id")[:1]))
    if after is not None:
        cards = cards.filter(id__gt=after)
    return list(cards.filter(old__isnull=False).order_by("id").values_list("id", flat=True)[:limit])
