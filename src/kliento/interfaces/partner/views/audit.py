"""What one's own people did."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kliento.domain.entrance.queries import names_in_audit
from kliento.domain.recipients.queries import acts_of
from kliento.domain.recipients.rules import Right
from kliento.interfaces.partner.wording import ACTS
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.paging import cursor_in, page_of

PAGE = 50


@require_safe
@operator_required(Right.SEE_AUDIT)
def audit(request: OperatorRequest) -> HttpResponse:
    """Newest first, as far back as acts are kept."""
    rows = acts_of(request.operator.third_party_id, before=cursor_in(request), limit=PAGE + 1)
    page = page_of(rows, size=PAGE, key=lambda act: act.id)
    names = names_in_audit({act.operator_id for act in page.rows}, request.operator)
    listed = [(act, ACTS.get(act.act, act.act), names.get(act.operator_id, "")) for act in page.rows]
    return render(request, "partner/audit.html", {"tab": "audit", "acts": listed, "next_before": page.next_before})
