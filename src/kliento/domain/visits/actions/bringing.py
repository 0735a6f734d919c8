"""Stamps that a claimed card holds go to whoever claimed it, but for those of visits they have a stamp of already."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from kliento.domain.cards.queries import claimed_by_any
from kliento.domain.programmes.actions import move_stamps
from kliento.domain.sharing.queries import continued_as
from kliento.domain.visits.queries import stamps_counted_already


def bring_stamps(card_id: UUID, *, to: UUID, at: datetime) -> None:
    """All that the card still holds and the person has no stamp for already.

    Inside the caller's transaction, with the person locked.
    """
    own, staying = continued_as(card_id), stamps_counted_already(card_id, to)
    move_stamps(card_id, to=to, relationships=own, staying=staying, at=at)


def bring_what_stayed(person_ids: Collection[UUID], *, at: datetime) -> None:
    """What stayed with a card because another one counted, and counts now that the other does not.

    Inside the caller's transaction, with the people locked. One statement for any number who claimed no card.
    """
    for person_id, card_id in claimed_by_any(person_ids):
        bring_stamps(card_id, to=person_id, at=at)
