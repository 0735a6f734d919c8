"""What witnesses tell."""

import structlog

from kliento.domain.activity.queries.proving import signing_key
from kliento.domain.activity.rules import notes
from kliento.kernel.errors import Invalid

log = structlog.get_logger("kliento.activity")
REASONS = frozenset({"another_epoch", "foreign", "rewritten", "rolled_back", "unproven"})


def heed_alarm(reason: str, note: str) -> None:
    """Say in the log that a witness alarms, and whether what it kept was signed here. Raises Invalid for anything else.

    Anybody can send a checkpoint they read, so this proves nothing by itself: the one who keeps the log looks into it.
    """
    if reason not in REASONS:
        raise Invalid(code="not_an_alarm")
    seen = notes.read(note)
    try:
        notes.opened(note, signing_key().public_key())
        is_ours = True
    except notes.NotACheckpoint:
        is_ours = False
    log.error("a witness alarms", reason=reason, size=seen.size, signed_here=is_ours)
