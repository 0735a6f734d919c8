"""The card and its carriers: phone, number, NFC cards and stickers, travel cards; added, named, blocked, removed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.cards.actions import (
    add_medium,
    block_medium,
    name_medium,
    remove_medium,
    replace_number,
    use_again,
)
from kliento.domain.cards.queries import carrier_of, carriers_of
from kliento.domain.visits.queries import last_uses
from kliento.interfaces.person.carriers import carrier
from kliento.interfaces.person.forms.carriers import CarrierForm, NameForm
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.limits import Limit, spend

ADDED = Limit("person.carriers", times=10, window_seconds=60 * 60)
"""Nobody finds out which numbers others have by trying many (threat 5)."""


@require_safe
@person_required
def carriers(request: PersonRequest) -> HttpResponse:
    """Each with what it is, how it stands and what shops can learn from it; what is not in use last."""
    uses = last_uses(request.person.person_id)
    rows = [carrier(medium, last_at=uses.get(medium.id)) for medium in carriers_of(request.person)]
    page = {
        "tab": "me",
        "in_use": [row for row in rows if row.medium.is_active],
        "over": [row for row in rows if not row.medium.is_active],
    }
    return render(request, "person/carriers.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def add(request: PersonRequest) -> HttpResponse:
    """Add a chip by its number: typed, typed by a reader, or read by this device where it can."""
    require_only(request, "kind", "code", "name")
    form = CarrierForm(request.POST or None)
    if request.method == "POST":
        spend(ADDED, request.person.person_id)
    if form.is_valid():
        kind, code, name = (form.cleaned_data[field] for field in ("kind", "code", "name"))
        try:
            medium_id = add_medium(request.person.person_id, kind, code, name=name, by=request.person, at=now())
        except (Invalid, Conflict) as refused:
            form.add_error(refused.pointer, str(refused.message))
        else:
            messages.success(request, _("Added. Tills that read chips know you by it from now on."))
            return redirect("person:carrier", medium_id=medium_id)
    page = {"tab": "me", "form": form}
    return render(request, "person/carrier_new.html", page, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def one(request: PersonRequest, medium_id: UUID) -> HttpResponse:
    """One of them in full, its name to be changed, and what can be done with it."""
    require_only(request, "name")
    medium = carrier_of(request.person, medium_id)
    form = NameForm(request.POST or None, initial={"name": medium.name})
    if request.method == "POST" and form.is_valid():
        try:
            name_medium(request.person.person_id, medium_id, form.cleaned_data["name"], by=request.person, at=now())
        except Invalid as refused:
            form.add_error(refused.pointer, str(refused.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("person:carrier", medium_id=medium_id)
    last_at = last_uses(request.person.person_id).get(medium_id)
    page = {"tab": "me", "carrier": carrier(medium, last_at=last_at), "form": form}
    return render(request, "person/carrier.html", page, status=400 if form.errors else 200)


@require_POST
@person_required
def block(request: PersonRequest, medium_id: UUID) -> HttpResponse:
    """No till takes it from the next scan on; the page it leads back to has the undo."""
    require_only(request)
    block_medium(request.person.person_id, medium_id, by=request.person, at=now())
    messages.success(request, _("Blocked. No till takes it from now on."))
    return redirect("person:carrier", medium_id=medium_id)


@require_POST
@person_required
def use(request: PersonRequest, medium_id: UUID) -> HttpResponse:
    """Accept it again."""
    require_only(request)
    use_again(request.person.person_id, medium_id, by=request.person, at=now())
    messages.success(request, _("It works again."))
    return redirect("person:carrier", medium_id=medium_id)


@require_POST
@person_required
def replace(request: PersonRequest, medium_id: UUID) -> HttpResponse:
    """A new number in the place of this one."""
    require_only(request)
    replace_number(request.person.person_id, medium_id, by=request.person, at=now())
    messages.success(request, _("You have a new number. Print a new card; no till takes the old one from now on."))
    return redirect("person:paper")


@require_POST
@person_required
def remove(request: PersonRequest, medium_id: UUID) -> HttpResponse:
    """Forget it and its number."""
    require_only(request)
    try:
        remove_medium(request.person.person_id, medium_id, by=request.person, at=now())
        messages.success(request, _("Removed. Its number is forgotten; your visits stay."))
    except Conflict as refused:
        messages.warning(request, str(refused.message))
    return redirect("person:carriers")
