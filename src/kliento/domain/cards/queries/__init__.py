"""Reading cards.

presenting.py  the medium behind what was shown
batches.py     blank cards that were just made
holding.py     a holder's own card and media
claims.py      claim codes and claims
blocking.py    what tills without a network are to refuse
subjects.py    whose facts are whose
unsealing.py   codes that waited at a till without a network
"""

from kliento.domain.cards.queries.batches import numbers_of_batch
from kliento.domain.cards.queries.blocking import BlockedCodes, BlockList, block_list, blocked_codes, list_key_of
from kliento.domain.cards.queries.claims import (
    ClaimView,
    CodeGiven,
    HeldCode,
    card_waiting,
    claims_at,
    claims_of,
    claims_to_announce,
    codes_given_at,
    held_code,
    waiting_code,
)
from kliento.domain.cards.queries.holding import (
    MediumView,
    card_number,
    carrier_of,
    carriers_of,
    describe_card,
    describe_person,
    given_up,
    media_of_person,
    opened_media,
)
from kliento.domain.cards.queries.presenting import (
    CHANGED,
    Decoded,
    Presented,
    Spent,
    code_keys,
    decoded,
    media_of,
    public_code_key,
    spent_from,
)
from kliento.domain.cards.queries.subjects import (
    CLAIMED,
    Holder,
    cards_among,
    claimed_by,
    claimed_by_any,
    claimer_of,
    lock_holder,
    lock_unregistered,
    subjects_of,
    unregistered_by_number,
)
from kliento.domain.cards.queries.unsealing import public_sealing_key, unsealed

__all__ = [
    "CHANGED",
    "CLAIMED",
    "BlockList",
    "BlockedCodes",
    "ClaimView",
    "CodeGiven",
    "Decoded",
    "HeldCode",
    "Holder",
    "MediumView",
    "Presented",
    "Spent",
    "block_list",
    "blocked_codes",
    "card_number",
    "card_waiting",
    "cards_among",
    "carrier_of",
    "carriers_of",
    "claimed_by",
    "claimed_by_any",
    "claimer_of",
    "claims_at",
    "claims_of",
    "claims_to_announce",
    "code_keys",
    "codes_given_at",
    "decoded",
    "describe_card",
    "describe_person",
    "given_up",
    "held_code",
    "list_key_of",
    "lock_holder",
    "lock_unregistered",
    "media_of",
    "media_of_person",
    "numbers_of_batch",
    "opened_media",
    "public_code_key",
    "public_sealing_key",
    "spent_from",
    "subjects_of",
    "unregistered_by_number",
    "unsealed",
    "waiting_code",
]
