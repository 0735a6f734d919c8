"""What the vault does by the clock, on request, and when a process starts."""

from datetime import datetime, timedelta

from kliento.domain.outbox.rules import Work
from kliento.domain.vault import actions
from kliento.kernel.clock import now


def sweep_orphans(at: datetime) -> None:
    """Delete keys whose act was rolled back a day ago or more."""
    actions.sweep_orphans(at)


def rotate_keys(work: Work) -> None:
    """Wrap every data key anew and retire past epochs (`kliento keys rotate`)."""
    actions.rotate_keys(at=now())


def pair_databases() -> None:
    """Refuse to work with databases that do not belong together. Raises Conflict."""
    actions.pair_databases()


HANDLERS = {"vault.rotate_keys": rotate_keys}
PERIODIC = {"vault.sweep_orphans": (timedelta(hours=6), sweep_orphans)}
