"""The relationships of an unregistered card go on as those of the person who claimed it."""

from datetime import datetime
from uuid import UUID

from kliento.domain.sharing.actions.relationships import open_relationships
from kliento.domain.sharing.models import Relationship
from kliento.domain.sharing.rules import Pair


def continue_relationships(card_id: UUID, *, to: UUID, at: datetime) -> None:
    """The person is known wherever the card was, by a number of their own.

    Nothing is shared by that: what they share there is asked as it is anywhere. Inside the caller's transaction.
    """
    cards = list(Relationship.objects.filter(subject_id=card_id))
    opened = open_relationships([Pair(to, row.third_party_id) for row in cards], at=at)
    own = {pair.third_party_id: relation.relationship_id for pair, relation in opened.items()}
    for row in cards:
        Relationship.objects.filter(id=row.id).update(continues_as=own[row.third_party_id])


def continue_no_more(card_id: UUID) -> None:
    """The card is on its own again; the person stays known where the claim made them known."""
    Relationship.objects.filter(subject_id=card_id).update(continues_as=None)
