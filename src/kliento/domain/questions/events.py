"""What questions write into Activity, and how they read. What an answer shared is entered by `sharing`."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading


class Asked(Kind):
    """A third party asked for details; the payload names the question."""

    code: ClassVar[str] = "asked"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the fields asked for; none of them has left."""
        return Reading(title=entry.recipient, line=_("Asked for your details"), outcome="wait")


class QuestionRefused(Kind):
    """The person answered no; the payload names the question."""

    code: ClassVar[str] = "question_refused"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """A no is as good an answer as any."""
        return Reading(title=entry.recipient, line=_("You answered no"), outcome="off")
