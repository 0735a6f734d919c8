"""The card: the code of this moment, codes for the next two hours without a network, the number on request."""

from datetime import datetime
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.cards.actions import codes_for, use_again
from kliento.domain.cards.queries import card_number, media_of_person
from kliento.domain.cards.rules import PREFETCHED_SLOTS, SLOT, end_of_slot, slot_at
from kliento.interfaces.person.feed import by_day, entered_until, just_entered, lines_of
from kliento.interfaces.person.wallet import cards_of, waiting_of
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required

_LATEST = 3


@require_safe
@person_required
def card(request: PersonRequest) -> HttpResponse:
    """The code as a picture, which a script renews; without scripts the page loads itself again when it runs out.

    Of a blocked phone: that it is blocked, and the way to use it again.
    """
    at = now()
    page = {"tab": "card", **_latest(request, entered=entered_until(request.person), at=at)}
    if _blocked_phone(request) is not None:
        return render(request, "person/card.html", page | {"blocked": True})
    slot = slot_at(at)
    [code] = codes_for(request.person, from_slot=slot)
    page |= {"picture": picture_of(code), "seconds_left": _seconds_to(end_of_slot(slot), at=at)}
    return render(request, "person/card.html", page)


@require_safe
@person_required
def latest(request: PersonRequest) -> HttpResponse:
    """What an open card page asks for: loyalty cards and newest lines, or 204 while nothing came after `?entered=`."""
    entered = entered_until(request.person)
    if request.GET.get("entered") == str(entered):
        return HttpResponse(status=204)
    fresh = _latest(request, entered=entered, at=now())
    return render(request, "person/card.html#latest", fresh | {"announced": fresh["just_entered"]})


@require_safe
@person_required
def codes(request: PersonRequest) -> JsonResponse:
    """The codes of the next two hours, for the holder's own phone. `at_ms` tells a phone how wrong its clock is.

    409 while the phone is blocked: then it forgets the codes it has.
    """
    at = now()
    if _blocked_phone(request) is not None:
        raise Conflict(_("Your card is blocked on this phone."), code="card_blocked")
    first = slot_at(at)
    return JsonResponse(
        {
            "at_ms": int(at.timestamp() * 1000),
            "slot_seconds": int(SLOT.total_seconds()),
            "first_slot": first,
            "codes": codes_for(request.person, from_slot=first, count=PREFETCHED_SLOTS),
        }
    )


@require_POST
@person_required
def use_card_again(request: PersonRequest) -> HttpResponse:
    """Accept the phone again, with new codes."""
    require_only(request)
    phone = _blocked_phone(request)
    if phone is not None:
        use_again(request.person.person_id, phone, by=request.person, at=now())
        messages.success(request, _("Your card works again."))
    return redirect("person:card")


@require_safe
@person_required
def number(request: PersonRequest) -> HttpResponse:
    """Why the number is behind a button, and the button."""
    return render(request, "person/card_number.html", {"tab": "card"})


@require_POST
@person_required
def show_number(request: PersonRequest) -> HttpResponse:
    """The number in groups of four, with the same as a picture for scanners."""
    require_only(request)
    text = card_number(request.person)
    groups = [text[place : place + 4] for place in range(0, len(text), 4)]
    return render(request, "person/card_number.html", {"tab": "card", "groups": groups, "picture": picture_of(text)})


def picture_of(text: str) -> SafeString:
    """A QR code as SVG, black on white in any colour scheme, with the quiet zone scanners need."""
    drawn = segno.make_qr(text, error="m").svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr-picture", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 - drawn from modules; the text itself is not in it


def _blocked_phone(request: PersonRequest) -> UUID | None:
    """The person's phone, while it is blocked."""
    media = media_of_person(request.person.person_id)
    return next((medium.id for medium in media if medium.kind == "phone" and medium.may_be_used_again), None)


def _latest(request: PersonRequest, *, entered: int, at: datetime) -> dict[str, object]:
    lines, cards = lines_of(request.person, limit=_LATEST), cards_of(request.person)
    return {
        "entered": entered,
        "just_entered": just_entered(lines, entered=entered),
        "days": by_day(lines, now=at),
        "loyalty_cards": [card for card in cards if card.in_use],
        "waiting_stamps": waiting_of(cards),
    }


def _seconds_to(moment: datetime, *, at: datetime) -> int:
    return max(1, round((moment - at).total_seconds()))
