"""When terminals were last at work."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from kliento.kernel import sets


def last_scans(terminal_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each of these terminals last sent a scan, as far as scans are kept. One statement, one row read for each."""
    if not terminal_ids:
        return {}
    given, parameters = sets.given(connection, {"terminal_id": "uuid"}, [(each,) for each in terminal_ids])
    with connection.cursor() as cursor:
        cursor.execute(_LAST.format(given=given), parameters)
        return {sets.identifier(row[0]): sets.moment(row[1]) for row in cursor.fetchall() if row[1] is not None}


_LAST = """
    SELECT given.terminal_id,
           (SELECT scan.received_at FROM visits_scan AS scan
            WHERE scan.terminal_id = given.terminal_id ORDER BY scan.id DESC LIMIT 1)
    FROM {given} AS given
"""
