"""Reading the log (`reading`), finding in it (`finding`), its kinds (`kinds`), proving what stands in it (`proving`),
and checking all of it (`verifying`)."""

from kliento.domain.activity.queries.finding import entered_since, recipients_named
from kliento.domain.activity.queries.kinds import kind_of, load_kinds, reading_of
from kliento.domain.activity.queries.reading import (
    describe_person,
    entered_already,
    entered_last,
    entries_of,
    entry_of,
    fields_disclosed,
    has_entry,
    pairs_with_entry,
    tallies_of,
)

__all__ = [
    "describe_person",
    "entered_already",
    "entered_last",
    "entered_since",
    "entries_of",
    "entry_of",
    "fields_disclosed",
    "has_entry",
    "kind_of",
    "load_kinds",
    "pairs_with_entry",
    "reading_of",
    "recipients_named",
    "tallies_of",
]
