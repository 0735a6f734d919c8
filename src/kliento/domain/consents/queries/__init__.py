"""Reads of what people said.

states.py    how choices stand, what was said when, and whom a purpose may reach
receipts.py  the signed document for one choice
sealed.py    events and states as the verification of Activity asks about them
"""

from kliento.domain.consents.queries.receipts import key_document, public_key, receipt, with_receipt
from kliento.domain.consents.queries.sealed import ADDED_UP, SEALED_ROWS
from kliento.domain.consents.queries.states import (
    NOBODY,
    asked_again,
    audience,
    choices_of,
    describe_person,
    event_of,
    has_force,
    history_of,
    last_words,
    noted,
    objections_of,
    shown_already,
    shown_now,
    standing,
    standing_of,
    without_force,
)

__all__ = [
    "ADDED_UP",
    "NOBODY",
    "SEALED_ROWS",
    "asked_again",
    "audience",
    "choices_of",
    "describe_person",
    "event_of",
    "has_force",
    "history_of",
    "key_document",
    "last_words",
    "noted",
    "objections_of",
    "public_key",
    "receipt",
    "shown_already",
    "shown_now",
    "standing",
    "standing_of",
    "with_receipt",
    "without_force",
]
