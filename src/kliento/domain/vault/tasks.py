"""What the vault does by the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from kliento.domain.vault.actions import sweep_orphans

PERIODIC: dict[str, tuple[timedelta, Callable[[datetime], object]]] = {
    "sweep_orphaned_keys": (timedelta(hours=6), sweep_orphans),
}
