"""Composition only: which parts run, and what the environment says. No rule lives here.

Environment: see `docs/operate.md`. Everything has a default that suits a developer's machine; production says what is
missing and refuses to start (`config/checks.py`).
"""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from kliento.kernel.keyring import Keyring

env = environ.Env()

PROJECT = Path(__file__).resolve().parents[3]
KLIENTO_ENV = env.str("KLIENTO_ENV", "development")
PRODUCTION = KLIENTO_ENV == "production"
KLIENTO_DATA = Path(env.str("KLIENTO_DATA", str(PROJECT / "var"))).resolve()
KLIENTO_KEYS = Path(env.str("KLIENTO_KEYS", str(PROJECT / "keys"))).resolve()
KLIENTO_POLICY = Path(env.str("KLIENTO_POLICY", str(PROJECT / "register.toml"))).resolve()
KLIENTO_URL = env.str("KLIENTO_URL", f"http://localhost:{env.int('PORT', 8000)}").rstrip("/")

KLIENTO_DATA.mkdir(parents=True, exist_ok=True)
if not PRODUCTION:
    Keyring.create(KLIENTO_KEYS, made_for="development")
KEYRING = Keyring(KLIENTO_KEYS)

DEBUG = False
SECRET_KEY = KEYRING.key("session").hex()
ALLOWED_HOSTS = env.list("KLIENTO_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
ROOT_URLCONF = "kliento.config.urls"
WSGI_APPLICATION = "kliento.config.wsgi.application"
AUTH_USER_MODEL = "accounts.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "kliento.domain.policy",
    "kliento.domain.outbox",
    "kliento.domain.activity",
    "kliento.domain.vault",
    "kliento.domain.accounts",
    "kliento.domain.people",
    "kliento.domain.recipients",
    "kliento.domain.consents",
    "kliento.domain.sharing",
    "kliento.domain.profile",
    "kliento.domain.gate",
    "kliento.domain.dispatch",
    "kliento.domain.cards",
    "kliento.domain.visits",
    "kliento.domain.rights",
]

USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
LANGUAGE_CODE = "en"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [PROJECT / "src" / "kliento" / "locale"]
STATIC_URL = "/static/"
