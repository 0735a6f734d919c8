"""What visits write into Activity, and how it reads."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading
from kliento.domain.programmes.events import words_of_stamps
from kliento.domain.visits.rules import Refusal

_WHY = {
    Refusal.MEDIUM_BLOCKED: _("Your card is blocked. They were not told why."),
    Refusal.PERSON_RESTRICTED: _("You have restricted the use of your data. They were not told why."),
    Refusal.NEEDS_CONSENT: _(
        "A visit there tells something sensitive about you. It is recorded only once you agree to that on their page."
        " They were not told why."
    ),
    Refusal.TOO_WEAK: _("They ask for a safer way to show your card: the code on your phone."),
}


class Visit(Kind):
    """A card was shown and its holder identified; what was shown of their data stands in the entry's fields."""

    code: ClassVar[str] = "visit"
    erasure: ClassVar[ErasedAs] = "shape"
    releases: ClassVar[bool] = True

    def reads(self, entry: EntryView) -> Reading:
        """The visit and the stamps after it; the page adds the fields."""
        line: object = _("Visit · they saw") if entry.fields else _("Visit · saw your member number only")
        balance, needed = entry.payload.get("stamps"), entry.payload.get("stamps_needed")
        if isinstance(balance, int) and isinstance(needed, int):
            stamps = {"stamps": words_of_stamps(balance, needed)}
            line = (
                _("Visit · %(stamps)s · they saw") % stamps
                if entry.fields
                else _("Visit · %(stamps)s · saw your member number only") % stamps
            )
        return Reading(title=entry.recipient, line=line, outcome="ok")


class VisitRefused(Kind):
    """A card was shown and not accepted: the person sees why, the till does not (R-VIS-8, R-ACT-4)."""

    code: ClassVar[str] = "visit_refused"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The refusal and its reason."""
        reason = Refusal(str(entry.payload["reason"]))
        return Reading(title=entry.recipient, line=_WHY[reason], outcome="no")


class VisitDisputed(Kind):
    """The person said that a visit was not theirs."""

    code: ClassVar[str] = "visit_disputed"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What came of it."""
        line = _("You said: this wasn’t me. The visit is marked; a stamp it earned was taken back")
        return Reading(title=entry.recipient, line=line, outcome="off")
