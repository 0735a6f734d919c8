"""Passwords: checked, set, reset. Whatever the address, the hasher runs exactly once (threat 6)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.actions.codes import hash_of, live_row, try_code
from kliento.domain.accounts.actions.sessions import end_sessions
from kliento.domain.accounts.models import Account, Passkey, Reset
from kliento.domain.accounts.queries import login_index, written_address
from kliento.domain.accounts.rules.codes import CODE_GOOD_FOR, new_code
from kliento.domain.accounts.rules.secrets import Password
from kliento.kernel.errors import Conflict, Invalid
from kliento.kernel.ids import new_id

# In our own words: not all of Django's are translated, and none says what to do.
_WEAK = {
    "password_too_short": _("Choose a longer password: at least %(min_length)s characters."),
    "password_too_common": _("Choose another password: this one is among the most common."),
    "password_entirely_numeric": _("Add letters: digits alone are easy to guess."),
}


@dataclass(frozen=True, slots=True)
class ResetCode:
    """What the letter says, and to whose address it goes."""

    account_id: UUID
    code: str
    language: str
    good_until: datetime


def checked_password(text: str) -> Password:
    """A password one may have (settings.AUTH_PASSWORD_VALIDATORS). Raises Invalid that says what to change."""
    try:
        validate_password(text)
    except ValidationError as error:
        weakness = error.error_list[0]
        ours = _WEAK.get(weakness.code or "")
        said = ours % (weakness.params or {}) if ours else error.messages[0]
        raise Invalid(said, code="weak_password", pointer="password") from error
    return Password(text)


def account_of(address: str, password: str, *, at: datetime) -> UUID | None:
    """The account this address and password belong to; None for anything else, a text that is no address included.

    An unknown address and an account without a password cost the same one hash.
    """
    account = _account_at(address, at=at)
    if account is None or not account.has_usable_password():
        make_password(password)
        return None
    return account.id if account.check_password(password) else None


def set_password(account_id: UUID, password: Password, *, keep: str | None) -> None:
    """A new password; every session ends but the one whose cookie is `keep`."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        account.set_password(password.text)
        account.save(update_fields=["password"])
        end_sessions(account_id, keep=keep)


def remove_password(account_id: UUID, *, keep: str | None) -> None:
    """Passkeys alone from now on; sessions end as with a new password. Raises Conflict for the last way there is."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        if not Passkey.objects.filter(account=account).exists():
            raise Conflict(_("This is your only way to sign in. Add a passkey first."), code="last_secret")
        account.set_unusable_password()
        account.save(update_fields=["password"])
        Reset.objects.filter(account=account).delete()
        end_sessions(account_id, keep=keep)


def open_reset(address: str, *, language: str, at: datetime) -> UUID:
    """Begin for this address. Whether anybody has it is not asked here: neither the answer nor its time tells.

    Raises Invalid for what is no address.
    """
    index = login_index(written_address(address, at=at))
    reset_id = new_id()
    Reset.objects.create(
        id=reset_id,
        login_index=index,
        language=language,
        code_hash=hash_of(reset_id, None),
        expires_at=at + CODE_GOOD_FOR,
    )
    return reset_id


def give_reset_code(reset_id: UUID, *, at: datetime) -> ResetCode | None:
    """A code for the account with this reset's address, once. None without one, when it has its code, or has run out.

    The caller posts the letter, in the same transaction.
    """
    with transaction.atomic():
        open_ones = Reset.objects.select_for_update(of=("self",)).filter(account=None, expires_at__gt=at)
        reset = open_ones.filter(id=reset_id).first()
        if reset is None:
            return None
        account = Account.objects.filter(login_index=reset.login_index).first()
        if account is None:
            return None
        code = new_code()
        reset.account, reset.code_hash = account, hash_of(reset.id, code)
        reset.save(update_fields=["account", "code_hash"])
    return ResetCode(account.id, code, reset.language, reset.expires_at)


def verify_reset(reset_id: UUID, code: str, *, at: datetime) -> None:
    """Show that one reads the mail. Raises Invalid for a wrong code, NotFound when the reset has run out."""
    try_code(Reset, reset_id, code, at=at)


def reset_password(reset_id: UUID, password: Password, *, at: datetime) -> UUID:
    """Set the new password, once, and end every session; the account. Raises Conflict without the code."""
    with transaction.atomic():
        reset = live_row(Reset, reset_id, at=at)
        if reset.verified_at is None or reset.account_id is None:
            raise Conflict(code="reset_unverified")
        set_password(reset.account_id, password, keep=None)
        Reset.objects.filter(account_id=reset.account_id).delete()
    return reset.account_id


def purge_resets(*, at: datetime) -> int:
    """Forget every reset that has run out; how many there were."""
    deleted, _rows = Reset.objects.filter(expires_at__lte=at).delete()
    return deleted


def _account_at(address: str, *, at: datetime) -> Account | None:
    try:
        index = login_index(written_address(address, at=at))
    except Invalid:
        return None
    return Account.objects.filter(login_index=index).first()
