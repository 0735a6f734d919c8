"""What is written about cards. A card code is sealed or indexed here and returned to its holder alone.

issuing.py     a person's card, and its rotating codes
media.py       a medium is named, blocked, used again, its number replaced
adding.py      a chip somebody carries becomes a medium, and stops being one
chips.py       whether a number that was read can be a chip's at all
numbering.py   printed numbers that nobody had
spending.py    rotating codes, used up
listing.py     block lists for tills
batches.py     blank cards, for nobody in particular
claiming.py    claim codes; a card and its medium become a person's
forgetting.py  erasure and retention
"""

from kliento.domain.cards.actions.adding import add_medium, remove_medium
from kliento.domain.cards.actions.batches import BlankCards, make_blank_cards, show_blank_cards, use_as_card
from kliento.domain.cards.actions.claiming import (
    GivenCode,
    block_card,
    claim_medium,
    forget_cards,
    locked_claim,
    make_claim_code,
    mark_announced,
    purge_claim_codes,
    unblock_card,
    undo_claimed_medium,
)
from kliento.domain.cards.actions.forgetting import erase_person, purge_spent_codes
from kliento.domain.cards.actions.issuing import codes_for, issue_card
from kliento.domain.cards.actions.listing import hand_out_block_list
from kliento.domain.cards.actions.media import (
    block_every_medium,
    block_media,
    block_medium,
    name_medium,
    replace_number,
    use_again,
)
from kliento.domain.cards.actions.spending import Spending, codes_to_spend

__all__ = [
    "BlankCards",
    "GivenCode",
    "Spending",
    "add_medium",
    "block_card",
    "block_every_medium",
    "block_media",
    "block_medium",
    "claim_medium",
    "codes_for",
    "codes_to_spend",
    "erase_person",
    "forget_cards",
    "hand_out_block_list",
    "issue_card",
    "locked_claim",
    "make_blank_cards",
    "make_claim_code",
    "mark_announced",
    "name_medium",
    "purge_claim_codes",
    "purge_spent_codes",
    "remove_medium",
    "replace_number",
    "show_blank_cards",
    "unblock_card",
    "undo_claimed_medium",
    "use_again",
    "use_as_card",
]
