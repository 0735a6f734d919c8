"""/demo/phone: a real phone becomes Aino's. The demo page shows its code when the town is served on the network."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kliento.domain.policy.queries import has_demo_data
from kliento.interfaces.demo.residents import AINO
from kliento.interfaces.demo.town import PASSWORD


@never_cache
@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """One button, and what does not work on a host the phone does not trust."""
    page = {"aino": AINO, "password": PASSWORD, "living": has_demo_data()}
    return render(request, "demo/phone.html", page)


def real_phone() -> dict[str, str]:
    """Where a phone in the same network goes, and its code; nothing when only this machine is served."""
    if not settings.KLIENTO_LAN:
        return {}
    address = f"{settings.KLIENTO_URL}{reverse('demo:phone')}"
    picture = segno.make(address, error="m").svg_data_uri(border=4, light="#fff")
    return {"phone_address": address, "phone_picture": picture}
