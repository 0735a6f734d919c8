"""What may stand in a letter's head. Pure."""

import re
import unicodedata
from datetime import timedelta

# Each has three templates: KIND.subject.txt, KIND.txt, KIND.html.
LETTERS = frozenset(
    {
        "signup_code",
        "already_registered",
        "reset_code",
        "secret_changed",
        "new_device",
        "address_code",
        "address_taken",
        "address_changed",
        "address_reverted",
        "address_removed",
        "account_closed",
        "deletion_notices",
        "card_out_of_use",
        "cards_claimed",
        "sharing_ends",
        "operator_invitation",
        "monthly_summary",
        "unusual_use",
    }
)
# Of the channels a declaration may name, those that something is sent by: no other is asked for (R-CON-1).
CHANNELS_RUN = frozenset({"in_service", "email"})
# The outbox has given up long before.
LETTERS_KEPT = timedelta(days=7)
MAILBOX_KEEPS = 200

_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+")
_SUBJECT_LENGTH = 200


def subject_line(text: str) -> str:
    """One line without control characters, whatever the template and its context made."""
    printable = "".join(" " if unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} else sign for sign in text)
    return " ".join(printable.split())[:_SUBJECT_LENGTH]


def is_one_address(text: str) -> bool:
    """Whether it is exactly one bare address: no name, no list, no line break, nothing that could be a header."""
    return (
        len(text) <= 254
        and _ADDRESS.fullmatch(text) is not None
        and not any(unicodedata.category(sign).startswith("C") for sign in text)
    )
