"""A new password by a code."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.accounts.actions import give_reset_code, open_reset, reset_password
from kliento.domain.accounts.queries import asks_second
from kliento.domain.accounts.rules.codes import MINUTES_GOOD
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.entrance.actions.factors import prove_second
from kliento.domain.entrance.actions.secrets import tell
from kliento.domain.outbox.actions import enqueue


def begin_reset(address: str, *, language: str, at: datetime) -> UUID:
    """Have a code sent if the address has an account. Whether it has is looked up in the background: the answer, and
    the work it takes, are the same (threat 5). Raises Invalid for what is no address.
    """
    with transaction.atomic(durable=True):
        reset_id = open_reset(address, language=language, at=at)
        enqueue("reset", ref=str(reset_id), at=at)
    return reset_id


def send_reset_code(reset_id: UUID, *, at: datetime) -> None:
    """The letter with the code; none for an address nobody has: nobody is written to because somebody mistyped theirs.

    Repeatable: a reset gets one code.
    """
    with transaction.atomic():
        given = give_reset_code(reset_id, at=at)
        if given is not None:
            post_letter(
                "reset_code",
                owner_id=given.account_id,
                language=given.language,
                context={"code": given.code, "minutes": MINUTES_GOOD},
                at=at,
                good_until=given.good_until,
            )


def finish_reset(reset_id: UUID, password: Password, *, second: str, language: str, at: datetime) -> None:
    """The new password holds, every session has ended, and a letter says so.

    Where a password alone lets nobody in, the mailbox alone does not either: `second` is a code of the app or a
    recovery code. Raises Invalid for a wrong one, NotFound when the reset has run out, Conflict when its mailed code
    was not given.
    """
    with transaction.atomic(durable=True):
        account_id = reset_password(reset_id, password, at=at)
        if asks_second(account_id) and prove_second(account_id, second, at=at) == "recovery_code":
            tell(account_id, "recovery_code_used", language=language, at=at)
        tell(account_id, "password", language=language, at=at)
