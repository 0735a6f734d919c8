"""Signing up, step by step. Nobody exists until the last one, and what was left half-way is purged (R-REG-1)."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.actions.codes import hash_of, live_row, try_code
from kliento.domain.accounts.actions.passkeys import store_passkey
from kliento.domain.accounts.models import Account, PendingSignup
from kliento.domain.accounts.queries import login_index, written_address
from kliento.domain.accounts.rules.codes import CODE_GOOD_FOR, LAST_STEP, new_code
from kliento.domain.accounts.rules.secrets import Password, Secret
from kliento.domain.policy.queries import register
from kliento.domain.vault.actions import NewValue, destroy, seal_values
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class OpenedSignup:
    """A sign-up that waits for its code. `code` is None when the address has a person: they are told by mail."""

    id: UUID
    code: str | None
    good_until: datetime


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What the finished sign-up said, for whoever makes the person."""

    id: UUID
    is_minor: bool
    terms_version: str


def open_signup(address: str, *, at: datetime) -> OpenedSignup:
    """Begin for this address; it is sealed at once. The caller sends the letter, in the same transaction.

    The same rows are written whether the address is known or not (threat 5). An operator's account without a person is
    no obstacle: whoever proves the address completes it. Raises Invalid for what is no address.
    """
    written = written_address(address, at=at)
    index = login_index(written)
    signup_id = new_id()
    is_taken = Account.objects.filter(login_index=index, person__isnull=False).exists()
    code = None if is_taken else new_code()
    with transaction.atomic():
        seal_values([NewValue(signup_id, "login_email", written, "person")], at=at)
        PendingSignup.objects.create(
            id=signup_id, login_index=index, code_hash=hash_of(signup_id, code), expires_at=at + CODE_GOOD_FOR
        )
    return OpenedSignup(signup_id, code, at + CODE_GOOD_FOR)


def verify_signup(signup_id: UUID, code: str, *, at: datetime) -> None:
    """Show that the address is one's own. Raises Invalid for a wrong code, NotFound when the sign-up has run out."""
    try_code(PendingSignup, signup_id, code, at=at)


def answer_age_band(signup_id: UUID, *, is_minor: bool, at: datetime) -> None:
    """Of the age nothing is kept but this (R-REG-3). Raises NotFound when the sign-up has run out."""
    with transaction.atomic():
        signup = _verified(signup_id, at=at)
        signup.is_minor = is_minor
        signup.save(update_fields=["is_minor"])


def accept_terms(signup_id: UUID, *, version: str, at: datetime) -> None:
    """Accept the terms of this version, and nothing else with them (R-TRM-1).

    Raises Conflict when other terms have come into force meanwhile, NotFound when the sign-up has run out.
    """
    if version != register().terms.version:
        raise Conflict(_("The terms have changed. Read them again."), code="terms_changed")
    with transaction.atomic():
        signup = _verified(signup_id, at=at)
        signup.terms_version = version
        signup.save(update_fields=["terms_version"])


def create_account(signup_id: UUID, secret: Secret, *, language: str, at: datetime) -> NewAccount:
    """The account takes over the sign-up's id, so that the sealed address need not be opened. In one transaction.

    Raises Conflict when a step is missing, or somebody finished for the same address first.
    """
    with transaction.atomic():
        signup = _answered(signup_id, at=at)
        _create(signup.id, secret, login_index=signup.login_index, language=language, at=at)
        signup.delete()
    return NewAccount(signup_id, bool(signup.is_minor), signup.terms_version)


def complete_account(signup_id: UUID, *, at: datetime) -> NewAccount:
    """The account without a person that the proved address has; it keeps its secrets and its own sealed address.

    Raises Conflict when a step is missing, or there is no such account (any more). The sign-up is left to the purge.
    """
    with transaction.atomic():
        signup = _answered(signup_id, at=at)
        account = Account.objects.select_for_update().filter(login_index=signup.login_index).first()
        if account is None or Account.objects.filter(id=account.id, person__isnull=False).exists():
            raise Conflict(code="account_not_bare")
        PendingSignup.objects.filter(id=signup.id).update(expires_at=at - LAST_STEP)
    return NewAccount(account.id, bool(signup.is_minor), signup.terms_version)


def create_invited_account(account_id: UUID, secret: Secret, *, login_index: str, language: str, at: datetime) -> None:
    """The account of somebody who was invited at this address, sealed under `account_id` already. No person with it.

    The mailed link has shown that the address is theirs. Raises Conflict when the address has an account.
    """
    with transaction.atomic():
        _create(account_id, secret, login_index=login_index, language=language, at=at)


def abandon_signup(signup_id: UUID, *, at: datetime) -> None:
    """Forget it now; nothing can be finished from here on. Not in a transaction: a destroyed key stays destroyed."""
    if PendingSignup.objects.filter(id=signup_id).update(expires_at=at - LAST_STEP):
        with suppress(Conflict):  # a reader keeps the keys' log open: the purge takes it up again
            _forget([signup_id], at=at)


def purge_signups(*, at: datetime) -> int:
    """Forget every sign-up that has run out, its sealed address and key with it; how many there were."""
    old = list(PendingSignup.objects.filter(expires_at__lte=at - LAST_STEP).values_list("id", flat=True)[:1000])
    if old:
        _forget(old, at=at)
    return len(old)


def _create(account_id: UUID, secret: Secret, *, login_index: str, language: str, at: datetime) -> None:
    account = Account(id=account_id, login_index=login_index, language=language, created_at=at)
    if isinstance(secret, Password):
        account.set_password(secret.text)
    else:
        account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("This address has an account already. Sign in."), code="already_registered") from error
    if not isinstance(secret, Password):
        store_passkey(account_id, secret, at=at)


def _forget(signup_ids: list[UUID], *, at: datetime) -> None:
    """First the keys, then the rows: an interrupted purge is taken up again by the rows that are left."""
    destroy(signup_ids, at=at)
    PendingSignup.objects.filter(id__in=signup_ids).delete()


def _answered(signup_id: UUID, *, at: datetime) -> PendingSignup:
    signup = _verified(signup_id, at=at)
    if signup.is_minor is None or not signup.terms_version:
        raise Conflict(code="signup_unfinished")
    return signup


def _verified(signup_id: UUID, *, at: datetime) -> PendingSignup:
    signup = live_row(PendingSignup, signup_id, at=at)
    if signup.verified_at is None:
        raise Conflict(code="signup_unverified")
    return signup
