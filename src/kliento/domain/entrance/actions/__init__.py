"""What a visitor or a person does at the door.

signing_up.py  an address, a code by mail; in the end an account, a person and a card
signing_in.py  with a password, with a passkey
resetting.py   a new password by a code
inviting.py    join a company's team by a mailed link
secrets.py     change the password, add and remove passkeys; each change is told by mail
"""

from kliento.domain.entrance.actions.inviting import invite_operator, join_anew, join_as
from kliento.domain.entrance.actions.resetting import begin_reset, finish_reset, send_reset_code
from kliento.domain.entrance.actions.secrets import add_passkey, change_password, remove_passkey
from kliento.domain.entrance.actions.signing_in import as_account, as_person, sign_in_by_passkey, sign_in_by_password
from kliento.domain.entrance.actions.signing_up import begin_signup, complete_signup, finish_signup

__all__ = [
    "add_passkey",
    "as_account",
    "as_person",
    "begin_reset",
    "begin_signup",
    "change_password",
    "complete_signup",
    "finish_reset",
    "finish_signup",
    "invite_operator",
    "join_anew",
    "join_as",
    "remove_passkey",
    "send_reset_code",
    "sign_in_by_passkey",
    "sign_in_by_password",
]
