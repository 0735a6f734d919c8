"""What a visitor or a person does at the door.

signing_up.py  an address, a code by mail; in the end an account, a person and a card
signing_in.py  with a password, with a passkey, with a recovery code
resetting.py   a new password by a code
inviting.py    join a company's team by a mailed link
addresses.py   change the sign-in address, have it back, delete it
factors.py     a code after the password: of an app, or from paper
secrets.py     change or remove the password, add and remove passkeys; each change is told by mail
"""

from kliento.domain.entrance.actions.addresses import (
    ask_for_address,
    change_address,
    remove_address,
    revert_address,
)
from kliento.domain.entrance.actions.factors import (
    pass_second,
    renew_recovery_codes,
    turn_off_authenticator,
    turn_on_authenticator,
)
from kliento.domain.entrance.actions.inviting import invite_operator, join_anew, join_as
from kliento.domain.entrance.actions.resetting import begin_reset, finish_reset, send_reset_code
from kliento.domain.entrance.actions.secrets import add_passkey, change_password, remove_passkey, remove_password
from kliento.domain.entrance.actions.signing_in import (
    as_account,
    as_person,
    sign_in_by_passkey,
    sign_in_by_password,
    sign_in_by_recovery_code,
    tell_of_new_device,
)
from kliento.domain.entrance.actions.signing_up import begin_signup, complete_signup, finish_signup

__all__ = [
    "add_passkey",
    "as_account",
    "as_person",
    "ask_for_address",
    "begin_reset",
    "begin_signup",
    "change_address",
    "change_password",
    "complete_signup",
    "finish_reset",
    "finish_signup",
    "invite_operator",
    "join_anew",
    "join_as",
    "pass_second",
    "remove_address",
    "remove_passkey",
    "remove_password",
    "renew_recovery_codes",
    "revert_address",
    "send_reset_code",
    "sign_in_by_passkey",
    "sign_in_by_password",
    "sign_in_by_recovery_code",
    "tell_of_new_device",
    "turn_off_authenticator",
    "turn_on_authenticator",
]
