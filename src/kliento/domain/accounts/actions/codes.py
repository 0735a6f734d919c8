"""Trying a code: the same road for those that can fit and those that never will."""

import secrets
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.models import AddressChange, PendingSignup, Reset
from kliento.domain.accounts.rules.codes import CODE_GOOD_FOR, TRIES, digits_of
from kliento.kernel.errors import Invalid, NotFound

Coded = TypeVar("Coded", PendingSignup, Reset, AddressChange)


def hash_of(row_id: UUID, code: str | None) -> bytes:
    """The keyed hash of a code for this row; of something nobody can type when there is no code.

    Keyed, because a million codes are soon tried by whoever reads the table.
    """
    fitting = secrets.token_hex(32) if code is None else code
    return salted_hmac(f"kliento.accounts.code.{row_id}", fitting, algorithm="sha256").digest()


def try_code(model: type[Coded], row_id: UUID, typed: str, *, at: datetime) -> None:
    """Mark the row as verified, and give it as long again. A wrong code is counted, durably, before the answer.

    Raises Invalid for a wrong code, and for any once `TRIES` were wrong; NotFound when the row has run out.
    """
    with transaction.atomic(durable=True):
        row = live_row(model, row_id, at=at)
        fits = constant_time_compare(hash_of(row_id, digits_of(typed)), bytes(row.code_hash))
        left = row.attempts < TRIES
        if fits and left:
            model.objects.filter(id=row_id).update(verified_at=at, expires_at=at + CODE_GOOD_FOR)
            return
        model.objects.filter(id=row_id).update(attempts=F("attempts") + 1)
    if row.attempts + 1 < TRIES:
        raise Invalid(
            _("That is not the code we sent. Check the six digits in the mail."), code="wrong_code", pointer="code"
        )
    raise Invalid(
        _("The code was wrong too many times. Go back and ask for a new one."), code="code_spent", pointer="code"
    )


def live_row(model: type[Coded], row_id: UUID, *, at: datetime) -> Coded:
    """The row, locked, unless it has run out. Raises NotFound."""
    row = model.objects.select_for_update(of=("self",)).filter(id=row_id, expires_at__gt=at).first()
    if row is None:
        raise NotFound(_("That took too long. Start again."), code="run_out")
    return row
