"""Reading programmes and their ledger.

offers.py       programmes: what can be taken into use
memberships.py  cards in use: the person's own, a till's, the issuer's view
following.py    where a stamp that a visit earned is by now
ledger.py       entries, lots and balances
sealed.py       movements as the seal of Activity tells of them
tapping.py      how members stand at a tap, as part of one statement
"""

from kliento.domain.programmes.queries.following import EarnedStamp, stamps_earned_by
from kliento.domain.programmes.queries.ledger import Movement, describe_person, ledger_of, lots_of, stamps_that_came
from kliento.domain.programmes.queries.memberships import (
    Collecting,
    LoyaltyCard,
    loyalty_cards_of,
    membership_at,
    stamps_at,
    stamps_without,
    suspicious_collecting,
)
from kliento.domain.programmes.queries.offers import ProgrammeView, open_programmes, programme_by, programme_of
from kliento.domain.programmes.queries.sealed import SEALED_ROWS
from kliento.domain.programmes.queries.tapping import STANDINGS, earned_since, standing_from

__all__ = [
    "SEALED_ROWS",
    "STANDINGS",
    "Collecting",
    "EarnedStamp",
    "LoyaltyCard",
    "Movement",
    "ProgrammeView",
    "describe_person",
    "earned_since",
    "ledger_of",
    "lots_of",
    "loyalty_cards_of",
    "membership_at",
    "open_programmes",
    "programme_by",
    "programme_of",
    "stamps_at",
    "stamps_earned_by",
    "stamps_that_came",
    "stamps_without",
    "standing_from",
    "suspicious_collecting",
]
