"""The kinds of Activity that people write."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading


class PersonRegistered(Kind):
    """The first entry of a person."""

    code: ClassVar[str] = "person_registered"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:  # noqa: ARG002 - it reads the same for everybody
        """Nobody else is involved."""
        return Reading(title=_("You registered"), line=_("You accepted the terms of use."))
