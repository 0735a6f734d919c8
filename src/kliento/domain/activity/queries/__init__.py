"""Reading the log (`reading`), following it as it is sealed (`following`), summing up who saw what (`seen`), proving
what stands in it (`proving`), and checking all of it (`verifying`).
"""

from kliento.domain.activity.queries.following import alerts_sealed, end_of_log
from kliento.domain.activity.queries.reading import (
    describe_person,
    entered_already,
    entered_last,
    entries_of,
    entry_of,
    fields_disclosed,
    has_entry,
    kind_of,
    load_kinds,
    pairs_with_entry,
    reading_of,
    tallies_of,
)
from kliento.domain.activity.queries.seen import FieldSeen, Looks, fields_seen, looks_at, reaches_back_to

__all__ = [
    "FieldSeen",
    "Looks",
    "alerts_sealed",
    "describe_person",
    "end_of_log",
    "entered_already",
    "entered_last",
    "entries_of",
    "entry_of",
    "fields_disclosed",
    "fields_seen",
    "has_entry",
    "kind_of",
    "load_kinds",
    "looks_at",
    "pairs_with_entry",
    "reaches_back_to",
    "reading_of",
    "tallies_of",
]
