"""Cards in use: as their holder, a till and the issuer see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max

from kliento.domain.people.queries import in_state
from kliento.domain.programmes.models import LedgerEntry, Membership
from kliento.domain.programmes.queries.ledger import LastEntry, last_entries, living_in
from kliento.domain.programmes.queries.offers import ProgrammeView, terms_of, view_of_programme
from kliento.domain.programmes.rules import StampsView, Standing, view_of
from kliento.domain.recipients.queries import RecipientName, name_of_row, standing_of_row, terminals_of

_MOST_SUSPICIOUS = 20
_IS_HIDDEN = in_state("subject_id", "restricted", "erasing", "erased")  # never so of cards without a person


@dataclass(frozen=True, slots=True)
class LoyaltyCard:
    """A loyalty card as its holder sees it, and whose it is. `ended_at` set: it is out of use, and its stamps wait.

    Not `is_reachable`: its issuer is not approved now, so it collects nothing and its issuer sees nothing.
    """

    membership_id: UUID
    programme: ProgrammeView
    company: RecipientName
    stamps: StampsView
    taken_at: datetime
    ended_at: datetime | None
    is_reachable: bool = True

    @property
    def is_in_use(self) -> bool:
        """Whether it collects stamps and its issuer may be given anything."""
        return self.ended_at is None and self.programme.closed_at is None


@dataclass(frozen=True, slots=True)
class Collecting:
    """How many stamps one member collected at one terminal, and when the last of them."""

    member_number: str
    terminal_id: UUID | None
    stamps: int
    last_at: datetime


def loyalty_cards_of(person_id: UUID, *, at: datetime) -> list[LoyaltyCard]:
    """The person's loyalty cards, those in use first, then by when they were taken. Two statements."""
    rows = list(Membership.objects.filter(subject_id=person_id).select_related("programme__third_party"))
    standings = _standings(rows, at=at)
    cards = [
        LoyaltyCard(
            membership_id=row.id,
            programme=view_of_programme(row.programme),
            company=name_of_row(row.programme.third_party),
            stamps=standings[row.id].view,
            taken_at=row.taken_at,
            ended_at=row.ended_at,
            is_reachable=standing_of_row(row.programme.third_party).approved,
        )
        for row in rows
    ]
    return sorted(cards, key=lambda card: (not card.is_in_use, card.taken_at))


def stamps_without(
    cards: Collection[LoyaltyCard], lot_ids: Collection[UUID], *, at: datetime
) -> dict[UUID, StampsView]:
    """These loyalty cards, by membership, as they would be without what is left of these lots. One statement."""
    gone = living_in(lot_ids, at=at)
    return {
        card.membership_id: view_of(card.programme.terms, card.stamps.balance - gone.get(card.membership_id, 0))
        for card in cards
    }


def stamps_at(relationship_ids: Collection[UUID], *, at: datetime) -> dict[UUID, StampsView]:
    """The stamps of these relationships' cards that are in use; the others are left out. Two statements.

    So are those of people whose data is restricted, as at a till: it reads as if they had no card (R-VIS-8).
    """
    rows = list(
        Membership.objects.filter(
            ~_IS_HIDDEN,
            relationship_id__in=set(relationship_ids),
            ended_at=None,
            programme__closed_at=None,
        ).select_related("programme")
    )
    standings = _standings(rows, at=at)
    return {
        row.relationship_id: standings[row.id].view
        for row in rows
        if row.relationship_id is not None and row.id in standings
    }


def membership_at(subject_id: UUID, third_party_id: UUID, *, at: datetime) -> Standing | None:
    """How the subject's card of that third party stands; None when none is in use.

    None too when the use of a person's data is restricted (R-VIS-8). To change it, read it with its holder locked.
    """
    row = (
        Membership.objects.filter(
            ~_IS_HIDDEN,
            subject_id=subject_id,
            ended_at=None,
            programme__closed_at=None,
            programme__third_party_id=third_party_id,
        )
        .select_related("programme")
        .first()
    )
    return None if row is None else standing_of(row, at=at)


def standing_of(row: Membership, *, at: datetime) -> Standing | None:
    """How a membership stands, without the days on which it earned; None when its person was erased."""
    return _standings([row], at=at).get(row.id)


def standings_of(membership_ids: Collection[UUID], *, at: datetime) -> dict[UUID, Standing]:
    """The same for many, those of erased people left out. Two statements."""
    rows = Membership.objects.filter(id__in=set(membership_ids)).select_related("programme")
    return _standings(list(rows), at=at)


def _standings(rows: Sequence[Membership], *, at: datetime) -> dict[UUID, Standing]:
    """Those of people who are still there. One statement."""
    last = last_entries([row.id for row in rows], at=at)
    return {
        row.id: Standing(row.id, row.subject_id, terms_of(row.programme), **last.get(row.id, LastEntry())._asdict())
        for row in rows
        if row.subject_id is not None
    }


def suspicious_collecting(third_party_id: UUID, since: datetime) -> list[Collecting]:
    """Who collected most stamps at one terminal since then, for the owner (threat 29); at most 20, most first.

    Whoever works at the till and collects on a card of their own stands at the top of it.
    """
    members = Membership.objects.filter(~_IS_HIDDEN, programme__third_party_id=third_party_id)
    tills = [terminal.id for terminal in terminals_of(third_party_id)]  # their index spares the rest of the ledger
    earned = LedgerEntry.objects.filter(terminal_id__in=tills, at__gte=since, kind=LedgerEntry.Kind.EARNED)
    counted = list(
        earned.filter(subject_id__isnull=False)
        .values("membership_id", "terminal_id")
        .annotate(stamps=Count("id"), last_at=Max("at"))
        .order_by("-stamps", "-last_at")[:_MOST_SUSPICIOUS]
    )
    numbers = dict(
        members.filter(id__in=[row["membership_id"] for row in counted]).values_list(
            "id", "relationship__member_number"
        )
    )
    return [
        Collecting(numbers[row["membership_id"]], row["terminal_id"], row["stamps"], row["last_at"])
        for row in counted
        if row["membership_id"] in numbers
    ]
