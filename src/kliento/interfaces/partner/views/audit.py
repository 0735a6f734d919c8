"""What one's own people did."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from kliento.domain.entrance.queries import names_in_audit
from kliento.domain.programmes.queries import suspicious_collecting
from kliento.domain.recipients.queries import acts_of, premises_of, terminals_of
from kliento.domain.recipients.rules import Right
from kliento.interfaces.partner.wording import ACTS, ROLES, TAKEN
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


@require_safe
@operator_required(Right.SEE_AUDIT)
def audit(request: OperatorRequest) -> HttpResponse:
    """Newest first, as far back as acts are kept; and who collects most stamps at one till (threat 29)."""
    rows = acts_of(request.operator.third_party_id, before=cursor_in(request), limit=PAGE + 1)
    page = page_of(rows, size=PAGE, key=lambda act: act.id)
    names = names_in_audit(request.operator)
    known = {str(each): name for each, name in names.items()} | _places(request)
    listed = [
        (act, _what(act.act, act.reference), names.get(act.operator_id, ""), _about(act.reference, known))
        for act in page.rows
    ]
    collecting = [
        (each, known.get(str(each.terminal_id), ""))
        for each in suspicious_collecting(request.operator.third_party_id, now() - COLLECTED_WITHIN)
    ]
    context = {"tab": "audit", "acts": listed, "next_before": page.next_before, "collecting": collecting}
    return render(request, "partner/audit.html", context)


def _places(request: OperatorRequest) -> dict[str, str]:
    """Premises and terminals of the company by id, for acts that name one."""
    company = request.operator.third_party_id
    places = {str(place.id): place.name for place in premises_of(company)}
    tills = {str(till.id): f"{till.name}, {till.premises}" for till in terminals_of(company)}
    return places | tills


def _what(act: str, reference: str) -> object:
    """The act in words, with the kind of file where one was taken along."""
    kind = next((word.upper() for word in reference.split() if word in _KINDS), "")
    return str(TAKEN[act]) % {"kind": kind} if kind and act in TAKEN else ACTS.get(act, act)


def _about(reference: str, known: Mapping[str, str]) -> str:
    """What an act was about: names for ids that have one, days, details and numbers as people write them."""
    words = (_in_words(word, known) for word in reference.split() if word not in _KINDS)
    return ", ".join(word for word in words if word)


def _in_words(word: str, known: Mapping[str, str]) -> str:
    if word in known or _ID.fullmatch(word):
        return known.get(word, "")
    if word in ROLES:
        return str(ROLES[word])
    if _DAY.fullmatch(word):
        return date_format(date.fromisoformat(word), "SHORT_DATE_FORMAT")
    return member_number(word) if _NUMBER.fullmatch(word) else label_of(word)
