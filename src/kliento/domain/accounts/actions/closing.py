"""An account goes, with every way to sign in to it."""

from datetime import datetime
from uuid import UUID

from kliento.domain.accounts.models import Account


def close_account_credentials(account_id: UUID) -> None:
    """Delete the account with its passkeys, resets and sessions. Repeatable.

    Its sealed address goes with its key, which `vault.destroy` takes.
    """
    Account.objects.filter(id=account_id).delete()


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Close the account behind this person, if there still is one."""
    for account_id in Account.objects.filter(person=person_id).values_list("id", flat=True):
        close_account_credentials(account_id)
