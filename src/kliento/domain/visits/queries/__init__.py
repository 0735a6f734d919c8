"""Reading scans and visits.

tapping.py     at a terminal, before its scans are judged
attendance.py  for the people of a third party: rows and counts
crowds.py      how many different people a month had
days.py        local days as the database is given them
terminals.py   when each terminal was last at work
describing.py  for the person: their download, what they may still dispute, when a medium was used last
unregistered.py  of unregistered cards
once.py        one visit at which two cards were shown
"""

from kliento.domain.visits.queries.attendance import (
    VisitRow,
    cells_of,
    counts_between,
    inside_now,
    visits_between,
    visits_of_member,
)
from kliento.domain.visits.queries.crowds import crowd_of_month, figures_of, months_to_count
from kliento.domain.visits.queries.days import end_of_day
from kliento.domain.visits.queries.describing import (
    can_be_disputed,
    describe_person,
    disputed_at,
    last_uses,
    premises_of,
)
from kliento.domain.visits.queries.once import entries_of_same_visits, stamps_counted_already
from kliento.domain.visits.queries.tapping import (
    AskedScan,
    AtTerminals,
    KnownScan,
    KnownVisit,
    Place,
    ScanKey,
    at_terminals,
    known_at_terminals,
)
from kliento.domain.visits.queries.terminals import last_scans
from kliento.domain.visits.queries.unregistered import (
    VisitsThere,
    cards_with_visits_before,
    visit_of_card,
    visits_by_company,
)

__all__ = [
    "AskedScan",
    "AtTerminals",
    "KnownScan",
    "KnownVisit",
    "Place",
    "ScanKey",
    "VisitRow",
    "VisitsThere",
    "at_terminals",
    "can_be_disputed",
    "cards_with_visits_before",
    "cells_of",
    "counts_between",
    "crowd_of_month",
    "describe_person",
    "disputed_at",
    "end_of_day",
    "entries_of_same_visits",
    "figures_of",
    "inside_now",
    "known_at_terminals",
    "last_scans",
    "last_uses",
    "months_to_count",
    "premises_of",
    "stamps_counted_already",
    "visit_of_card",
    "visits_between",
    "visits_by_company",
    "visits_of_member",
]
