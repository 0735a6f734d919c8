"""What visits write into Activity, and how it reads."""

from datetime import UTC, datetime
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import Alert, EntryView, ErasedAs, Group, Kind, Reading, Variants
from kliento.domain.programmes.events import words_of_stamps
from kliento.domain.visits.rules import Refusal

_WHY = {
    Refusal.MEDIUM_BLOCKED: _(
        "The card that was shown is blocked, or another one has taken its place. They were not told why."
    ),
    Refusal.PERSON_RESTRICTED: _("You have restricted the use of your data. They were not told why."),
    Refusal.NEEDS_CONSENT: _(
        "A visit there tells something sensitive about you. It is recorded only once you agree to that on their page."
        " They were not told why."
    ),
    Refusal.CODE_OLD: _(
        "An old code of your card was shown there. It was not accepted. Was it not you? Block your card."
    ),
    Refusal.CODE_USED: _(
        "A code of your card that was used elsewhere already was shown there. It was not accepted. Was it not you?"
        " Block your card."
    ),
    Refusal.TOO_WEAK: _("They ask for a safer way to show your card: the code on your phone."),
}
_MAY_BE_SOMEBODY_ELSE = frozenset({Refusal.MEDIUM_BLOCKED, Refusal.CODE_OLD, Refusal.CODE_USED})
_AND_MORE = _("It was not the first time there that day; if it happened again, that is not listed.")
_MORE_THAN_A_CHIP = _(
    "The number of a chip is not enough there: it is easy to copy. Show the code on your phone, or your printed card."
)
_NOTHING_TO_COPY = _("They take only what changes each time. Show the code on your phone.")
_NO_REWARD = {
    "static": _("No reward with the number of a chip. They ask for the code on your phone, or your printed card"),
    "rotating": _("No reward with this card. They ask for the code on your phone"),
}


class Visit(Kind):
    """A card was shown and its holder identified; what was shown of their data stands in the entry's fields."""

    code: ClassVar[str] = "visit"
    group: ClassVar[Group] = "visits"
    erasure: ClassVar[ErasedAs] = "shape"
    releases: ClassVar[bool] = True
    variants: ClassVar[Variants] = ({}, {"stamps": 1, "stamps_needed": 2}, {"stamps": 2, "stamps_needed": 2})

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

    def alerts(self, entry: EntryView) -> Alert:
        """They had not known the card."""
        return "newly_known" if entry.payload.get("first") else ""


class VisitRefused(Kind):
    """A card was shown and not accepted: the person sees why, the till does not (R-VIS-8, R-ACT-4)."""

    code: ClassVar[str] = "visit_refused"
    group: ClassVar[Group] = "refused"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = (
        *({"reason": str(reason)} for reason in Refusal),
        *({"reason": str(Refusal.TOO_WEAK), "wanted": wanted} for wanted in ("static", "rotating")),
    )

    def reads(self, entry: EntryView) -> Reading:
        """The refusal and its reason."""
        reason = Refusal(str(entry.payload["reason"]))
        line = _way_out(str(entry.payload.get("wanted", ""))) if reason is Refusal.TOO_WEAK else _WHY[reason]
        if entry.payload.get("more"):
            line = format_lazy("{line} {more}", line=line, more=_AND_MORE)
        return Reading(title=entry.recipient, line=line, outcome="no")

    def alerts(self, entry: EntryView) -> Alert:
        """Somebody else may have shown it; what the holder chose themself, or what is only too weak, is no alert."""
        return "card_refused" if entry.payload["reason"] in _MAY_BE_SOMEBODY_ELSE else ""


class VisitOverruled(Kind):
    """Tills without a network had taken one code twice, and the other use was the earlier one."""

    code: ClassVar[str] = "visit_overruled"
    group: ClassVar[Group] = "visits"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What came of it, and what to do about it."""
        line = _(
            "Does not count: the code you showed there had been shown somewhere else a moment before. A stamp it earned"
            " was taken back. If only one of the two was you, block your card"
        )
        return Reading(title=entry.recipient, line=line, outcome="off")

    def alerts(self, entry: EntryView) -> Alert:
        """One of the two may have been somebody else."""
        return "card_refused"


class VisitDisputed(Kind):
    """The person said that a visit was not theirs."""

    code: ClassVar[str] = "visit_disputed"
    group: ClassVar[Group] = "visits"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What came of it."""
        line = _("You said: this wasn’t me. The visit is marked; a stamp it earned was taken back")
        return Reading(title=entry.recipient, line=line, outcome="off")


class VisitCancelled(Kind):
    """The till that had recorded a visit undid it."""

    code: ClassVar[str] = "visit_cancelled"
    group: ClassVar[Group] = "visits"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What came of it."""
        line = _("They undid the visit. It does not count; a stamp it earned was taken back")
        return Reading(title=entry.recipient, line=line, outcome="off")


class VisitLeft(Kind):
    """The card was shown on the way out."""

    code: ClassVar[str] = "visit_left"
    group: ClassVar[Group] = "visits"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({"came_at": datetime(2026, 1, 1, tzinfo=UTC)},)

    def reads(self, entry: EntryView) -> Reading:
        """Since when they were there; the entry's own time says until when."""
        came = localtime(datetime.fromisoformat(str(entry.payload["came_at"])))
        line = _("You left · you had come at %(time)s") % {"time": date_format(came, "TIME_FORMAT")}
        return Reading(title=entry.recipient, line=line, outcome="ok")


class RewardRefused(Kind):
    """A reward was not given, because the card that was shown is not enough for that there (R-ACT-4)."""

    code: ClassVar[str] = "reward_refused"
    group: ClassVar[Group] = "refused"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = tuple({"wanted": wanted} for wanted in _NO_REWARD)

    def reads(self, entry: EntryView) -> Reading:
        """The way out."""
        line = _NO_REWARD.get(str(entry.payload.get("wanted", "")), _NO_REWARD["rotating"])
        return Reading(title=entry.recipient, line=line, outcome="no")


def _way_out(wanted: str) -> object:
    """What was asked for where a medium was too weak, and what to show instead."""
    return {"static": _MORE_THAN_A_CHIP, "rotating": _NOTHING_TO_COPY}.get(wanted, _WHY[Refusal.TOO_WEAK])
