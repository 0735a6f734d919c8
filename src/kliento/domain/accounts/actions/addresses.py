"""The sign-in address: asked for, proved, changed, had back. The one place where index and sealed address change."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.actions.codes import hash_of, live_row, try_code
from kliento.domain.accounts.actions.sessions import end_sessions
from kliento.domain.accounts.models import (
    Account,
    AddressChange,
    Authenticator,
    FormerAddress,
    Passkey,
    RecoveryCode,
    Reset,
)
from kliento.domain.accounts.queries import ADDRESS_PLACE, former_addresses, login_index, written_address
from kliento.domain.accounts.rules.addresses import REVERT_WITHIN, is_settled, link_hash, new_link_secret
from kliento.domain.accounts.rules.codes import CODE_GOOD_FOR, new_code
from kliento.domain.vault.actions import NewValue, forget_earlier, remove_value, seal_text, seal_values, version_of
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class OpenedChange:
    """A change that waits for its code. `code` is None when the address has an account: it is told by mail."""

    id: UUID
    address: str
    code: str | None
    good_until: datetime


@dataclass(frozen=True, slots=True)
class WayBack:
    """The secret of the link that brings the former address back, and until when it is good."""

    secret: str
    good_until: datetime


@dataclass(frozen=True, slots=True)
class Restored:
    """The account that was had back, and what else was taken from it."""

    account_id: UUID
    passkeys: int
    has_lost_app: bool
    has_lost_codes: bool


def open_address_change(account_id: UUID, address: str, *, at: datetime) -> OpenedChange:
    """Begin for this address, in place of any other change under way. The caller sends the letter, in the same
    transaction.

    The same rows are written whether the address is known or not (threat 5). Raises Invalid for what is no address, and
    for the one in use.
    """
    written = written_address(address, at=at)
    index = login_index(written)
    change_id = new_id()
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        if account.login_index == index:
            raise Invalid(_("You sign in with this address already."), code="same_address", pointer="email")
        code = None if Account.objects.filter(login_index=index).exists() else new_code()
        AddressChange.objects.filter(account=account).delete()
        AddressChange.objects.create(
            id=change_id,
            account=account,
            login_index=index,
            sealed=seal_text(account_id, place=ADDRESS_PLACE, row=change_id, text=written),
            code_hash=hash_of(change_id, code),
            expires_at=at + CODE_GOOD_FOR,
        )
    return OpenedChange(change_id, written, code, at + CODE_GOOD_FOR)


def verify_address_change(account_id: UUID, change_id: UUID, code: str, *, at: datetime) -> None:
    """Show that one reads the new address. Raises Invalid for a wrong code, NotFound when it is this account's change
    no more.
    """
    if not AddressChange.objects.filter(id=change_id, account_id=account_id).exists():
        raise NotFound(_("Another change was begun, or this one took too long. Start again."), code="run_out")
    try_code(AddressChange, change_id, code, at=at)


def put_address(account_id: UUID, change_id: UUID, address: str, *, keep: str, at: datetime) -> WayBack | None:
    """From now on the account signs in with the new address; every session ends but the one whose cookie is `keep`.

    Answers with the way back; None for an account that had no address, and where the former one had not been the
    address for seven days: whoever changed it then may be the one it is taken back from. Raises Conflict when the code
    was not given, or the address has come to belong to another account.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        change = live_row(AddressChange, change_id, at=at)
        if change.verified_at is None or change.account_id != account_id:
            raise Conflict(code="address_unverified")
        back = _open_way_back(account, at=at)
        _index(account, change.login_index)
        known = FormerAddress.objects.filter(account=account, login_index=change.login_index, revert_until__gt=at)
        account.address_since = None if known.exists() else at
        account.save(update_fields=["address_since"])
        seal_values([NewValue(account_id, "login_email", address, "person")], at=at)
        change.delete()
        _forget_resets(account_id)
        _forget_versions(account_id)
        end_sessions(account_id, keep=keep)
    return back


def open_way_back(account_id: UUID, *, at: datetime) -> WayBack | None:
    """A link to the sign-in address by which whoever reads it takes back what is added to the account now.

    None without an address, and where it has not been the address for seven days.
    """
    with transaction.atomic():
        return _open_way_back(Account.objects.select_for_update().get(id=account_id), at=at)


def restore_address(former_id: UUID, address: str, *, at: datetime) -> Restored:
    """The account has its former address back; every session is gone, and whatever signs in that came after the
    change, or in the seven days before it: a thief adds first and changes then.

    Raises NotFound when the link is good no more, Conflict when the address has an account of its own by now.
    """
    with transaction.atomic():
        former = FormerAddress.objects.select_for_update(of=("self",)).filter(id=former_id, revert_until__gt=at).first()
        if former is None:
            raise NotFound(code="run_out")
        account = Account.objects.select_for_update().get(id=former.account_id)
        account.set_unusable_password()
        account.address_since = None
        account.save(update_fields=["password", "address_since"])
        _index(account, former.login_index)
        seal_values([NewValue(account.id, "login_email", address, "person")], at=at)
        restored = _take_secrets(account.id, since=former.changed_at - REVERT_WITHIN)
        AddressChange.objects.filter(account=account).delete()
        FormerAddress.objects.filter(account=account, changed_at__gte=former.changed_at).delete()
        _forget_resets(account.id)
        _forget_versions(account.id)
        end_sessions(account.id)
    return restored


def remove_address(account_id: UUID, *, keep: str, at: datetime) -> None:
    """No sign-in address any more: passkeys alone sign in, and recovery codes when they are lost (R-CRD-3).

    The address goes with everything that led to it: the password, codes under way, ways back. Raises Conflict while
    there is no passkey, or no recovery code, and while a former address can be had back: nobody who changed the address
    makes an end of that by deleting theirs.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        if not Passkey.objects.filter(account=account).exists():
            raise Conflict(_("Add a passkey first: without an address nothing else signs in."), code="no_passkey")
        if not RecoveryCode.objects.filter(account=account).exists():
            raise Conflict(
                _("Make recovery codes first, for the day your passkeys are lost."), code="no_recovery_codes"
            )
        if former_addresses(account_id, at=at).exists():
            raise Conflict(
                _("Your address was changed less than seven days ago. Delete it once that cannot be taken back."),
                code="address_changed_lately",
            )
        account.login_index = None
        account.address_since = None
        account.set_unusable_password()
        account.save(update_fields=["login_index", "address_since", "password"])
        AddressChange.objects.filter(account=account).delete()
        FormerAddress.objects.filter(account=account).delete()
        _forget_resets(account_id)
        remove_value(account_id, "login_email")
        end_sessions(account_id, keep=keep)


def purge_address_changes(*, at: datetime) -> int:
    """Forget changes nobody finished, the address that was typed with them; how many there were."""
    deleted, _rows = AddressChange.objects.filter(expires_at__lte=at).delete()
    return deleted


def purge_former_addresses(*, at: datetime) -> int:
    """Delete former addresses that cannot be had back any more, out of the vault too; how many there were."""
    ended = list(FormerAddress.objects.filter(revert_until__lte=at).values_list("id", "account_id")[:1000])
    for former_id, account_id in ended:
        with transaction.atomic():
            Account.objects.select_for_update().filter(id=account_id).first()
            FormerAddress.objects.filter(id=former_id).delete()
            _forget_versions(account_id)
    return len(ended)


def _index(account: Account, login_index: str) -> None:
    account.login_index = login_index
    try:
        with transaction.atomic():
            account.save(update_fields=["login_index"])
    except IntegrityError as error:
        raise Conflict(_("This address has an account of its own by now."), code="address_taken") from error


def _open_way_back(account: Account, *, at: datetime) -> WayBack | None:
    version = version_of(account.id, "login_email")
    if account.login_index is None or version is None or not is_settled(account.address_since, at=at):
        return None
    back = WayBack(new_link_secret(), at + REVERT_WITHIN)
    FormerAddress.objects.create(
        account=account,
        login_index=account.login_index,
        version=version,
        token_hash=link_hash(back.secret),
        changed_at=at,
        revert_until=back.good_until,
    )
    return back


def _take_secrets(account_id: UUID, *, since: datetime) -> Restored:
    """Everything but the password that signs in and came since then."""
    app = Q(on_since=None) | Q(on_since__gte=since)
    passkeys, _rows = Passkey.objects.filter(account_id=account_id, added_at__gte=since).delete()
    apps, _rows = Authenticator.objects.filter(app, account_id=account_id).delete()
    codes, _rows = RecoveryCode.objects.filter(account_id=account_id, made_at__gte=since).delete()
    return Restored(account_id, passkeys, bool(apps), bool(codes))


def _forget_versions(account_id: UUID) -> None:
    """Every older version that no way back leads to."""
    kept = FormerAddress.objects.filter(account_id=account_id).order_by("version").values_list("version", flat=True)
    forget_earlier(account_id, "login_email", before=kept.first())


def _forget_resets(account_id: UUID) -> None:
    """A code that is under way was sent to the address that is left behind."""
    Reset.objects.filter(account_id=account_id).delete()
