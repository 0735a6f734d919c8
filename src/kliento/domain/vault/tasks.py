"""What the vault does by the clock."""

from datetime import datetime, timedelta

from kliento.domain.vault import actions


def sweep_orphans(at: datetime) -> None:
    """Delete keys whose act was rolled back a day ago or more."""
    actions.sweep_orphans(at)


PERIODIC = {"vault.sweep_orphans": (timedelta(hours=6), sweep_orphans)}
