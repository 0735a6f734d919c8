"""Block lists are handed to tills, and it is noted when."""

from datetime import datetime

from kliento.domain.cards.queries import BlockList, block_list, blocked_codes
from kliento.domain.recipients.actions import note_list_handed
from kliento.kernel.actor import TerminalActor


def hand_out_block_list(known: str, *, by: TerminalActor, at: datetime) -> tuple[str, BlockList | None]:
    """The list of this terminal's third party and its version; no list when the version it knows is the newest one.

    The person sees on their page when the tills of a place had it last.
    """
    codes = blocked_codes(at=at)
    version = codes.version_for(by.third_party_id)
    handed = None if version == known else block_list(by.third_party_id, codes)
    note_list_handed(by.terminal_id, at=at)
    return version, handed
