"""For tills with software of their own: cards are shown to Kliento, with and without a network, each scan once.

till.scan(code)     an answer, or `queued`
till.hand_in()      sends what waits; `Background` does it by itself
pair(...)           turns a device into a terminal
"""

from kliento_till.answers import (
    QUEUED,
    Answer,
    ClaimCode,
    Disconnected,
    Member,
    NeedsOffline,
    NotKept,
    NotNow,
    Problem,
    QueueInUse,
    QueueOfAnother,
    Refused,
    Stamps,
    TillError,
    Unreachable,
)
from kliento_till.background import Background
from kliento_till.terminal import Terminal, pair
from kliento_till.till import Till

__all__ = [
    "QUEUED",
    "Answer",
    "Background",
    "ClaimCode",
    "Disconnected",
    "Member",
    "NeedsOffline",
    "NotKept",
    "NotNow",
    "Problem",
    "QueueInUse",
    "QueueOfAnother",
    "Refused",
    "Stamps",
    "Terminal",
    "Till",
    "TillError",
    "Unreachable",
    "pair",
]
