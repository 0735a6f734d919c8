"""Composition only: which parts run, and what the environment says. No rule lives here.

Environment: see `docs/operate.md`. Everything has a default that suits a developer's machine; production says what is
missing and refuses to start (`config/checks.py`).
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kliento.config import addresses, databases, logs
from kliento.kernel.keyring import Keyring, given_root

env = environ.Env()

PROJECT = Path(__file__).resolve().parents[3]
KLIENTO_ENV = env.str("KLIENTO_ENV", "development")
if KLIENTO_ENV not in {"development", "production"}:
    raise ImproperlyConfigured(f"KLIENTO_ENV is {KLIENTO_ENV!r}; it can be development or production.")
PRODUCTION = KLIENTO_ENV == "production"
# Set but empty means unset: an empty path would be the folder somebody happens to stand in.
KLIENTO_DATA = Path(env.str("KLIENTO_DATA", "") or PROJECT / "var").resolve()
KLIENTO_KEYS = Path(env.str("KLIENTO_KEYS", "") or PROJECT / "keys").resolve()
KLIENTO_POLICY = Path(env.str("KLIENTO_POLICY", "") or PROJECT / "register.toml").resolve()
KLIENTO_LAN = env.str("KLIENTO_LAN", "")
KLIENTO_CHECKPOINTS = env.str("KLIENTO_CHECKPOINTS", "")  # empty: in KLIENTO_DATA
KLIENTO_URL = addresses.public_url(
    env.str("KLIENTO_URL", ""), lan=KLIENTO_LAN, port=env.int("PORT", 8000), production=PRODUCTION
)
HTTPS = KLIENTO_URL.startswith("https://")

KLIENTO_DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
_ROOT_KEY = given_root(env.str("KLIENTO_ROOT_KEY", ""))
if not PRODUCTION:
    Keyring.create(KLIENTO_KEYS, made_for="development", root=_ROOT_KEY)
KEYRING = Keyring(KLIENTO_KEYS, root=_ROOT_KEY)

DEBUG = False
SECRET_KEY = KEYRING.existing("session").hex()
ALLOWED_HOSTS = [*{urlsplit(KLIENTO_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"}]
ROOT_URLCONF = "kliento.config.urls"
WSGI_APPLICATION = "kliento.config.wsgi.application"
AUTH_USER_MODEL = "accounts.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "kliento.config.apps.ConfigConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "kliento.domain.policy",
    "kliento.domain.outbox",
    "kliento.domain.activity",
    "kliento.domain.vault",
    "kliento.domain.accounts",
    "kliento.domain.people",
    "kliento.domain.recipients",
    "kliento.domain.consents",
    "kliento.domain.sharing",
    "kliento.domain.questions",
    "kliento.domain.profile",
    "kliento.domain.gate",
    "kliento.domain.inbox",
    "kliento.domain.dispatch",
    "kliento.domain.alerts",
    "kliento.domain.cards",
    "kliento.domain.programmes",
    "kliento.domain.visits",
    "kliento.domain.claiming",
    "kliento.domain.improvement",
    "kliento.domain.summaries",
    "kliento.domain.entrance",
    "kliento.domain.rights",
    "kliento.interfaces.public",
    "kliento.interfaces.signin",
    "kliento.interfaces.person",
    "kliento.interfaces.counter",
    "kliento.interfaces.partner",
    "kliento.interfaces.api",
    "kliento.interfaces.demo",
    "kliento.interfaces.commands",
]

MIDDLEWARE = [
    "kliento.web.logs.RequestLog",
    *(["kliento.web.neighbours.NeighboursOnly"] if KLIENTO_LAN else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "kliento.interfaces.signin.sessions.AudienceSessions",
    "django.middleware.locale.LocaleMiddleware",
    "kliento.web.bodies.BodyRules",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kliento.web.counting.UsageCounts",
    "kliento.web.errors.ErrorAnswers",
]

# By default cotton and partials silently disable each other: their own set-up is off, and this order has both.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT / "src" / "kliento" / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "kliento.web.filters",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "kliento.web.context.register_holder",
                "kliento.interfaces.partner.navigation.portal",
            ],
        },
    }
]

# Databases. ATOMIC_REQUESTS stays off: an act opens its own transaction and closes it before the answer.
DATABASES = databases.from_environment(env, KLIENTO_DATA)
DATABASE_ROUTERS = ["kliento.config.routers.KeysApart"]
# Counters of the rate limits, in the memory of the one process that serves (docs/operate.md).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}},
}

# Bodies: an upload of 500 scans is about 150 KB. `web/bodies.py` answers 413 before anything is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 0

# Static files: found in place in development; collected, hashed and compressed by `serve` in production.
STATIC_URL = "/static/"
STATIC_ROOT = KLIENTO_DATA / "static"
STATICFILES_DIRS = [PROJECT / "src" / "kliento" / "web" / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
STORAGES = {
    "staticfiles": {
        "BACKEND": "kliento.web.storage.HashedFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
}

# Language and time
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
LANGUAGE_CODE = "en"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [PROJECT / "src" / "kliento" / "locale"]
FORMAT_MODULE_PATH = "kliento.web.formats"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS

# What the browser may do. Nothing inline anywhere, so no nonces; frames only for the demo page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-src": [NONE if PRODUCTION else SELF],
        "frame-ancestors": [NONE if PRODUCTION else SELF],
    }
}
X_FRAME_OPTIONS = "DENY" if PRODUCTION else "SAMEORIGIN"
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "display-capture": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
    "screen-wake-lock": ["self"],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Not with a certificate of our own making: a browser that trusts it would keep http://localhost out for a year.
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS and not KLIENTO_LAN else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and not KLIENTO_LAN
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
# Production stands behind a proxy that ends TLS and sets this header itself (docs/operate.md). On a LAN we end it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and not KLIENTO_LAN else None
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kliento.web.errors.csrf_failure"

# Sign-in: one session cookie for each audience (interfaces/signin/sessions.py)
SESSION_ENGINE = "kliento.domain.accounts.actions.sessions"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Mail. In development without EMAIL_URL every mail is sealed into the demo mailbox, /demo/mail.
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "kliento.domain.dispatch.actions.mailbox.SealedMailbox"
EMAIL_TIMEOUT = 20

LOGGING_CONFIG = None
logs.configure(as_json=PRODUCTION)
