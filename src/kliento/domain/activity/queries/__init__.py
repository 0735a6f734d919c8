"""Reading the log (`reading`), finding in it (`finding`), summing up who saw what (`seen`), following it as it is
sealed (`following`), its kinds (`kinds`), proving what stands in it (`proving`), checking all of it (`verifying`).
"""

from kliento.domain.activity.queries.finding import entered_since, recipients_named
from kliento.domain.activity.queries.following import alerts_sealed, end_of_log
from kliento.domain.activity.queries.kinds import kind_of, kinds_saying, load_kinds, reading_of
from kliento.domain.activity.queries.reading import (
    describe_person,
    entered_already,
    entered_last,
    entries_after,
    entries_of,
    entry_of,
    fields_disclosed,
    has_entry,
    pairs_with_entry,
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
    "entered_since",
    "entries_after",
    "entries_of",
    "entry_of",
    "fields_disclosed",
    "fields_seen",
    "has_entry",
    "kind_of",
    "kinds_saying",
    "load_kinds",
    "looks_at",
    "pairs_with_entry",
    "reaches_back_to",
    "reading_of",
    "recipients_named",
    "tallies_of",
]
