"""When a terminal was handed the block list of its third party."""

from datetime import datetime
from uuid import UUID

from kliento.domain.recipients.models import Terminal


def note_list_handed(terminal_id: UUID, *, at: datetime) -> None:
    """It has the list as it stands now, or knows that what it has is the newest."""
    Terminal.objects.filter(id=terminal_id, revoked_at=None).update(list_handed_at=at)
