"""Stamps of unregistered cards: collected without a person, moved to whoever claims the card, and back if it is undone.

A lot that moves keeps its end. Everything here runs inside the caller's transaction, with card and person locked.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from kliento.domain.cards.queries import claimer_of, lock_unregistered
from kliento.domain.programmes import rules
from kliento.domain.programmes.actions.ledger import add_movement
from kliento.domain.programmes.models import LedgerEntry, Membership, Programme
from kliento.domain.programmes.queries import lots_of
from kliento.domain.programmes.queries.memberships import standing_of
from kliento.domain.programmes.queries.offers import terms_of
from kliento.domain.programmes.rules import Lot, Standing, Taking
from kliento.domain.sharing.rules import Pair
from kliento.kernel.ids import new_id
from kliento.kernel.rows import insert_rows

MOVED = LedgerEntry.Kind.MOVED
Staying = Callable[[UUID, UUID], Collection[UUID]]
"""Of this card, claimed by that person: the lots that stay with it, because the person has their stamps already."""


def open_for_unregistered(relationships: Mapping[Pair, UUID], *, at: datetime) -> dict[Pair, Standing]:
    """Let these cards (with their relationships' ids) collect stamps there from now on, where there is a programme.

    Nothing is disclosed: the card has no person whose fields could go anywhere. For cards that do not collect there
    yet; two statements, none without cards.
    """
    if not relationships:
        return {}
    asked = Programme.objects.filter(third_party__in={pair.third_party_id for pair in relationships}, closed_at=None)
    programmes = {programme.third_party_id: programme for programme in asked}
    opened = {
        pair: Standing(new_id(), pair.subject_id, terms_of(programmes[pair.third_party_id]))
        for pair in relationships
        if pair.third_party_id in programmes
    }
    insert_rows(
        Membership,
        ("id", "programme", "relationship", "subject_id", "taken_at"),
        [
            (each.membership_id, programmes[pair.third_party_id].id, relationships[pair], pair.subject_id, at)
            for pair, each in opened.items()
        ],
    )
    return opened


def move_stamps(
    card_id: UUID, *, to: UUID, relationships: Mapping[UUID, UUID], staying: Collection[UUID] = (), at: datetime
) -> None:
    """What the card collected is the person's: in their loyalty card of each programme, opened where it was missing.

    `relationships`: the person's own, by third party. `staying`: the lots that stay with the card, where they count for
    nobody until it is on its own again. A programme that shows its issuer something stays out of use until the person
    takes its card into use; the stamps wait there.
    """
    for membership in Membership.objects.filter(subject_id=card_id).select_related("programme").order_by("id"):
        programme = membership.programme
        theirs, _is_new = Membership.objects.get_or_create(
            programme=programme,
            relationship_id=relationships[programme.third_party_id],
            defaults={"subject_id": to, "taken_at": at, "ended_at": at if programme.fields else None},
        )
        theirs.programme = programme
        _move(membership, theirs, _going(membership.id, staying), at=at)


def move_stamps_back(card_id: UUID, *, from_: UUID, at: datetime) -> None:
    """What is left of the stamps that came with the card goes back to it; what was spent stays spent."""
    for membership in Membership.objects.filter(subject_id=card_id).select_related("programme").order_by("id"):
        own_lots = LedgerEntry.objects.filter(membership_id=membership.id, amount__gt=0).values_list("id", flat=True)
        came = LedgerEntry.objects.filter(moved_from__in=list(own_lots), subject_id=from_)
        for theirs in Membership.objects.filter(id__in=set(came.values_list("membership_id", flat=True))):
            theirs.programme = membership.programme
            lots = {lot.entry_id: lot for lot in lots_of(theirs.id)}
            left = [lots[lot_id] for lot_id in came.values_list("id", flat=True) if lot_id in lots]
            _move(theirs, membership, left, at=at)


def follow_claims(standing: Standing, lot_ids: Collection[UUID], *, staying: Staying, at: datetime) -> Standing:
    """Stamps that were just given back into these lots go where the card they came with stands now; whose are shown.

    To the person, where an unregistered card was claimed since the redemption, but for those that stay with it; to the
    card, where its claim was undone.
    """
    membership = Membership.objects.select_related("programme").get(id=standing.membership_id)
    claimer = claimer_of(standing.subject_id)
    if claimer is not None:
        theirs = Membership.objects.filter(programme_id=membership.programme_id, subject_id=claimer).first()
        if theirs is None:
            return standing
        theirs.programme = membership.programme
        _move(membership, theirs, _going(membership.id, staying(standing.subject_id, claimer)), at=at)
        return standing_of(theirs, at=at) or standing
    came_from = LedgerEntry.objects.filter(id__in=lot_ids, moved_from__isnull=False).values("moved_from")
    cards = LedgerEntry.objects.filter(id__in=came_from, subject_id__isnull=False).values_list("subject_id", flat=True)
    for card_id in lock_unregistered({card_id for card_id in cards if card_id is not None}):
        move_stamps_back(card_id, from_=standing.subject_id, at=at)
    return standing_of(membership, at=at) or standing


def start_anew(card_id: UUID, *, before: datetime, at: datetime) -> None:
    """Break the tie between a card and what its ledgers say of visits before then; its stamps stay good.

    The balance goes on in a membership of its own, and the old one is nobody's. Needs an Activity cover.
    """
    olds = Membership.objects.filter(subject_id=card_id, relationship__isnull=False).select_related("programme")
    for old in olds.order_by("id"):
        ledger = LedgerEntry.objects.filter(membership_id=old.id)
        if not ledger.filter(at__lt=before).exists():
            continue
        lots, relationship_id = lots_of(old.id), old.relationship_id
        Membership.objects.filter(id=old.id).update(subject_id=None, relationship_id=None, ended_at=at)
        new = Membership.objects.create(
            programme=old.programme, relationship_id=relationship_id, subject_id=card_id, taken_at=at
        )
        standing = Standing(new.id, card_id, terms_of(old.programme))
        for lot in sorted(lots, key=lambda lot: lot.number):
            if lot.lives(at):
                standing = _add_lot(standing, lot, None, at=at)
        ledger.update(subject_id=None)


def _going(membership_id: UUID, staying: Collection[UUID]) -> list[Lot]:
    return [lot for lot in lots_of(membership_id) if lot.entry_id not in staying]


def _move(giver: Membership, taker: Membership, lots: list[Lot], *, at: datetime) -> None:
    living = [lot for lot in rules.first_to_go(lots) if lot.lives(at)]
    leaving, arriving = standing_of(giver, at=at), standing_of(taker, at=at)
    if not living or leaving is None or arriving is None:
        return
    amount = sum(lot.left for lot in living)
    takings = [Taking(lot.entry_id, lot.left) for lot in living]
    add_movement(leaving, MOVED, -amount, takings=takings, at=at)
    for lot in living:
        arriving = _add_lot(arriving, lot, lot.entry_id, at=at)


def _add_lot(standing: Standing, lot: Lot, moved_from: UUID | None, *, at: datetime) -> Standing:
    return add_movement(standing, MOVED, lot.left, takings=(), at=at, expires_at=lot.expires_at, moved_from=moved_from)
