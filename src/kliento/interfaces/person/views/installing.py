"""What makes the card an app on the phone: manifest, service worker, and the card page without anybody's codes."""

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# What the card page is made of; the names change with the content in production, so the script does too.
_FILES = [
    "css/tokens.css",
    "css/reset.css",
    "css/base.css",
    *(
        f"css/components/{name}.css"
        for name in ("shell", "icon", "button", "banner", "card", "list", "day", "empty", "tag")
    ),
    "css/utilities.css",
    "js/kliento.js",
    "js/card.js",
    "js/witness.js",
    "js/till/signatures.js",
    *(f"js/card/{name}.js" for name in ("awake", "codes", "picture", "ring")),
    "vendor/qrcode-generator-2.0.4/qrcode.mjs",
    "vendor/noble-ed25519-3.2.0/index.js",
    "vendor/source-sans-3-5.3.0/source-sans-3-latin-wght-normal.woff2",
    "vendor/lucide-1.62.0/sprite.svg",
    "icons/kliento.svg",
]


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Name, icons and start page for the home screen."""
    icons = [
        {"src": static("icons/kliento-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("icons/kliento-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("icons/kliento-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    return JsonResponse(
        {
            "name": "Kliento",
            "short_name": "Kliento",
            "description": _("One card for every shop, and your data stays yours."),
            "id": reverse("person:card"),
            "start_url": reverse("person:card"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#f5f7fa",
            "theme_color": "#12324a",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served under /me/, so that it can only ever answer for the person's pages. Other files, another version."""
    script = render_to_string("person/service_worker.js", {"files": [static(name) for name in _FILES]})
    version = hashlib.sha256(script.encode()).hexdigest()[:12]
    return HttpResponse(script.replace("@version@", version), content_type="text/javascript")


@require_safe
@cache_control(no_cache=True)
def card_shell(request: HttpRequest) -> HttpResponse:
    """The card page as the service worker keeps it for use offline: the same for everybody, no code in it."""
    return render(request, "person/card.html", {"tab": "card", "offline": True})
