"""Passkeys: kept, used, removed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.models import Account, Passkey
from kliento.domain.accounts.rules.passkeys import NewPasskey, RelyingParty, State, credential_in, signed
from kliento.kernel.errors import Conflict, Invalid, NotFound


def store_passkey(account_id: UUID, passkey: NewPasskey, *, at: datetime) -> None:
    """One more way to sign in. Raises Conflict for a credential that is stored already."""
    with transaction.atomic():
        _row, is_new = Passkey.objects.get_or_create(
            credential_id=passkey.credential_id,
            defaults={
                "account_id": account_id,
                "public_key": passkey.public_key,
                "sign_count": passkey.sign_count,
                "device": passkey.device,
                "added_at": at,
            },
        )
    if not is_new:
        raise Conflict(code="known_passkey")


def use_passkey(answer: Mapping[str, Any], state: State | None, *, party: RelyingParty, at: datetime) -> UUID:
    """The account whose passkey signed this answer. Raises Invalid, the same for every reason."""
    with transaction.atomic():
        row = Passkey.objects.select_for_update().filter(credential_id=credential_in(answer)).first()
        if row is None:
            raise Invalid(code="passkey_refused")
        key = NewPasskey(bytes(row.credential_id), bytes(row.public_key), row.sign_count)
        row.sign_count = signed(party, state, answer, by=key)
        row.last_used_at = at
        row.save(update_fields=["sign_count", "last_used_at"])
    return row.account_id


def remove_passkey(account_id: UUID, passkey_id: UUID) -> None:
    """One way less to sign in. Raises NotFound, and Conflict for the last way there is."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        passkeys = Passkey.objects.filter(account=account)
        if not account.has_usable_password() and passkeys.count() < 2:
            raise Conflict(
                _("This is your only way to sign in. Set a password or add another passkey first."), code="last_secret"
            )
        deleted, _rows = passkeys.filter(id=passkey_id).delete()
        if not deleted:
            raise NotFound(code="unknown_passkey")
