"""How visits are judged and counted, without a database.

judging.py    one scan at one terminal
once.py       several cards shown in one visit
staying.py    coming in and going out, where that is counted
"""

from kliento.domain.visits.rules.judging import (
    CANCELLED_WITHIN,
    CLOCK_MAY_BE_AHEAD,
    DISPUTED_WITHIN,
    MOST_SCANS,
    OFFLINE_SCANS_ACCEPTED,
    OLD_CODES_LISTED,
    SAME_VISIT_WITHIN,
    SCANS_KEPT,
    UNKNOWN_CODES_A_MINUTE,
    Facts,
    Judgement,
    Outcome,
    Refusal,
    Use,
    clock_is_off,
    enough_for_reward,
    hash_of_body,
    in_same_visit,
    judge,
    may_cancel,
    may_dispute,
    may_hand_in,
    replayed,
    still_there,
)
from kliento.domain.visits.rules.once import Attendance, counted_already, shown_again
from kliento.domain.visits.rules.staying import LONGEST_STAY, Stay, Step, step

__all__ = [
    "CANCELLED_WITHIN",
    "CLOCK_MAY_BE_AHEAD",
    "DISPUTED_WITHIN",
    "LONGEST_STAY",
    "MOST_SCANS",
    "OFFLINE_SCANS_ACCEPTED",
    "OLD_CODES_LISTED",
    "SAME_VISIT_WITHIN",
    "SCANS_KEPT",
    "UNKNOWN_CODES_A_MINUTE",
    "Attendance",
    "Facts",
    "Judgement",
    "Outcome",
    "Refusal",
    "Stay",
    "Step",
    "Use",
    "clock_is_off",
    "counted_already",
    "enough_for_reward",
    "hash_of_body",
    "in_same_visit",
    "judge",
    "may_cancel",
    "may_dispute",
    "may_hand_in",
    "replayed",
    "shown_again",
    "step",
    "still_there",
]
