"""The owners of a till are told of the claims made with its codes, by mail, at most once a day (threat 28)."""

from datetime import datetime

from django.db import transaction

from kliento.domain.cards.actions import mark_announced
from kliento.domain.cards.queries import claims_to_announce
from kliento.domain.dispatch.actions import post_to_operators
from kliento.domain.recipients.queries import operators_to_tell
from kliento.domain.recipients.rules import Right


def tell_of_claims(*, at: datetime) -> int:
    """One letter to each third party with claims nobody there was told of; how many third parties.

    It says how many, never whose or which card. Where nobody can be told they wait in the portal. One caller at a time.
    """
    told = 0
    for third_party_id in claims_to_announce(at=at):
        with transaction.atomic():
            if operators_to_tell(third_party_id, Right.SEE_AUDIT):
                count = mark_announced(third_party_id, at=at)
                context = {"count": str(count)}
                told += bool(count)
                if count:
                    post_to_operators("cards_claimed", third_party_id, Right.SEE_AUDIT, context=context, at=at)
    return told
