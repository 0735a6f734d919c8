"""Reading cards.

presenting.py  the medium behind what was shown
holding.py     a holder's own card and media
subjects.py    whose facts are whose
"""

from kliento.domain.cards.queries.holding import MediumView, card_number, describe_person, media_of_person
from kliento.domain.cards.queries.presenting import (
    Decoded,
    Presented,
    Spent,
    code_keys,
    decoded,
    media_of,
    public_code_key,
    spent_from,
)
from kliento.domain.cards.queries.subjects import lock_unregistered, subjects_of

__all__ = [
    "Decoded",
    "MediumView",
    "Presented",
    "Spent",
    "card_number",
    "code_keys",
    "decoded",
    "describe_person",
    "lock_unregistered",
    "media_of",
    "media_of_person",
    "public_code_key",
    "spent_from",
    "subjects_of",
]
