"""How the answer to a scan looks at the till: one colour, one icon, one verb."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kliento.domain.visits.actions import ScanResult
from kliento.domain.visits.rules import Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """A whole screen. `state` is its colour: ok, no or wait; the icon says the same without colour."""

    state: str
    icon: str
    title: str
    lines: tuple[str, ...] = ()


def result_of(scan: ScanResult) -> Result:
    """The screen for an answer."""
    if scan.outcome is Outcome.IDENTIFIED:
        return Result("ok", "check", _welcome(scan.values), tuple(filter(None, [_member(scan.member_number)])))
    if scan.outcome is Outcome.REPLAYED and scan.first_at is not None:
        shown_at = date_format(localtime(scan.first_at), "TIME_FORMAT")
        return Result("wait", "clock", _("Already scanned %(time)s") % {"time": shown_at})
    return _others()[scan.outcome]


def _welcome(values: dict[str, str]) -> str:
    name = values.get("nickname") or values.get("first_name")
    return _("Welcome, %(name)s") % {"name": name} if name else _("Welcome")


def _member(number: str | None) -> str:
    return _("Member %(number)s") % {"number": f"{number[:4]} {number[4:]}"} if number else ""


def _others() -> dict[Outcome, Result]:
    return {
        Outcome.NOT_ACCEPTED: Result("no", "x", _("Not accepted"), (_("The customer can see why in their Activity."),)),
        Outcome.UNKNOWN: Result("no", "x", _("Not a Kliento code")),
        Outcome.EXPIRED: Result("wait", "refresh-cw", _("Code expired, ask to refresh")),
        Outcome.TOO_EARLY: Result("wait", "clock", _("Code not valid yet, ask to check the phone’s clock")),
        Outcome.REPLAYED: Result("no", "x", _("Code already used, ask to refresh")),
        Outcome.CLOCK_OFF: Result("wait", "clock", _("Check this till’s clock, then scan again")),
        Outcome.TOO_LATE: Result("wait", "refresh-cw", _("Scan again")),
        Outcome.TRY_LATER: Result("wait", "clock", _("Too many unknown codes, wait a minute")),
    }
