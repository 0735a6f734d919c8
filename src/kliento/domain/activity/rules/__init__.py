"""What Activity decides without a database: entries and their kinds (`entries`), what is sought among them (`sought`),
the tree they are sealed in (`tree`, `tiles`), what of an entry is hashed (`leaves`), and signed checkpoints (`notes`).
Pure."""

from kliento.domain.activity.rules.entries import (
    Alert,
    Alerting,
    EntryView,
    ErasedAs,
    Group,
    Kind,
    NewEntry,
    OneLine,
    Outcome,
    Reading,
    Variants,
    check_entry,
    declared_kinds,
    numbered,
    quoted,
)
from kliento.domain.activity.rules.sought import EVERYTHING, Sought, Word

__all__ = [
    "EVERYTHING",
    "Alert",
    "Alerting",
    "EntryView",
    "ErasedAs",
    "Group",
    "Kind",
    "NewEntry",
    "OneLine",
    "Outcome",
    "Reading",
    "Sought",
    "Variants",
    "Word",
    "check_entry",
    "declared_kinds",
    "numbered",
    "quoted",
]
