"""Reading the log (`reading`), proving what stands in it (`proving`), and checking all of it (`verifying`)."""

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

__all__ = [
    "describe_person",
    "entered_already",
    "entered_last",
    "entries_of",
    "entry_of",
    "fields_disclosed",
    "has_entry",
    "kind_of",
    "load_kinds",
    "pairs_with_entry",
    "reading_of",
    "tallies_of",
]
