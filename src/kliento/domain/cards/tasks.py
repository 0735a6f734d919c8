"""What cards do in the background."""

from datetime import datetime, timedelta

from kliento.domain.cards import actions


def purge_spent_codes(at: datetime) -> None:
    """Forget rotating codes that no till can hand in any more."""
    actions.purge_spent_codes(at=at)


PERIODIC = {"cards.purge_spent_codes": (timedelta(hours=1), purge_spent_codes)}
