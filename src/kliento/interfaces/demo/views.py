"""/demo/: a phone and a till side by side, so that a stranger sees the product work within five minutes."""

from itertools import islice

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.policy.queries import has_demo_data
from kliento.domain.recipients.actions import make_pairing_code
from kliento.domain.recipients.queries import premises_by_name, third_party_by_name
from kliento.interfaces.demo.phone import real_phone
from kliento.interfaces.demo.residents import AINO, residents
from kliento.interfaces.demo.town import CAFE, PASSWORD, SHOPS
from kliento.kernel.actor import SystemActor
from kliento.kernel.clock import now
from kliento.web.neighbours import is_this_machine

_SHOWN = 4


@never_cache
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """The page: phone, till and office, three steps, and who can sign in as what."""
    return _page(request)


@never_cache
@require_POST
def pairing_code(request: HttpRequest) -> HttpResponse:
    """A one-time code for a till at the café, as the register holder would give it."""
    premises = premises_by_name(CAFE.name, CAFE.premises[0])
    code = make_pairing_code(premises.id, by=SystemActor(task="demo"), at=now())
    return _page(request, code=code) if request.accepts("text/html") else JsonResponse({"code": code})


def _page(request: HttpRequest, *, code: str = "") -> HttpResponse:
    living = has_demo_data()
    context = {
        "living": living,
        "aino": AINO,
        "cafe": CAFE,
        "shop": third_party_by_name(CAFE.name).id if living else None,
        "shops": SHOPS,
        "password": PASSWORD,
        "people": [one for one in islice(residents(), _SHOWN) if one.has_password] if living else [],
        "code": code,
        "mailbox_answers": is_this_machine(request),
        **real_phone(),
    }
    return render(request, "demo/demo.html", context)
