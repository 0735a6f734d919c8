"""What is done to credentials.

codes.py      six digits by mail, tried at most five times
signups.py    from an address to an account
passwords.py  checked, set, reset
passkeys.py   kept, used, removed
sessions.py   who is signed in where
languages.py  in which letters are written
closing.py    all of it goes
"""

from kliento.domain.accounts.actions.closing import close_account_credentials, erase_person
from kliento.domain.accounts.actions.languages import choose_language
from kliento.domain.accounts.actions.passkeys import remove_passkey, store_passkey, use_passkey
from kliento.domain.accounts.actions.passwords import (
    ResetCode,
    account_of,
    checked_password,
    give_reset_code,
    open_reset,
    purge_resets,
    reset_password,
    set_password,
    verify_reset,
)
from kliento.domain.accounts.actions.sessions import end_sessions, purge_sessions
from kliento.domain.accounts.actions.signups import (
    NewAccount,
    OpenedSignup,
    abandon_signup,
    accept_terms,
    answer_age_band,
    complete_account,
    create_account,
    create_invited_account,
    open_signup,
    purge_signups,
    verify_signup,
)

__all__ = [
    "NewAccount",
    "OpenedSignup",
    "ResetCode",
    "abandon_signup",
    "accept_terms",
    "account_of",
    "answer_age_band",
    "checked_password",
    "choose_language",
    "close_account_credentials",
    "complete_account",
    "create_account",
    "create_invited_account",
    "end_sessions",
    "erase_person",
    "give_reset_code",
    "open_reset",
    "open_signup",
    "purge_resets",
    "purge_sessions",
    "purge_signups",
    "remove_passkey",
    "reset_password",
    "set_password",
    "store_passkey",
    "use_passkey",
    "verify_reset",
    "verify_signup",
]
