"""What questions write into Activity, and how they read. What an answer shared is entered by `sharing`."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import ErasedAs, Group, Kind, OneLine, Outcome


class Asked(OneLine, Kind):
    """A third party asked for details, none of which has left; the payload names the question."""

    code: ClassVar[str] = "asked"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("Asked for your details")
    outcome: ClassVar[Outcome] = "wait"


class QuestionRefused(OneLine, Kind):
    """The person answered no; the payload names the question."""

    code: ClassVar[str] = "question_refused"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("You answered no")
    outcome: ClassVar[Outcome] = "off"
