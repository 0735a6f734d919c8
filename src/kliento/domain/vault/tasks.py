"""What the vault does by the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from kliento.domain.outbox.rules import Work
from kliento.domain.vault.actions import rotate_keys, sweep_orphans
from kliento.kernel.clock import now


def rotate(work: Work) -> None:
    """Re-wrap every data key and retire past epochs (`kliento keys rotate`)."""
    rotate_keys(at=now())


HANDLERS = {"vault.rotate_keys": rotate}

PERIODIC: dict[str, tuple[timedelta, Callable[[datetime], object]]] = {
    "sweep_orphaned_keys": (timedelta(hours=6), sweep_orphans),
}
