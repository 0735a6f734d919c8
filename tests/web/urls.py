"""The product's URLs, and a few that fail on purpose."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from kliento.config import urls
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kliento.web.limits import TooManyRequests

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
ERRORS = {
    "not-found": NotFound(),
    "not-allowed": NotAllowed("Only the person can do this.", code="person_only"),
    "conflict": Conflict(code="already_used"),
    "invalid": Invalid("Check the phone number.", code="bad_phone", pointer="phone"),
    "invalid-fields": Invalid(fields={"/scans/0/code": "This is not a card code."}),
    "too-often": TooManyRequests(retry_after_seconds=17),
    "no-page": Http404("/secret/aino"),
    "broken": ZeroDivisionError("aino@example.fi"),
}


@csrf_exempt
def fail(request: HttpRequest, kind: str) -> HttpResponse:
    """Read the body, then raise what was asked for."""
    _ = request.POST
    raise ERRORS[kind]


urlpatterns = [path("fail/<kind>", fail), path("api/v1/fail/<kind>", fail), *urls.urlpatterns]
