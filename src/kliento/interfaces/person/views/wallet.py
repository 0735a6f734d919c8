"""Loyalty cards: what is in use, what could be, and exactly what goes to the issuer and why (R-ISS-1)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.gate.actions import own_values
from kliento.domain.policy.queries import register
from kliento.domain.programmes import actions as programmes
from kliento.domain.recipients.queries import third_party_of
from kliento.domain.sharing.queries import companies_of
from kliento.domain.sharing.rules import PROGRAMME
from kliento.interfaces.person.companies import relation_with
from kliento.interfaces.person.shown import shown
from kliento.interfaces.person.wallet import (
    card_of,
    cards_of,
    changes_of,
    granted_for,
    movements_of,
    offers,
    waiting_of,
)
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import said


@require_safe
@person_required
def wallet(request: PersonRequest) -> HttpResponse:
    """The cards one has, those in use first, then those one could take into use."""
    cards = cards_of(request.person)
    page = {"tab": "card", "cards": cards, "offers": offers(cards), "waiting_stamps": waiting_of(cards)}
    return render(request, "person/wallet.html", page)


@require_safe
@person_required
def loyalty_card(request: PersonRequest, programme_id: UUID) -> HttpResponse:
    """One card: its stamps and their ledger while in use; what its issuer gets or would get, with the values."""
    return render(request, "person/loyalty_card.html", _page(request, programme_id))


@require_POST
@person_required
def take_into_use(request: PersonRequest, programme_id: UUID) -> HttpResponse:
    """Take the card into use as it was shown; changed terms are shown again instead."""
    require_only(request, "version")
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Invalid(_("Open the card again and decide there."), code="no_version", pointer="version")
    try:
        programmes.take_into_use(
            request.person.person_id, programme_id, version=int(version), by=request.person, at=now()
        )
    except Conflict as changed:
        if changed.code != "programme_changed":
            raise
        page = _page(request, programme_id) | {"changed": True}
        return render(request, "person/loyalty_card.html", page, status=409)
    messages.success(request, _("In use. Show your Kliento Card at the till; stamps come by themselves."))
    return redirect("person:loyalty_card", programme_id=programme_id)


@require_POST
@person_required
def put_out_of_use(request: PersonRequest, programme_id: UUID) -> HttpResponse:
    """Out of use: its issuer gets nothing from now on, the stamps wait (R-ISS-2)."""
    require_only(request)
    programmes.put_out_of_use(request.person.person_id, programme_id, by=request.person, at=now())
    messages.success(request, _("Out of use. They get nothing for this card any more; your stamps wait."))
    return redirect("person:loyalty_card", programme_id=programme_id)


def _page(request: PersonRequest, programme_id: UUID) -> dict[str, object]:
    person = request.person
    card = card_of(person, programme_id)
    values = own_values(person)
    relation = relation_with(companies_of(person.person_id), card.programme.third_party_id)
    goes = granted_for(card, relation, at=now())
    parts = shown(goes, values)
    return {
        "tab": "card",
        "card": card,
        "company": third_party_of(card.programme.third_party_id),
        "dots": [place < card.stamps.balance for place in range(card.stamps.needed)],
        "parts": parts,
        "lost": shown(set(card.programme.fields) - set(goes), values),
        "has_missing": any(part.missing for part in parts),
        "relation": relation,
        "changes": changes_of(card),
        "purpose": said(register().purpose(PROGRAMME).description),
        "ledger": movements_of(person, card),
    }
