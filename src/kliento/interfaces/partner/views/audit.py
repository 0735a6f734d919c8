"""What one's own people did."""

import re
from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kliento.domain.entrance.queries import names_in_audit
from kliento.domain.recipients.queries import acts_of, premises_of, terminals_of
from kliento.domain.recipients.rules import Right
from kliento.interfaces.partner.wording import ACTS, ROLES
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.paging import cursor_in, page_of

PAGE = 50
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@require_safe
@operator_required(Right.SEE_AUDIT)
def audit(request: OperatorRequest) -> HttpResponse:
    """Newest first, as far back as acts are kept."""
    rows = acts_of(request.operator.third_party_id, before=cursor_in(request), limit=PAGE + 1)
    page = page_of(rows, size=PAGE, key=lambda act: act.id)
    names = names_in_audit(request.operator)
    known = {str(each): name for each, name in names.items()} | _places(request)
    listed = [
        (act, ACTS.get(act.act, act.act), names.get(act.operator_id, ""), _about(act.reference, known))
        for act in page.rows
    ]
    return render(request, "partner/audit.html", {"tab": "audit", "acts": listed, "next_before": page.next_before})


def _places(request: OperatorRequest) -> dict[str, str]:
    """Premises and terminals of the company by id, for acts that name one."""
    company = request.operator.third_party_id
    places = {str(place.id): place.name for place in premises_of(company)}
    tills = {str(till.id): f"{till.name}, {till.premises}" for till in terminals_of(company)}
    return places | tills


def _about(reference: str, known: Mapping[str, str]) -> str:
    """What an act was about: ids that have a name by it, others left out, all else as it was noted."""
    words = (known.get(word, "" if _ID.fullmatch(word) else str(ROLES.get(word, word))) for word in reference.split())
    return ", ".join(word for word in words if word)
