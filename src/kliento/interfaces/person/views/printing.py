"""The card on paper: what it can and cannot do first, then the card, as a page to print or a PDF."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.cards.queries import card_number
from kliento.web import own_card
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import language


@require_safe
@person_required
def paper(request: PersonRequest) -> HttpResponse:
    """What one gets, before the number is shown: it never is without being asked for."""
    return render(request, "person/paper.html", {"tab": "me", "texts": own_card.texts()})


@require_POST
@person_required
def print_card(request: PersonRequest) -> HttpResponse:
    """The card in its size, for the browser to print."""
    require_only(request)
    page = {"tab": "me", "texts": own_card.texts(), "card": own_card.printed(card_number(request.person))}
    return render(request, "person/paper.html", page)


@require_POST
@person_required
def card_pdf(request: PersonRequest) -> HttpResponse:
    """The same as a PDF, in the person's language."""
    require_only(request)
    return HttpResponse(
        own_card.as_pdf(card_number(request.person), language=language()),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="kliento-card.pdf"', "Cache-Control": "no-store"},
    )
