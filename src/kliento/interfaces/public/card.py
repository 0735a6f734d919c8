"""A card without an account: with its number and a claim code its holder sees, downloads and deletes what is kept.

Every step sends both again: nothing is remembered of a visitor. Whatever is wrong is answered alike (threats 4, 5).
"""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kliento.domain.claiming.actions import forget_card
from kliento.domain.claiming.queries import BroughtFrom, card_behind, describe_subject, kept_under
from kliento.domain.programmes.events import words_of_stamps
from kliento.domain.recipients.queries import names_of
from kliento.domain.rights.rules import UNREGISTERED, exported
from kliento.interfaces.public.forms import CardForm
from kliento.kernel.clock import now
from kliento.web.forms import require_only
from kliento.web.limits import Limit, address_of, spend

GUESSES = Limit("public.card", times=10, window_seconds=10 * 60)
EVERYBODYS = Limit("public.card_all", times=600, window_seconds=10 * 60)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest) -> HttpResponse:
    """Ask for both; then show what is kept, with two buttons: take it along, or delete it, which is asked once more."""
    require_only(request, "number", "code", "act")
    form = CardForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return render(request, "public/card.html", {"form": form})
    spend(GUESSES, address_of(request))
    spend(EVERYBODYS, "")
    card_id = _card_behind(form) if form.is_valid() else None
    if card_id is None:
        if not form.errors:
            form.add_error(None, _("This number and this code do not belong together, or the code is over."))
        return render(request, "public/card.html", {"form": form}, status=400)
    return _answered(request, form, card_id)


def _card_behind(form: CardForm) -> UUID | None:
    return card_behind(form.cleaned_data["number"], form.cleaned_data["code"], at=now())


def _answered(request: HttpRequest, form: CardForm, card_id: UUID) -> HttpResponse:
    at = now()
    act = request.POST.get("act")
    if act == "delete_for_good":
        forget_card(card_id, at=at)
        return render(request, "public/card_forgotten.html")
    if act == "download":
        content = json.dumps(exported(describe_subject(card_id), UNREGISTERED), ensure_ascii=False, indent=2)
        headers = {"Content-Disposition": f'attachment; filename="kliento-card-{at:%Y-%m-%d}.json"'}
        return HttpResponse(content, content_type="application/json; charset=utf-8", headers=headers)
    kept = kept_under(card_id, "", at=at)
    names = names_of([place.third_party_id for place in kept.places])
    places = [(names[place.third_party_id], place, _stamps(place)) for place in kept.places]
    page = "public/card_forget.html" if act == "delete" else "public/card_kept.html"
    return render(request, page, {"form": form, "places": places})


def _stamps(place: BroughtFrom) -> str:
    return words_of_stamps(place.stamps.balance, place.stamps.needed) if place.stamps else ""
