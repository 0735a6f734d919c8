"""How visits are judged and counted, without a database.

judging.py    one scan at one terminal
"""

from kliento.domain.visits.rules.judging import (
    CLOCK_MAY_BE_AHEAD,
    DISPUTED_WITHIN,
    MOST_SCANS,
    OFFLINE_SCANS_ACCEPTED,
    SAME_VISIT_WITHIN,
    SCANS_KEPT,
    UNKNOWN_CODES_A_MINUTE,
    Facts,
    Judgement,
    Outcome,
    Refusal,
    Use,
    clock_is_off,
    hash_of_body,
    in_same_visit,
    judge,
    may_dispute,
    may_hand_in,
    replayed,
    still_there,
)

__all__ = [
    "CLOCK_MAY_BE_AHEAD",
    "DISPUTED_WITHIN",
    "MOST_SCANS",
    "OFFLINE_SCANS_ACCEPTED",
    "SAME_VISIT_WITHIN",
    "SCANS_KEPT",
    "UNKNOWN_CODES_A_MINUTE",
    "Facts",
    "Judgement",
    "Outcome",
    "Refusal",
    "Use",
    "clock_is_off",
    "hash_of_body",
    "in_same_visit",
    "judge",
    "may_dispute",
    "may_hand_in",
    "replayed",
    "still_there",
]
