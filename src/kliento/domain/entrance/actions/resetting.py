"""A new password by a code."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.accounts.actions import open_reset, reset_password
from kliento.domain.accounts.rules.codes import MINUTES_GOOD
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.entrance.actions.secrets import tell


def begin_reset(address: str, *, language: str, at: datetime) -> UUID:
    """Send a code if the address has an account; the answer is the same if not (threat 5), and nobody gets a letter
    because somebody mistyped theirs. Raises Invalid for what is no address.
    """
    with transaction.atomic(durable=True):
        reset = open_reset(address, at=at)
        if reset.account_id is not None and reset.code is not None:
            post_letter(
                "reset_code",
                owner_id=reset.account_id,
                language=language,
                context={"code": reset.code, "minutes": MINUTES_GOOD},
                at=at,
                good_until=reset.good_until,
            )
    return reset.id


def finish_reset(reset_id: UUID, password: Password, *, language: str, at: datetime) -> None:
    """The new password holds, every session has ended, and a letter says so.

    Raises NotFound when the reset has run out, Conflict when its code was not given.
    """
    with transaction.atomic(durable=True):
        account_id = reset_password(reset_id, password, at=at)
        tell(account_id, "password", language=language, at=at)
