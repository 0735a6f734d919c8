"""What the log enters about itself. These entries have no subject: nobody's page shows them, the seal needs them."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import ErasedAs, Group, Kind, OneLine


class LogBegun(OneLine, Kind):
    """The log began, or began anew after a restoring; its only field is the hash of the epoch's row."""

    code: ClassVar[str] = "log_begun"
    group: ClassVar[Group] = "log"
    erasure: ClassVar[ErasedAs] = "no_subject"
    line: ClassVar[object] = _("The log began")


class NoticePublished(OneLine, Kind):
    """Seals a notice under its own number as the id; the only field is the hash of the notice's row."""

    code: ClassVar[str] = "notice_published"
    group: ClassVar[Group] = "log"
    erasure: ClassVar[ErasedAs] = "no_subject"
    line: ClassVar[object] = _("A notice was published")


class EntriesErased(OneLine, Kind):
    """Entries were erased; its fields are the hash of their list and how many they are."""

    code: ClassVar[str] = "entries_erased"
    group: ClassVar[Group] = "log"
    erasure: ClassVar[ErasedAs] = "no_subject"
    line: ClassVar[object] = _("Entries were erased")
