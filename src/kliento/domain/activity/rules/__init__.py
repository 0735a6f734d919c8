"""What Activity decides without a database: entries and their kinds (`entries`), the tree they are sealed in (`tree`,
`tiles`), what of an entry is hashed (`leaves`), and signed checkpoints (`notes`). Pure."""

from kliento.domain.activity.rules.entries import (
    Alert,
    Alerting,
    EntryView,
    ErasedAs,
    Kind,
    NewEntry,
    OneLine,
    Outcome,
    Reading,
    check_entry,
    declared_kinds,
    numbered,
    quoted,
)

__all__ = [
    "Alert",
    "Alerting",
    "EntryView",
    "ErasedAs",
    "Kind",
    "NewEntry",
    "OneLine",
    "Outcome",
    "Reading",
    "check_entry",
    "declared_kinds",
    "numbered",
    "quoted",
]
