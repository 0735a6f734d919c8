"""Accounts, their passkeys and sessions. An address is known here by its index alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.models import (
    Account,
    AddressChange,
    Authenticator,
    FormerAddress,
    Passkey,
    PendingSignup,
    RecoveryCode,
    Reset,
    Session,
)
from kliento.domain.accounts.rules.addresses import link_hash
from kliento.domain.accounts.rules.sessions import SESSION_ID_LENGTH, stored_key
from kliento.domain.policy.queries import check_value, register
from kliento.domain.policy.rules import login_form
from kliento.domain.vault.actions import index
from kliento.kernel.errors import NotFound

Step = Literal["code", "age", "terms", "secret"]
ADDRESS_PLACE = "accounts_address_change.sealed"
AUTHENTICATOR_PLACE = "accounts_authenticator.sealed"


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey as its owner sees it."""

    id: UUID
    device: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionView:
    """A browser somebody is signed in with. `is_this` marks the one that asks; `id` is what it is ended by."""

    id: str
    device: str
    signed_in_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class PendingAddress:
    """A change of the sign-in address that waits for its code; the address is sealed under the account."""

    id: UUID
    sealed: bytes


@dataclass(frozen=True, slots=True)
class FormerAddressView:
    """A former sign-in address that can be had back: whose, and which version it is in the vault."""

    id: UUID
    account_id: UUID
    version: int
    revert_until: datetime


@dataclass(frozen=True, slots=True)
class AuthenticatorView:
    """An authenticator app; its secret is sealed under the account. `on_since` is None while it is being set up."""

    id: UUID
    sealed: bytes
    on_since: datetime | None
    last_step: int


def written_address(address: str, *, at: datetime) -> str:
    """An address as it is kept and written to. Raises Invalid, in words, for what is no address."""
    return check_value(register().field("login_email"), address, on=at.date())


def login_index(address: str) -> str:
    """Under what an account is found, from an address that `written_address` has passed."""
    return index("email", login_form(address)).hex()


def account_at(address: str, *, at: datetime) -> UUID:
    """The account that signs in with this address; for the register holder's command line, never for a page.

    Raises NotFound, and Invalid for what is no address.
    """
    known = login_index(written_address(address, at=at))
    account_id = Account.objects.filter(login_index=known).values_list("id", flat=True).first()
    if account_id is None:
        raise NotFound(_("No account signs in with that address."), code="unknown_account")
    return account_id


def signup_step(signup_id: UUID, *, at: datetime) -> Step:
    """What a sign-up asks next. Raises NotFound when it has run out.

    Where the address has an account without a person, accepting the terms is the last step: it keeps its secrets.
    """
    row = PendingSignup.objects.filter(id=signup_id, expires_at__gt=at).first()
    if row is None:
        raise NotFound(code="run_out")
    if row.verified_at is None:
        return "code"
    if row.is_minor is None:
        return "age"
    if row.terms_version and not _is_bare(row.login_index):
        return "secret"
    return "terms"


def completes_account(signup_id: UUID, *, at: datetime) -> bool:
    """Whether the address, which has been proved, has an account without a person: no secret is asked for.

    Raises NotFound when the sign-up has run out.
    """
    row = PendingSignup.objects.filter(id=signup_id, verified_at__isnull=False, expires_at__gt=at).first()
    if row is None:
        raise NotFound(code="run_out")
    return _is_bare(row.login_index)


def is_reset_verified(reset_id: UUID, *, at: datetime) -> bool:
    """Whether the code was given, so that a new password may be. Raises NotFound when it has run out."""
    row = Reset.objects.filter(id=reset_id, expires_at__gt=at).values_list("verified_at").first()
    if row is None:
        raise NotFound(code="run_out")
    return row[0] is not None


def pending_address(account_id: UUID, *, at: datetime) -> PendingAddress | None:
    """The account's change of address that waits for its code, if there is one."""
    row = AddressChange.objects.filter(account_id=account_id, expires_at__gt=at).first()
    return PendingAddress(row.id, bytes(row.sealed)) if row else None


def former_address_behind(secret: str, *, at: datetime) -> FormerAddressView:
    """What the link with this secret brings back. Raises NotFound when it is good no more, or never was."""
    row = FormerAddress.objects.filter(token_hash=link_hash(secret), revert_until__gt=at).first()
    if row is None:
        raise NotFound(code="run_out")
    return FormerAddressView(row.id, row.account_id, row.version, row.revert_until)


def former_addresses(account_id: UUID, *, at: datetime) -> QuerySet[FormerAddress]:
    """Addresses other than the one in use that can be had back, the oldest change first."""
    live = FormerAddress.objects.filter(account_id=account_id, revert_until__gt=at)
    return live.exclude(login_index=F("account__login_index")).order_by("changed_at")


def address_changed_until(account_id: UUID, *, at: datetime) -> datetime | None:
    """Until when a change of the address can be taken back; None when none can."""
    newest = former_addresses(account_id, at=at).last()
    return newest.revert_until if newest else None


def authenticator_of(account_id: UUID) -> AuthenticatorView | None:
    """The account's app, on or being set up; None without one."""
    row = Authenticator.objects.filter(account_id=account_id).first()
    return AuthenticatorView(row.id, bytes(row.sealed), row.on_since, row.last_step) if row else None


def asks_second(account_id: UUID) -> bool:
    """Whether a password alone lets nobody in."""
    return Authenticator.objects.filter(account_id=account_id, on_since__isnull=False).exists()


def account_of_reset(reset_id: UUID) -> UUID | None:
    """Whose password a reset sets; None for an address nobody has."""
    return Reset.objects.filter(id=reset_id).values_list("account_id", flat=True).first()


def recovery_codes_left(account_id: UUID) -> int:
    """How many can still be used."""
    return RecoveryCode.objects.filter(account_id=account_id).count()


def passkeys_of(account_id: UUID) -> list[PasskeyView]:
    """Oldest first."""
    rows = Passkey.objects.filter(account_id=account_id).order_by("added_at", "id")
    return [PasskeyView(row.id, row.device, row.added_at, row.last_used_at) for row in rows]


def credentials_of(account_id: UUID) -> list[bytes]:
    """The ids of its passkeys, so that no device makes a second one."""
    return [bytes(one) for one in Passkey.objects.filter(account_id=account_id).values_list("credential_id", flat=True)]


def has_password(account_id: UUID) -> bool:
    """Whether the account can sign in with a password. Raises NotFound."""
    account = Account.objects.filter(id=account_id).first()
    if account is None:
        raise NotFound(code="unknown_account")
    return account.has_usable_password()


def sessions_of(account_id: UUID, *, this: str | None, at: datetime) -> list[SessionView]:
    """Where the account is signed in, the last seen first; `this` is the cookie's key of the browser that asks.

    Browsers that have given a password and no code yet are not.
    """
    here = stored_key(this or "")
    live = Session.objects.filter(account_id=account_id, signed_in_at__isnull=False, expire_date__gt=at)
    rows = live.order_by("-last_seen_at")
    return [
        SessionView(
            row.session_key[:SESSION_ID_LENGTH],
            row.device,
            cast("datetime", row.signed_in_at),
            cast("datetime", row.last_seen_at),
            is_this=row.session_key == here,
        )
        for row in rows
    ]


def describe_person(person_id: UUID) -> dict[str, Any]:
    """The account behind a person, for their export: no hash, no key."""
    account = Account.objects.get(person=person_id)
    sessions = Session.objects.filter(account=account, signed_in_at__isnull=False).order_by("-last_seen_at")
    authenticator = authenticator_of(account.id)
    return {
        "account": {
            "id": str(account.id),
            "language": account.language,
            "created_at": account.created_at.isoformat(),
            "has_password": account.has_usable_password(),
            "passkeys": [
                {"device": one.device, "added_at": one.added_at.isoformat(), "last_used_at": _written(one.last_used_at)}
                for one in passkeys_of(account.id)
            ],
            "authenticator_since": _written(authenticator.on_since) if authenticator else None,
            "recovery_codes_left": recovery_codes_left(account.id),
            "former_addresses": [
                {"changed_at": one.changed_at.isoformat(), "kept_until": one.revert_until.isoformat()}
                for one in FormerAddress.objects.filter(account=account)
                .exclude(login_index=account.login_index)
                .order_by("changed_at")
            ],
            "sign_ins": [
                {
                    "audience": one.audience,
                    "device": one.device,
                    "signed_in_at": _written(one.signed_in_at),
                    "last_seen_at": _written(one.last_seen_at),
                }
                for one in sessions
            ],
        }
    }


def _is_bare(index: str) -> bool:
    return Account.objects.filter(login_index=index, person__isnull=True).exists()


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
