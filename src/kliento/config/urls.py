"""The URL table: one include for each audience."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from kliento.interfaces.signin.views.language import language
from kliento.web import errors, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("sign-in/me/", include("kliento.interfaces.signin.urls")),
    path("sign-in/partner/", include("kliento.interfaces.signin.partner_urls", namespace="partner_signin")),
    path("i18n/setlang/", language, name="language_as_before"),  # what pages opened before an update still ask for
    path("me/", include("kliento.interfaces.person.urls")),
    path("partner/", include("kliento.interfaces.partner.urls")),
    path("counter/", include("kliento.interfaces.counter.urls")),
    path("api/v1/", include("kliento.interfaces.api.urls")),
    path("", include("kliento.interfaces.public.urls")),
]
if not settings.PRODUCTION:
    urlpatterns.append(path("demo/", include("kliento.interfaces.demo.urls")))

handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.failure
