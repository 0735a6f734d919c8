"""The ledger of one membership: its entries, what is left of its lots, its balance."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from kliento.domain.programmes.models import LedgerEntry, LotUse, Membership
from kliento.domain.programmes.rules import Lot
from kliento.kernel.errors import NotFound
from kliento.kernel.rows import Among

LOTS = (LedgerEntry.Kind.EARNED, LedgerEntry.Kind.MOVED)
"""What adds stamps that can be taken, each with its own end."""
EARNED = Func(template="'earned'", output_field=CharField())
"""The kind of a lot that a visit earned, written out: a plan made for any kind takes the index of these for none."""


class LastEntry(NamedTuple):
    """Where a ledger stands. `gone`: how many stamps of the balance have run out and are not entered yet."""

    number: int = 0
    balance: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of the ledger. `is_undone`: a later entry reversed it."""

    number: int
    kind: str
    amount: int
    balance: int
    at: datetime
    expires_at: datetime | None
    is_undone: bool


def ledger_of(membership_id: UUID, *, subject_id: UUID, before: int | None = None, limit: int = 50) -> list[Movement]:
    """The stamps of one's own card, newest first, at most `limit`, older than the entry numbered `before`.

    Raises NotFound for a card of somebody else.
    """
    if not Membership.objects.filter(id=membership_id, subject_id=subject_id).exists():
        raise NotFound(code="unknown_loyalty_card")
    rows = LedgerEntry.objects.filter(membership_id=membership_id)
    if before is not None:
        rows = rows.filter(number__lt=before)
    entries = list(rows.order_by("-number")[:limit])
    undone = set(
        LedgerEntry.objects.filter(reverses__in=[entry.id for entry in entries]).values_list("reverses", flat=True)
    )
    return [
        Movement(entry.number, entry.kind, entry.amount, entry.balance, entry.at, entry.expires_at, entry.id in undone)
        for entry in entries
    ]


def last_entries(membership_ids: Collection[UUID], *, at: datetime) -> dict[UUID, LastEntry]:
    """The last entry of each of these memberships that has one: its balance is the membership's. One statement."""
    of_it = LedgerEntry.objects.filter(membership_id=OuterRef("membership_id")).order_by()
    newest = of_it.order_by("-number").values("number")[:1]
    dead = of_it.filter(kind__in=LOTS, amount__gt=0, expires_at__lte=at).values("membership_id")
    rows = LedgerEntry.objects.filter(membership_id__in=set(membership_ids), number=Subquery(newest))
    gone = dead.annotate(gone=Sum(_left())).values("gone")
    last = rows.annotate(gone=Coalesce(Subquery(gone), 0)).values_list("membership_id", "number", "balance", "gone")
    return {membership_id: LastEntry(*rest) for membership_id, *rest in last}


def lots_of(membership_id: UUID) -> list[Lot]:
    """What is left of every lot of a membership that is not used up, its expired ones included. One statement."""
    rows = (
        LedgerEntry.objects.filter(membership_id=membership_id, kind__in=LOTS, amount__gt=0)
        .annotate(left=_left())
        .filter(left__gt=0)
        .values_list("id", "number", "left", "expires_at")
    )
    return [Lot(*row) for row in rows]


def living_in(lot_ids: Collection[UUID], *, at: datetime) -> dict[UUID, int]:
    """How many stamps that can still be had are left of these lots, by membership. One statement."""
    lots = LedgerEntry.objects.filter(id__in=Among(lot_ids), kind__in=LOTS, amount__gt=0)
    return _living(lots, at=at)


def stamps_that_came(membership_ids: Collection[UUID], *, at: datetime) -> dict[UUID, int]:
    """Of these memberships that hold any: how many of the stamps that moved there can still be had. One statement."""
    rows = LedgerEntry.objects.filter(membership_id__in=set(membership_ids), kind=LedgerEntry.Kind.MOVED, amount__gt=0)
    return _living(rows, at=at)


def _living(lots: QuerySet[LedgerEntry], *, at: datetime) -> dict[UUID, int]:
    good = lots.filter(Q(expires_at=None) | Q(expires_at__gt=at)).annotate(left=_left())
    left: dict[UUID, int] = {}
    for membership_id, stamps in good.filter(left__gt=0).values_list("membership_id", "left"):
        left[membership_id] = left.get(membership_id, 0) + stamps
    return left


def lots_earned_by(visit_ids: Collection[UUID]) -> list[tuple[UUID, Lot]]:
    """What is left of the lots these visits earned, unless they were reversed; each with its membership. One statement.

    By membership, then by number.
    """
    reversals = LedgerEntry.objects.filter(reverses=OuterRef("id"))
    rows = (
        LedgerEntry.objects.filter(~Exists(reversals), visit_id__in=Among(visit_ids), kind=EARNED)
        .filter(subject_id__isnull=False)
        .annotate(left=_left())
        .order_by("membership_id", "number")
        .values_list("membership_id", "id", "number", "left", "expires_at")
    )
    return [(membership_id, Lot(*lot)) for membership_id, *lot in rows]


def with_expired_lots(*, at: datetime, since: datetime, after: UUID | None, limit: int) -> list[tuple[UUID, UUID]]:
    """Memberships (with their subjects) that hold stamps which ran out between `since` and `at`; at most `limit`.

    By id; those `after` one, to go on from there.
    """
    expired = (
        LedgerEntry.objects.filter(expires_at__lte=at, expires_at__gt=since, subject_id__isnull=False)
        .annotate(left=_left())
        .filter(left__gt=0)
    )
    if after is not None:
        expired = expired.filter(membership_id__gt=after)
    found = expired.order_by("membership_id").values_list("membership_id", "subject_id").distinct()[:limit]
    return [(membership_id, subject_id) for membership_id, subject_id in found if subject_id is not None]


def describe_person(person_id: UUID) -> dict[str, object]:
    """The person's loyalty cards with every movement of their stamps, oldest first, for their download."""
    memberships = list(
        Membership.objects.filter(subject_id=person_id).select_related("programme").order_by("taken_at", "id")
    )
    entries: dict[UUID, list[LedgerEntry]] = {}
    for entry in LedgerEntry.objects.filter(membership_id__in=[each.id for each in memberships]).order_by("number"):
        entries.setdefault(entry.membership_id, []).append(entry)
    return {
        "loyalty_cards": [
            {
                "third_party_id": str(each.programme.third_party_id),
                "programme": each.programme.name,
                "taken_at": each.taken_at.isoformat(),
                "ended_at": each.ended_at.isoformat() if each.ended_at else None,
                "stamps": [
                    {
                        "number": entry.number,
                        "kind": entry.kind,
                        "amount": entry.amount,
                        "balance": entry.balance,
                        "at": entry.at.isoformat(),
                        "expires_at": entry.expires_at.isoformat() if entry.expires_at else None,
                        "source": "card_use",
                    }
                    for entry in entries.get(each.id, ())
                ],
            }
            for each in memberships
        ]
    }


def _left() -> CombinedExpression:
    """What is left of the lot of a row."""
    used = LotUse.objects.filter(lot_id=OuterRef("id")).values("lot_id").annotate(used=Sum("amount")).values("used")
    return F("amount") - Coalesce(Subquery(used, output_field=IntegerField()), 0)
