"""What people write into Activity, and how it reads."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading


class PersonRegistered(Kind):
    """The first entry of every person; its payload names the terms they accepted."""

    code: ClassVar[str] = "person_registered"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Which terms were accepted is part of the line (R-TRM-1)."""
        return Reading(
            title=_("You registered"),
            line=_("You accepted the terms of use, version %(version)s.")
            % {"version": entry.payload.get("terms_version", "")},
        )
