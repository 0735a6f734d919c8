"""What a person does with their rights.

downloading.py   everything about them, as one document
downloading_activity.py   their Activity alone, piece by piece
closing.py       leaving: keys destroyed, facts in the erased shape
closing_accounts.py   the same for an account nobody stands behind
"""

from kliento.domain.rights.actions.closing import close_account, finish_closing, finish_closings
from kliento.domain.rights.actions.closing_accounts import DESTROY, close_bare_account, destroy_account_key
from kliento.domain.rights.actions.downloading import download
from kliento.domain.rights.actions.downloading_activity import download_activity

__all__ = [
    "DESTROY",
    "close_account",
    "close_bare_account",
    "destroy_account_key",
    "download",
    "download_activity",
    "finish_closing",
    "finish_closings",
]
