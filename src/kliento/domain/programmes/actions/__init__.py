"""What is written about programmes.

earning.py    stamps of visits, within the transaction of a tap
redeeming.py  rewards, what undoes them, and stamps that run out
ledger.py     the one place that adds to the ledger
forgetting.py erasure
"""

from kliento.domain.programmes.actions.earning import Earned, VisitFact, earn
from kliento.domain.programmes.actions.forgetting import erase_person
from kliento.domain.programmes.actions.redeeming import (
    expire_lots,
    redeem,
    redeemed_before,
    reverse_earning,
    reverse_redemption,
)

__all__ = [
    "Earned",
    "VisitFact",
    "earn",
    "erase_person",
    "expire_lots",
    "redeem",
    "redeemed_before",
    "reverse_earning",
    "reverse_redemption",
]
