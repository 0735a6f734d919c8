"""Sealing when nobody's transaction is in the way.

PostgreSQL counts transactions in the whole cluster, and the sealer waits for every older one; beside other tests these
are others' too, in databases of their own.
"""

import time

from django.db import connection

from kliento.domain.activity.actions import sealing

_PATIENCE_SECONDS = 20


def seal(*, at) -> int:
    """Seal all that has been written, that the log begins included; how many entries."""
    sealing.begin(at=at)  # before waiting: what the log begins with is sealed, and published, at once with the rest
    wait_for_others()
    return sealing.seal(at=at)


def wait_for_others() -> None:
    """Until whoever seals, by the clock too, seals all that has been written."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while _is_held_up() and time.monotonic() < until:
        time.sleep(0.01)


def _is_held_up() -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM activity_entry"
            " WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"
        )
        return cursor.fetchone()[0]
