"""What is done to credentials.

addresses.py  the sign-in address: asked for, proved, changed, had back
factors.py    a second one after the password: an app, and codes on paper
codes.py      six digits by mail, tried at most five times
signups.py    from an address to an account
passwords.py  checked, set, reset
passkeys.py   kept, used, removed
sessions.py   who is signed in where
languages.py  in which letters are written
closing.py    all of it goes
"""

from kliento.domain.accounts.actions.addresses import (
    OpenedChange,
    Restored,
    WayBack,
    open_address_change,
    open_way_back,
    purge_address_changes,
    purge_former_addresses,
    put_address,
    remove_address,
    restore_address,
    verify_address_change,
)
from kliento.domain.accounts.actions.closing import close_account_credentials, erase_person
from kliento.domain.accounts.actions.factors import (
    account_by_recovery_code,
    begin_authenticator,
    purge_authenticators,
    renew_recovery_codes,
    turn_authenticator_off,
    turn_authenticator_on,
    use_recovery_code,
    use_step,
)
from kliento.domain.accounts.actions.languages import choose_language
from kliento.domain.accounts.actions.passkeys import remove_passkey, store_passkey, use_passkey
from kliento.domain.accounts.actions.passwords import (
    ResetCode,
    account_of,
    checked_password,
    give_reset_code,
    open_reset,
    purge_resets,
    remove_password,
    reset_password,
    set_password,
    verify_reset,
)
from kliento.domain.accounts.actions.sessions import end_one_session, end_sessions, purge_sessions
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
    "OpenedChange",
    "OpenedSignup",
    "ResetCode",
    "Restored",
    "WayBack",
    "abandon_signup",
    "accept_terms",
    "account_by_recovery_code",
    "account_of",
    "answer_age_band",
    "begin_authenticator",
    "checked_password",
    "choose_language",
    "close_account_credentials",
    "complete_account",
    "create_account",
    "create_invited_account",
    "end_one_session",
    "end_sessions",
    "erase_person",
    "give_reset_code",
    "open_address_change",
    "open_reset",
    "open_signup",
    "open_way_back",
    "purge_address_changes",
    "purge_authenticators",
    "purge_former_addresses",
    "purge_resets",
    "purge_sessions",
    "purge_signups",
    "put_address",
    "remove_address",
    "remove_passkey",
    "remove_password",
    "renew_recovery_codes",
    "reset_password",
    "restore_address",
    "set_password",
    "store_passkey",
    "turn_authenticator_off",
    "turn_authenticator_on",
    "use_passkey",
    "use_recovery_code",
    "use_step",
    "verify_address_change",
    "verify_reset",
    "verify_signup",
]
