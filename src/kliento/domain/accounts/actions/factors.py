"""The second factor: an authenticator app, and recovery codes for when it is lost.

The app's secret is sealed under the account; whoever checks a code has the gate open it (`entrance`).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.actions.sessions import end_sessions
from kliento.domain.accounts.models import Account, Authenticator, RecoveryCode
from kliento.domain.accounts.queries import AUTHENTICATOR_PLACE
from kliento.domain.accounts.rules.recovery import new_codes, recovery_code_in
from kliento.domain.accounts.rules.totp import SET_UP_WITHIN, new_secret
from kliento.domain.vault.actions import seal_text
from kliento.kernel.errors import Conflict, NotFound
from kliento.kernel.ids import new_id


def begin_authenticator(account_id: UUID, *, at: datetime) -> None:
    """Make a secret for an app; it counts once a code of it is given. Raises Conflict when one is on already."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        if Authenticator.objects.filter(account=account, on_since__isnull=False).exists():
            raise Conflict(_("The authenticator app is on already."), code="authenticator_on")
        Authenticator.objects.filter(account=account).delete()
        row_id = new_id()
        sealed = seal_text(account_id, place=AUTHENTICATOR_PLACE, row=row_id, text=new_secret())
        Authenticator.objects.create(id=row_id, account=account, sealed=sealed, begun_at=at)


def turn_authenticator_on(account_id: UUID, authenticator_id: UUID, *, keep: str, at: datetime) -> None:
    """From now on a password asks for a code; every session ends but the one whose cookie is `keep`.

    The caller has used the code (`use_step`). Raises Conflict when it is on already, or was begun anew.
    """
    with transaction.atomic():
        begun = Authenticator.objects.filter(id=authenticator_id, account_id=account_id, on_since=None)
        if not begun.update(on_since=at):
            raise Conflict(_("The authenticator app is on already."), code="authenticator_on")
        end_sessions(account_id, keep=keep)


def use_step(authenticator_id: UUID, step: int) -> bool:
    """Use a step's code up; whether it was still good. Two at once: one of them."""
    with transaction.atomic():
        return bool(Authenticator.objects.filter(id=authenticator_id, last_step__lt=step).update(last_step=step))


def turn_authenticator_off(account_id: UUID, *, keep: str) -> None:
    """A password is enough again, and codes on paper are good for nothing. Raises NotFound when it is not on."""
    with transaction.atomic():
        deleted, _rows = Authenticator.objects.filter(account_id=account_id, on_since__isnull=False).delete()
        if not deleted:
            raise NotFound(code="no_authenticator")
        RecoveryCode.objects.filter(account_id=account_id, account__login_index__isnull=False).delete()
        end_sessions(account_id, keep=keep)


def renew_recovery_codes(account_id: UUID, *, at: datetime) -> list[str]:
    """Ten new ones; older ones are good no more. They are kept hashed: this is the one time they can be shown."""
    codes = new_codes()
    with transaction.atomic():
        Account.objects.select_for_update().get(id=account_id)
        RecoveryCode.objects.filter(account_id=account_id).delete()
        RecoveryCode.objects.bulk_create(
            [RecoveryCode(account_id=account_id, code_hash=_hash_of(code), made_at=at) for code in codes]
        )
    return codes


def use_recovery_code(account_id: UUID, typed: str) -> bool:
    """Use it up; whether it was one of this account's."""
    code = recovery_code_in(typed)
    if code is None:
        return False
    with transaction.atomic():
        deleted, _rows = RecoveryCode.objects.filter(account_id=account_id, code_hash=_hash_of(code)).delete()
    return bool(deleted)


def purge_authenticators(*, at: datetime) -> int:
    """Forget apps nobody finished setting up within a day, their secrets with them; how many there were."""
    deleted, _rows = Authenticator.objects.filter(on_since=None, begun_at__lte=at - SET_UP_WITHIN).delete()
    return deleted


def account_by_recovery_code(typed: str) -> UUID | None:
    """The account without an address whose code this is; the code is used up, and every session ended.

    None for any other code: an account with an address has it for a second factor alone.
    """
    code = recovery_code_in(typed)
    if code is None:
        return None
    with transaction.atomic():
        rows = RecoveryCode.objects.filter(code_hash=_hash_of(code), account__login_index=None)
        account_id = rows.values_list("account_id", flat=True).first()
        if account_id is None or not use_recovery_code(account_id, code):
            return None
        end_sessions(account_id)
    return account_id


def _hash_of(code: str) -> bytes:
    """Keyed, as every other code's is."""
    return salted_hmac("kliento.accounts.recovery", code, algorithm="sha256").digest()
