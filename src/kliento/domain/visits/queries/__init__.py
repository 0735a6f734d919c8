"""Reading scans and visits.

tapping.py     at a terminal, before its scans are judged
attendance.py  for the people of a third party: rows, counts, people of a month
terminals.py   when each terminal was last at work
describing.py  for the person: their download, what they may still dispute
"""

from kliento.domain.visits.queries.attendance import (
    VisitRow,
    counts_between,
    crowd_of_month,
    visits_between,
    visits_of_member,
)
from kliento.domain.visits.queries.describing import can_be_disputed, describe_person, disputed_at
from kliento.domain.visits.queries.tapping import (
    AskedScan,
    AtTerminals,
    KnownScan,
    KnownVisit,
    Place,
    ScanKey,
    at_terminals,
)
from kliento.domain.visits.queries.terminals import last_scans

__all__ = [
    "AskedScan",
    "AtTerminals",
    "KnownScan",
    "KnownVisit",
    "Place",
    "ScanKey",
    "VisitRow",
    "at_terminals",
    "can_be_disputed",
    "counts_between",
    "crowd_of_month",
    "describe_person",
    "disputed_at",
    "last_scans",
    "visits_between",
    "visits_of_member",
]
