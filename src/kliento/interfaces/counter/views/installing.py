"""What makes the till an app: manifest, service worker, and the till's page without any till's values."""

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kliento.interfaces.counter.forms import ScanForm
from kliento.interfaces.counter.paired import may_use_camera
from kliento.interfaces.counter.preferences import DEFAULTS
from kliento.interfaces.counter.screen import own_screens, ways

# What the worker itself is made of where it can be made of modules, and what the till's page needs.
_SENDING = "js/till/sending.js"
_FILES = [
    *(f"css/{name}.css" for name in ("tokens", "reset", "base", "utilities")),
    *(
        f"css/components/{name}.css"
        for name in ("shell", "icon", "button", "field", "banner", "error_summary", "choice", "till", "keypad")
    ),
    "js/kliento.js",
    "js/keypad.js",
    "js/till.js",
    "js/witness.js",
    "js/card/awake.js",
    *(
        f"js/till/{name}.js"
        for name in (
            "about",
            "blocked",
            "burst",
            "camera",
            "focus",
            "handing_in",
            "judging",
            "lens",
            "nfc",
            "online",
            "own",
            "preferences",
            "queue",
            "reader",
            "rest",
            "return",
            "scanning",
            "screen",
            "sealing",
            "sending",
            "shift",
            "signatures",
            "store",
            "symbols",
            "times",
            "tones",
            "ways",
            "wedge",
        )
    ),
    "vendor/barcode-detector-3.2.2/ponyfill.js",
    "vendor/barcode-detector-3.2.2/zxing-exported.js",
    "vendor/zxing-wasm-3.1.3/zxing_reader.wasm",
    "vendor/noble-ed25519-3.2.0/index.js",
    "vendor/source-sans-3-5.3.0/source-sans-3-latin-wght-normal.woff2",
    "vendor/lucide-1.62.0/sprite.svg",
    "icons/kliento.svg",
    "icons/kliento-192.png",
]


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Name, icons and start page for the home screen."""
    plain = [
        {"src": static(f"icons/kliento-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    maskable = plain[1] | {"src": static("icons/kliento-maskable-512.png"), "purpose": "maskable"}
    return JsonResponse(
        {
            "name": _("Kliento till"),
            "short_name": _("Kliento till"),
            "description": _("Scan Kliento Cards at the counter, also without a network."),
            "id": reverse("counter:till"),
            "start_url": reverse("counter:till"),
            "scope": reverse("counter:till"),
            "display": "standalone",
            "background_color": "#f5f7fa",
            "theme_color": "#f5f7fa",
            "icons": [*plain, maskable],
        },
        content_type="application/manifest+json",
    )


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served under /counter/, so that it can only ever answer for the till. Other files, another version.

    With `?modules` it can send what waits while no page is open; browsers without modules in workers take the other.
    """
    page = {"files": [static(name) for name in _FILES], "sending": static(_SENDING) if "modules" in request.GET else ""}
    script = render_to_string("counter/service_worker.js", page)
    version = hashlib.sha256(script.encode()).hexdigest()[:12]
    return HttpResponse(script.replace("@version@", version), content_type="text/javascript")


@require_safe
@cache_control(no_cache=True)
@may_use_camera
def shell(request: HttpRequest) -> HttpResponse:
    """The till's page as the service worker keeps it: the same for every till, no name or value of anybody in it."""
    page = {"offline": True, "preferences": DEFAULTS, "blank": ScanForm(), "all_ways": ways(DEFAULTS["way"])}
    return render(request, "counter/till.html", page | own_screens(DEFAULTS))
