"""The kinds of Activity that rights write."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading


class DataDownloaded(Kind):
    """A download of everything; itself part of the next one."""

    code: ClassVar[str] = "data_downloaded"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Nobody else is involved."""
        return Reading(title=_("You downloaded all your data"), line=_("Only you received it."))


class AccountClosed(Kind):
    """The last entry of a person, in the erased shape soon after."""

    code: ClassVar[str] = "account_closed"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Seen only while the erasure is under way."""
        return Reading(title=_("You closed your account"), line=_("Your data is being erased."))
