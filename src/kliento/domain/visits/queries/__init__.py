"""Reading scans and visits.

tapping.py     at a terminal, before its scans are judged
describing.py  for the person's download
"""

from kliento.domain.visits.queries.describing import describe_person
from kliento.domain.visits.queries.tapping import AtTerminal, KnownScan, KnownVisit, at_terminal

__all__ = ["AtTerminal", "KnownScan", "KnownVisit", "at_terminal", "describe_person"]
