"""What accounts do in the background: forget what has run out."""

from datetime import datetime, timedelta

from kliento.domain.accounts import actions


def purge_signups(at: datetime) -> None:
    """Unfinished sign-ups leave nothing (R-REG-1)."""
    actions.purge_signups(at=at)


def purge_resets(at: datetime) -> None:
    """Resets nobody finished."""
    actions.purge_resets(at=at)


def purge_address_changes(at: datetime) -> None:
    """Changes of address nobody finished."""
    actions.purge_address_changes(at=at)


def purge_former_addresses(at: datetime) -> None:
    """Addresses that cannot be had back any more (R-CRD-2)."""
    actions.purge_former_addresses(at=at)


def purge_authenticators(at: datetime) -> None:
    """Authenticator apps nobody finished setting up."""
    actions.purge_authenticators(at=at)


def purge_sessions(at: datetime) -> None:
    """Sessions that have run out."""
    actions.purge_sessions(at=at)


PERIODIC = {
    "accounts.purge_signups": (timedelta(minutes=10), purge_signups),
    "accounts.purge_resets": (timedelta(hours=1), purge_resets),
    "accounts.purge_address_changes": (timedelta(hours=1), purge_address_changes),
    "accounts.purge_former_addresses": (timedelta(hours=1), purge_former_addresses),
    "accounts.purge_authenticators": (timedelta(hours=6), purge_authenticators),
    "accounts.purge_sessions": (timedelta(hours=6), purge_sessions),
}
