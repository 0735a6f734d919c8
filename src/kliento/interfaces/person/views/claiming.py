"""A card that was used without an account: added with its claim code, undone for seven days."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.cards.queries import HeldCode, carriers_of, claims_of, held_code
from kliento.domain.claiming.actions import claim_card, undo_claim
from kliento.domain.claiming.queries import Brought, BroughtFrom, what_it_brings
from kliento.domain.programmes.events import words_of_stamps
from kliento.domain.recipients.queries import names_of, premises_names
from kliento.interfaces.person.forms.claiming import CodeForm, WayForm
from kliento.interfaces.person.reading import name_of_carrier, name_of_medium
from kliento.interfaces.person.wallet import cards_of, waiting_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.claim_codes import forget, remember, remembered
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.limits import Limit, address_of, spend

CODES = Limit("person.claim_codes", times=10, window_seconds=10 * 60)
CODES_FROM = Limit("person.claim_codes_from", times=60, window_seconds=10 * 60)


def claim(request: HttpRequest) -> HttpResponse:
    """Where a till's link leads. Whoever is not signed in keeps the code first: the browser takes the # along.

    Also a code that was typed while the session ended: then they register or sign in, and it waits.
    """
    if isinstance(getattr(request, "actor", None), PersonActor):
        return entered(request)
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if form.is_bound:
        spend(CODES_FROM, address_of(request))
        code = held_code(form.cleaned_data["code"], at=now()) if form.is_valid() else None
        if code is not None:
            remember(request, code)
    return redirect("signin:register_claim")


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def entered(request: PersonRequest) -> HttpResponse:
    """Ask for the code; show exactly what it brings; do it. Steps of one form: works without scripts."""
    require_only(request, "code", "way")
    if request.method != "POST":
        return _asked(request, CodeForm())
    spend(CODES, request.person.person_id)
    spend(CODES_FROM, address_of(request))
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _asked(request, form)
    code = form.cleaned_data["code"]
    answer = _decided(request, code, WayForm(_sent(request), code=code, media=_replaceable(request)))
    if answer is None:
        form.add_error("code", _not_good())
        return _asked(request, form)
    return answer


def waiting(request: HttpRequest) -> HttpResponse:
    """Where a code that was kept is decided on; whoever is not signed in registers first, or signs in."""
    if isinstance(getattr(request, "actor", None), PersonActor):
        return kept(request)
    return redirect("signin:register_claim")


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def kept(request: PersonRequest) -> HttpResponse:
    """What the code brings that was entered before registering or signing in; the same decision."""
    require_only(request, "code", "way")
    code = remembered(request)
    if code is not None:
        answer = _decided(request, code, WayForm(_sent(request), media=_replaceable(request)))
        if answer is not None:
            return answer
        forget(request)
        messages.warning(request, _not_good())
    return redirect("person:claim")


def _decided(request: PersonRequest, code: str | HeldCode, way: WayForm) -> HttpResponse | None:
    """The card is added, or what it would bring is shown; None for a code that is not good."""
    if way.is_valid():
        try:
            claim_card(code, instead_of=way.instead_of(), by=request.person, at=now())
        except NotFound:
            return None
        except Invalid as refused:
            way.add_error("way", str(refused.message))
        else:
            forget(request)
            messages.success(
                request, _("The card is yours, with its visits and stamps. You can undo it for seven days.")
            )
            return redirect("person:claims")
    brought = what_it_brings(code, by=request.person, at=now())
    return None if brought is None else _shown(request, brought, way)


def _shown(request: PersonRequest, brought: Brought, way: WayForm) -> HttpResponse:
    names = names_of([place.third_party_id for place in brought.places])
    places = [(names[place.third_party_id], place, _stamps(place)) for place in brought.places]
    page = {"tab": "me", "form": way, "places": places, "kind": name_of_medium(brought.medium_kind)}
    return render(request, "person/claim_brings.html", page, status=400 if way.errors else 200)


@require_safe
@person_required
def claims(request: PersonRequest) -> HttpResponse:
    """The cards that were added, each with its undo while there is time."""
    at, found = now(), claims_of(request.person.person_id)
    names, places = names_of([one.third_party_id for one in found]), premises_names([one.premises_id for one in found])
    rows = [
        {
            "claim": one,
            "kind": name_of_medium(one.medium_kind),
            "company": names[one.third_party_id].name,
            "premises": places.get(one.premises_id, ""),
            "may_be_undone": one.may_be_undone(at=at),
        }
        for one in found
    ]
    page = {"tab": "me", "rows": rows, "waiting_stamps": waiting_of(cards_of(request.person))}
    return render(request, "person/claims.html", page)


@require_POST
@person_required
def undoing(request: PersonRequest, claim_id: UUID) -> HttpResponse:
    """The card is on its own again."""
    require_only(request)
    try:
        undo_claim(claim_id, by=request.person, at=now())
        messages.success(request, _("Undone. The card is on its own again, with its visits and stamps."))
    except Conflict as refused:
        messages.warning(request, str(refused.message))
    return redirect("person:claims")


def _asked(request: PersonRequest, form: CodeForm) -> HttpResponse:
    page = {"tab": "me", "form": form, "waiting": remembered(request) is not None}
    return render(request, "person/claim.html", page, status=400 if form.errors else 200)


def _not_good() -> str:
    return _("This code is not good. Check it, or ask for a new one at the till.")


def _sent(request: PersonRequest) -> QueryDict | None:
    return request.POST if "way" in request.POST else None


def _replaceable(request: PersonRequest) -> list[tuple[UUID, str]]:
    return [(medium.id, name_of_carrier(medium)) for medium in carriers_of(request.person) if medium.may_be_replaced]


def _stamps(place: BroughtFrom) -> str:
    return words_of_stamps(place.stamps.balance, place.stamps.needed) if place.stamps else ""
