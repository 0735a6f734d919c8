"""Counting the people of a month once it is over, while those who came are still known."""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.recipients.queries import third_parties
from kliento.domain.visits.models import LeaversOfMonth, MonthCount
from kliento.domain.visits.queries import figures_of, months_to_count


def count_months(*, at: datetime) -> None:
    """Count what is over and not counted yet, for every third party."""
    for company in third_parties():
        count_months_of(company.id, at=at)


def count_months_of(third_party_id: UUID, *, at: datetime) -> None:
    """The same for one. Oldest first, each in a transaction of its own: can be run again after a crash."""
    for month in months_to_count(third_party_id, at=at):
        _count(third_party_id, month)


def _count(third_party_id: UUID, month: date) -> None:
    row = MonthCount(third_party_id=third_party_id, month=month, **asdict(figures_of(month, third_party_id)))
    with transaction.atomic():
        MonthCount.objects.bulk_create([row], ignore_conflicts=True)  # whoever counted first is right
        LeaversOfMonth.objects.filter(third_party_id=third_party_id, month__lte=month).delete()
