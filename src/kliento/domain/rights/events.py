"""The kinds of Activity that rights write. Nobody else is involved."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import ErasedAs, Group, Kind, OneLine


class DataDownloaded(OneLine, Kind):
    """A download of everything; itself part of the next one."""

    code: ClassVar[str] = "data_downloaded"
    group: ClassVar[Group] = "account"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You downloaded all your data")
    line: ClassVar[object] = _("Only you received it.")


class ActivityDownloaded(OneLine, Kind):
    """A download of Activity, or of what was looked for in it; which, stands nowhere here."""

    code: ClassVar[str] = "activity_downloaded"
    group: ClassVar[Group] = "account"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You downloaded your Activity")
    line: ClassVar[object] = _("Only you received it.")


class AccountClosed(OneLine, Kind):
    """The last entry of a person, in the erased shape soon after: seen only while the erasure is under way."""

    code: ClassVar[str] = "account_closed"
    group: ClassVar[Group] = "account"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You closed your account")
    line: ClassVar[object] = _("Your data is being erased.")
