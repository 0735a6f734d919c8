"""What is done about unregistered cards.

giving.py      a claim code, at the till where the holder stands
claiming.py    entering it, undoing that
announcing.py  a letter to the owners of the till
forgetting.py  90 days, the holder's own wish, erasure
"""

from kliento.domain.claiming.actions.announcing import tell_of_claims
from kliento.domain.claiming.actions.claiming import claim_card, undo_claim, undo_claim_at, undo_open_claims
from kliento.domain.claiming.actions.forgetting import erase_claimed, forget_card, purge_unregistered
from kliento.domain.claiming.actions.giving import give_claim_code

__all__ = [
    "claim_card",
    "erase_claimed",
    "forget_card",
    "give_claim_code",
    "purge_unregistered",
    "tell_of_claims",
    "undo_claim",
    "undo_claim_at",
    "undo_open_claims",
]
