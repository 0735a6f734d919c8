"""Cards without an account: blank ones to hand out, the claim codes the tills gave, what was claimed with them."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.cards.actions import make_blank_cards, show_blank_cards
from kliento.domain.cards.queries import claims_at, codes_given_at
from kliento.domain.claiming.actions import undo_claim_at
from kliento.domain.recipients.queries import terminals_of
from kliento.domain.recipients.rules import Right
from kliento.interfaces.partner.addresses import take_only
from kliento.interfaces.partner.forms.cards import BlankCardsForm
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id
from kliento.web.forms import require_only
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.limits import Limit, spend
from kliento.web.reading import language
from kliento.web.sheets import as_page, as_pdf

BATCHES = Limit("partner.blank_cards", times=20, window_seconds=60 * 60)
_SHOWN = 50
_BACK = timedelta(days=90)


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_PLACES)
def blank(request: OperatorRequest) -> HttpResponse:
    """Ask how many; the sheets are the next page, which can be loaded again. A form sent twice makes the cards once."""
    form = BlankCardsForm.of(request, size=10, language=language(), form=new_id())
    if request.method != "POST" or not form.is_valid():
        page = {"tab": "premises", "form": form}
        return render(request, "partner/blank_cards.html", page, status=400 if form.errors else 200)
    operator, chosen = request.operator, form.cleaned_data
    spend(BATCHES, operator.third_party_id)
    made = make_blank_cards(
        chosen["size"], third_party_id=operator.third_party_id, form=chosen["form"], by=operator, at=now()
    )
    shown = "partner:blank_pdf" if chosen["kind"] == "pdf" else "partner:blank_page"
    address = reverse(shown, kwargs={"batch_id": made.batch_id})
    return redirect(f"{address}?{urlencode({'language': chosen['language']})}")


@require_safe
@operator_required(Right.MANAGE_PLACES)
def sheets(request: OperatorRequest, batch_id: UUID, kind: str) -> HttpResponse:
    """The cards that were just made, as a page to print or as a PDF; for an hour. Each time stands in the audit."""
    take_only(request, "language")
    numbers = show_blank_cards(batch_id, by=request.operator, at=now())
    asked = request.GET.get("language")
    written = asked if asked in dict(settings.LANGUAGES) else language()
    if kind == "pdf":
        headers = {"Content-Disposition": 'attachment; filename="kliento-cards.pdf"'}
        return HttpResponse(as_pdf(numbers, language=written), content_type="application/pdf", headers=headers)
    return HttpResponse(as_page(numbers, language=written))


@require_safe
@operator_required(Right.SEE_AUDIT)
def claims(request: OperatorRequest) -> HttpResponse:
    """Claim codes and claims, newest first; whose account a card went to stands nowhere (threat 28).

    As which of the company's own member numbers a card goes on stands on that card's page, as its claimer was told.
    """
    company, at = request.operator.third_party_id, now()
    tills = {till.id: f"{till.name}, {till.premises}" for till in terminals_of(company)}
    context = {
        "tab": "audit",
        "claims": [
            (one, tills.get(one.terminal_id, ""), one.may_be_undone(at=at), one.may_be_unblocked(at=at))
            for one in claims_at(company, limit=_SHOWN)
        ],
        "codes": [
            (code, tills.get(code.terminal_id, "")) for code in codes_given_at(company, since=at - _BACK, limit=_SHOWN)
        ],
    }
    return render(request, "partner/claims.html", context)


@require_POST
@operator_required(Right.SEE_AUDIT)
def undo(request: OperatorRequest, claim_id: UUID) -> HttpResponse:
    """For a holder who says that somebody else claimed their card."""
    require_only(request)
    try:
        undo_claim_at(claim_id, by=request.operator, at=now())
        messages.success(request, _("Undone. The card is on its own again, with its visits and stamps."))
    except Conflict as refused:
        messages.warning(request, str(refused.message))
    return redirect("partner:claims")
