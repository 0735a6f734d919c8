"""What is written about programmes.

offering.py   a third party opens, changes and closes its programme
using.py      a person takes the card into use and out of use
earning.py    stamps of visits, within the transaction of a tap
redeeming.py  rewards, what undoes them, and stamps that run out
reversing.py  what many visits earned, taken back at once
moving.py     stamps of unregistered cards, and where they go when one is claimed
ledger.py     the one place that adds to the ledger
forgetting.py erasure
"""

from kliento.domain.programmes.actions.earning import Earned, VisitFact, earn
from kliento.domain.programmes.actions.forgetting import erase_person
from kliento.domain.programmes.actions.moving import (
    move_stamps,
    move_stamps_back,
    open_for_unregistered,
    start_anew,
)
from kliento.domain.programmes.actions.offering import change_programme, close_programme, open_programme
from kliento.domain.programmes.actions.redeeming import (
    expire_lots,
    redeem,
    redeemed_before,
    reverse_earning,
    reverse_redemption,
)
from kliento.domain.programmes.actions.reversing import reverse_earnings
from kliento.domain.programmes.actions.using import (
    OUT_OF_USE,
    put_out_of_use,
    stop_company,
    take_into_use,
    tell_of_card,
)

__all__ = [
    "OUT_OF_USE",
    "Earned",
    "VisitFact",
    "change_programme",
    "close_programme",
    "earn",
    "erase_person",
    "expire_lots",
    "move_stamps",
    "move_stamps_back",
    "open_for_unregistered",
    "open_programme",
    "put_out_of_use",
    "redeem",
    "redeemed_before",
    "reverse_earning",
    "reverse_earnings",
    "reverse_redemption",
    "start_anew",
    "stop_company",
    "take_into_use",
    "tell_of_card",
]
