"""A claim code before there is an account: from a till's link, or typed. It waits until its holder decides.

The link carries the code behind #, which no server sees; a script puts it into the field, and without one it is typed.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kliento.domain.cards.queries import held_code
from kliento.interfaces.signin.forms import ClaimForm
from kliento.interfaces.signin.limits import CLAIM_CODES_FROM
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.web.claim_codes import remember, remembered
from kliento.web.limits import address_of, spend


@never_cache
@require_http_methods(["GET", "POST"])
def register_claim(request: HttpRequest) -> HttpResponse:
    """Ask for the code and keep it; then on to registering or signing in. Whoever is signed in adds the card there."""
    if isinstance(getattr(request, "actor", None), PersonActor):
        return redirect("person:claim")
    form = ClaimForm.of(request)
    if request.method == "POST":
        spend(CLAIM_CODES_FROM, address_of(request))
        if form.is_valid():
            code = held_code(form.cleaned_data["code"], at=now())
            if code is not None:
                remember(request, code)
                return redirect("signin:register_claim")
            form.add_error(
                "code",
                _(
                    "This code is used, too old or mistyped. Ask for a new one where you show the card."
                    " You can register without it and add the card later."
                ),
            )
    page = {"form": form, "waiting": remembered(request) is not None}
    return render(request, "signin/register_claim.html", page, status=400 if form.errors else 200)
