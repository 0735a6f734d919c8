"""What a person does with their rights.

downloading.py   everything about them, as one document
closing.py       leaving: keys destroyed, facts in the erased shape
closing_accounts.py   the same for an account nobody stands behind
"""

from kliento.domain.rights.actions.closing import close_account, finish_closing, finish_closings
from kliento.domain.rights.actions.closing_accounts import close_bare_account
from kliento.domain.rights.actions.downloading import download

__all__ = ["close_account", "close_bare_account", "download", "finish_closing", "finish_closings"]
