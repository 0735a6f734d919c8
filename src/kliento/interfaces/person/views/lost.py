"""A card that is lost: blocked at once from any browser, used again when it is found."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.cards.actions import block_every_medium, use_again
from kliento.domain.cards.queries import carriers_of
from kliento.interfaces.person.places import heard_at_places
from kliento.interfaces.person.reading import name_of_carrier
from kliento.kernel.clock import now
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required


@require_safe
@person_required
def lost(request: PersonRequest) -> HttpResponse:
    """What carries the card, how each stands, and one button for all."""
    media = carriers_of(request.person)
    rows = [(medium, name_of_carrier(medium)) for medium in media]
    page = {
        "tab": "me",
        "rows": rows,
        # The number is new as soon as the old one is blocked: nobody has lost it.
        "any_active": any(medium.is_active and not medium.is_own_number for medium in media),
        **heard_at_places(request.person.person_id, media),
    }
    return render(request, "person/lost.html", page)


@require_POST
@person_required
def block(request: PersonRequest) -> HttpResponse:
    """Nothing that carries the card is accepted from the next scan on."""
    require_only(request)
    block_every_medium(request.person.person_id, by=request.person, at=now())
    messages.success(request, _("Blocked. No till with a network takes your card from now on."))
    return redirect("person:lost")


@require_POST
@person_required
def found(request: PersonRequest, medium_id: UUID) -> HttpResponse:
    """Accept one of them again."""
    require_only(request)
    use_again(request.person.person_id, medium_id, by=request.person, at=now())
    messages.success(request, _("It works again."))
    return redirect("person:lost")
