"""Writing the log (`recording`), sealing it (`sealing`), and publishing what was sealed (`publishing`)."""

from kliento.domain.activity.actions.recording import cover_subject, erase_entries_before, erase_person, record

__all__ = ["cover_subject", "erase_entries_before", "erase_person", "record"]
