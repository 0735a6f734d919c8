"""Printed numbers that nobody had."""

from datetime import datetime
from uuid import UUID

from kliento.domain.cards import rules
from kliento.domain.cards.models import Card, Medium
from kliento.domain.vault import actions as vault
from kliento.kernel.ids import new_id


def new_number(card: Card, *, owner_id: UUID, at: datetime) -> Medium:
    """A printed number that nobody had, sealed for its owner, not saved yet."""
    number, medium_id = rules.new_number(), new_id()
    return Medium(
        id=medium_id,
        card=card,
        kind=Medium.Kind.PRINTED,
        level=Medium.Level.STATIC,
        code_index=vault.index("card", number),
        sealed_code=vault.seal_text(owner_id, place="cards_medium.sealed_code", row=medium_id, text=number),
        since_at=at,
        added_at=at,
    )
