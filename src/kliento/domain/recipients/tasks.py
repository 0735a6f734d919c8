"""What recipients do in the background."""

from datetime import datetime, timedelta

from kliento.domain.recipients import actions


def purge_pairing_codes(at: datetime) -> None:
    """Delete pairing codes that can no longer be used."""
    actions.purge_pairing_codes(at=at)


def purge_acts(at: datetime) -> None:
    """Forget what operators did two years ago."""
    actions.purge_acts(at=at)


def purge_invitations(at: datetime) -> None:
    """Invitations that were accepted or have run out leave no address."""
    actions.purge_invitations(at=at)


def purge_shifts(at: datetime) -> None:
    """Forget who was on duty at tills once nothing from then can be handed in."""
    actions.purge_shifts(at=at)


PERIODIC = {
    "recipients.purge_invitations": (timedelta(hours=1), purge_invitations),
    "recipients.purge_pairing_codes": (timedelta(hours=6), purge_pairing_codes),
    "recipients.purge_acts": (timedelta(days=1), purge_acts),
    "recipients.purge_shifts": (timedelta(hours=6), purge_shifts),
}
