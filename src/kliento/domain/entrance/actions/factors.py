"""The second factor at the door: turned on and off, asked for after a password, and when a password is reset."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts import actions as accounts
from kliento.domain.accounts.queries import authenticator_of
from kliento.domain.accounts.rules.codes import digits_of
from kliento.domain.accounts.rules.recovery import recovery_code_in
from kliento.domain.accounts.rules.totp import fitting_step
from kliento.domain.entrance.actions.secrets import SignedIn, tell
from kliento.domain.entrance.queries import authenticator_secret
from kliento.kernel.errors import Invalid, NotFound

Proof = Literal["code", "recovery_code"]


def turn_on_authenticator(by: SignedIn, code: str, *, keep: str, language: str, at: datetime) -> list[str]:
    """A password asks for a code from now on; ten recovery codes, which can be shown this once.

    Raises Invalid for a wrong code, NotFound when nothing was begun, Conflict when it is on already.
    """
    with transaction.atomic(durable=True):
        begun = authenticator_of(by.account_id)
        if begun is None:
            raise NotFound(code="no_authenticator")
        _use_code(by.account_id, code, at=at)
        accounts.turn_authenticator_on(by.account_id, begun.id, keep=keep, at=at)
        tell(by.account_id, "authenticator_on", language=language, at=at)
        return accounts.renew_recovery_codes(by.account_id, at=at)


def turn_off_authenticator(by: SignedIn, typed: str, *, keep: str, language: str, at: datetime) -> None:
    """A password is enough again. Raises Invalid for a wrong code, NotFound when it is not on."""
    with transaction.atomic(durable=True):
        prove_second(by.account_id, typed, at=at)
        accounts.turn_authenticator_off(by.account_id, keep=keep)
        tell(by.account_id, "authenticator_off", language=language, at=at)


def renew_recovery_codes(by: SignedIn, *, keep: str, language: str, at: datetime) -> list[str]:
    """Ten new recovery codes, which can be shown this once; the older ones are good no more."""
    with transaction.atomic(durable=True):
        accounts.end_sessions(by.account_id, keep=keep)
        codes = accounts.renew_recovery_codes(by.account_id, at=at)
        tell(by.account_id, "recovery_codes", language=language, at=at)
        return codes


def pass_second(account_id: UUID, typed: str, *, language: str, at: datetime) -> None:
    """Let in who gave the password before and gives a code now. A recovery code ends every session and is told.

    Raises Invalid for a wrong code.
    """
    with transaction.atomic(durable=True):
        if prove_second(account_id, typed, at=at) == "recovery_code":
            accounts.end_sessions(account_id)
            tell(account_id, "recovery_code_used", language=language, at=at)


def prove_second(account_id: UUID, typed: str, *, at: datetime) -> Proof:
    """Use up a code of the app or a recovery code, in the caller's transaction. Raises Invalid for a wrong one."""
    if accounts.use_recovery_code(account_id, typed):
        return "recovery_code"
    _use_code(account_id, typed, at=at)
    return "code"


def _use_code(account_id: UUID, typed: str, *, at: datetime) -> None:
    """What reads as a recovery code is no code of an app: tries of the one are counted by account, not of the other."""
    authenticator = authenticator_of(account_id)
    if authenticator is not None and recovery_code_in(typed) is None:
        secret = authenticator_secret(account_id, authenticator)
        step = fitting_step(secret, digits_of(typed), at=at, after=authenticator.last_step)
        if step is not None and accounts.use_step(authenticator.id, step):
            return
    raise Invalid(
        _("That code does not fit, or was used already. Wait for the next one in the app."),
        code="wrong_code",
        pointer="code",
    )
