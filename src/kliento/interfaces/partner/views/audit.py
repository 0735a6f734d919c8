"""What one's own people did."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, time_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kliento.domain.entrance.queries import names_in_audit
from kliento.domain.programmes.queries import suspicious_collecting
from kliento.domain.recipients.queries import Act, acts_of, premises_of, terminals_of
from kliento.domain.recipients.rules import Right
from kliento.interfaces.partner.wording import ACTS, LEVELS, ROLES, TAKEN
from kliento.kernel.clock import now
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.paging import cursor_in, page_of
from kliento.web.reading import label_of, member_number

PAGE = 50
COLLECTED_WITHIN = timedelta(days=30)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{8}")
_KINDS = frozenset({"csv", "xlsx"})


@dataclass(frozen=True, slots=True)
class Once:
    """One act: when, and what it was about in words, each thing by itself."""

    at: datetime
    abouts: tuple[str, ...]

    @property
    def about(self) -> str:
        """The same in one line."""
        return ", ".join(self.abouts)


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did on one day, once or more often; `times` newest first, never empty."""

    what: str
    name: str
    times: list[Once]

    @property
    def about(self) -> str:
        """What it was about, each thing once, however often it was done."""
        return ", ".join(dict.fromkeys(about for once in self.times for about in once.abouts))

    @property
    def when(self) -> str:
        """From the first to the last time that day; one time where these read alike."""
        first, last = (time_format(localtime(once.at)) for once in (self.times[-1], self.times[0]))
        return first if first == last else f"{first}–{last}"


@require_safe
@operator_required(Right.SEE_AUDIT)
def audit(request: OperatorRequest) -> HttpResponse:
    """Day by day, newest first, as far back as acts are kept; and who collects most stamps at one till (threat 29)."""
    rows = acts_of(request.operator.third_party_id, before=cursor_in(request), limit=PAGE + 1)
    page = page_of(rows, size=PAGE, key=lambda act: act.id)
    names = names_in_audit(request.operator)
    known = {str(each): name for each, name in names.items()} | _places(request)
    collecting = [
        (each, known.get(str(each.terminal_id), ""))
        for each in suspicious_collecting(request.operator.third_party_id, now() - COLLECTED_WITHIN)
    ]
    context = {
        "tab": "audit",
        "days": _days(page.rows, names, known),
        "next_before": page.next_before,
        "collecting": collecting,
    }
    return render(request, "partner/audit.html", context)


def _days(acts: Sequence[Act], names: Mapping[UUID, str], known: Mapping[str, str]) -> list[tuple[date, list[Done]]]:
    """Under each day who did what; what somebody did again and again that day is one row."""
    days: dict[date, dict[tuple[UUID | None, str], list[Act]]] = {}
    for act in acts:
        alike = days.setdefault(localdate(act.at), {})
        alike.setdefault((act.operator_id, _what(act.act, act.reference)), []).append(act)
    return [
        (
            day,
            [
                Done(what, _name(operator_id, names), [Once(act.at, _abouts(act.reference, known)) for act in times])
                for (operator_id, what), times in alike.items()
            ],
        )
        for day, alike in days.items()
    ]


def _name(operator_id: UUID | None, names: Mapping[UUID, str]) -> str:
    return str(_("Nobody had said who was on duty")) if operator_id is None else names.get(operator_id, "")


def _places(request: OperatorRequest) -> dict[str, str]:
    """Premises and terminals of the company by id, for acts that name one."""
    company = request.operator.third_party_id
    places = {str(place.id): place.name for place in premises_of(company)}
    tills = {str(till.id): f"{till.name}, {till.premises}" for till in terminals_of(company)}
    return places | tills


def _what(act: str, reference: str) -> str:
    """The act in words, with the kind of file where one was taken along."""
    kind = next((word.upper() for word in reference.split() if word in _KINDS), "")
    return str(TAKEN[act]) % {"kind": kind} if kind and act in TAKEN else str(ACTS.get(act, act))


def _abouts(reference: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """What an act was about: names for ids that have one, days, details and numbers as people write them."""
    words = (_in_words(word, known) for word in reference.split() if word not in _KINDS)
    return tuple(word for word in words if word)


def _in_words(word: str, known: Mapping[str, str]) -> str:
    if word in known or _ID.fullmatch(word):
        return known.get(word, "")
    if word in ROLES or word in LEVELS:
        return str(ROLES.get(word) or LEVELS[word])
    if _DAY.fullmatch(word):
        return date_format(date.fromisoformat(word), "SHORT_DATE_FORMAT")
    return member_number(word) if _NUMBER.fullmatch(word) else label_of(word)
