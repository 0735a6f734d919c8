"""What production refuses to start with, each by name and with what to do. `kliento doctor` shows the same list.

Registered as deployment checks of Django; `serve`, `work` and `wsgi.py` run them before anything else. In development
they find nothing but two databases that do not belong together.
"""

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register
from django.db import DatabaseError, connections

from kliento.domain.policy.queries import has_demo_data
from kliento.domain.policy.queries import register as declaration
from kliento.domain.policy.rules import PolicyMistakes
from kliento.domain.vault.tasks import pair_databases
from kliento.kernel.errors import Conflict

TAG = "production"
_SMTP = "django.core.mail.backends.smtp.EmailBackend"


@register(TAG, deploy=True)
def keys_are_safe(**_: Any) -> list[Error]:
    """The keyring was made for production and stands apart from what it opens (R-SEC-2)."""
    return list(_key_findings()) if settings.PRODUCTION else []


@register(TAG, deploy=True)
def declaration_is_complete(**_: Any) -> list[Error]:
    """There is a declaration, it has no mistakes, and somebody stands for exactly this version (R-CTL-1)."""
    return list(_declaration_findings()) if settings.PRODUCTION else []


@register(TAG, deploy=True)
def settings_are_secure(**_: Any) -> list[Error]:
    """Addresses, hosts, mail and databases are those of a real service."""
    return list(_setting_findings()) if settings.PRODUCTION else []


@register(TAG, deploy=True)
def data_is_real(**_: Any) -> list[Error]:
    """Nobody in the database is invented."""
    return list(_data_findings()) if settings.PRODUCTION else []


@register(TAG, deploy=True)
def databases_are_one_instances(**_: Any) -> list[Error]:
    """The main database and the one of keys belong together; else keys would be taken for orphans. In development too.

    The first time, both get their common id here.
    """
    return list(_pair_findings())


def _key_findings() -> Iterator[Error]:
    made_for = settings.KEYRING.made_for
    if made_for != "production":
        yield _error(
            1,
            f"The keyring in KLIENTO_KEYS was made for {made_for}.",
            "Make one for production: KLIENTO_ENV=production kliento keys create FOLDER",
        )
    inside = [path for path in _places_of_root_key() if path.is_relative_to(settings.KLIENTO_DATA)]
    if inside:
        yield _error(
            2,
            f"A root key is inside the data folder: {inside[0]}",
            "Keep KLIENTO_KEYS outside KLIENTO_DATA: who copies the data must not get the keys with it.",
        )
    if any(_others_may_read(path) for path in _existing([settings.KLIENTO_KEYS / "root.key"])):
        yield _error(3, "Others on this machine may read the root key.", "chmod 600 it.")


def _places_of_root_key() -> list[Path]:
    """Where root keys are, links followed: the one in use, and any that lies about in the data folder."""
    found = _existing([settings.KLIENTO_KEYS / "root.key", *settings.KLIENTO_DATA.rglob("root.key")])
    return [settings.KLIENTO_KEYS, *(path.resolve() for path in found), *found]


def _existing(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if path.exists()]


def _others_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _declaration_findings() -> Iterator[Error]:
    try:
        declared = declaration()
    except FileNotFoundError:
        yield _error(11, f"There is no declaration at {settings.KLIENTO_POLICY}.", "Set KLIENTO_POLICY.")
    except PolicyMistakes as mistakes:
        for mistake in mistakes.mistakes:
            yield _error(12, f"The declaration cannot be used: {mistake}", "kliento policy check")
    else:
        if not declared.reviewed:
            yield _error(
                13,
                f"Nobody has reviewed this version of the declaration ({declared.version}).",
                "Add a [[reviews]] entry that names who read it, when, and this version.",
            )


def _setting_findings() -> Iterator[Error]:
    url = urlsplit(settings.KLIENTO_URL)
    if url.scheme != "https" or not url.hostname:
        yield _error(21, f"KLIENTO_URL is {settings.KLIENTO_URL}.", "Set the public address, with https://")
    if url.path or url.query:
        yield _error(22, "KLIENTO_URL holds more than scheme and host.", "Like https://kliento.example")
    if any(host.startswith((".", "*")) for host in settings.ALLOWED_HOSTS):
        yield _error(23, "Any host name would be accepted.", "Name one host in KLIENTO_URL.")
    if settings.EMAIL_BACKEND != _SMTP:
        yield _error(24, "Mail would not leave: EMAIL_URL names no mail server.", "EMAIL_URL=smtp+tls://...")
    if _place(connections.settings["default"]) == _place(connections.settings["keys"]):
        yield _error(25, "DATABASE_URL and KEYS_DATABASE_URL name the same database.", "Keys need their own.")
    if settings.DEBUG:
        yield _error(26, "DEBUG is on.", "Error pages would show what was being worked on.")


def _place(database: dict[str, Any]) -> tuple[object, ...]:
    return tuple(database.get(part) for part in ("HOST", "PORT", "NAME"))


def _data_findings() -> Iterator[Error]:
    try:
        demo = has_demo_data()
    except DatabaseError:
        return  # not there yet, or not migrated: `serve` says so itself
    if demo:
        yield _error(31, "The database holds demo data.", "Start with an empty database.")


def _pair_findings() -> Iterator[Error]:
    try:
        pair_databases()
    except DatabaseError:
        return  # as above
    except Conflict:
        yield _error(
            41,
            "The main database and the one of keys do not belong together.",
            "One was restored or set up without the other. Restore both from copies of the same instance "
            "(docs/operate.md); in development, empty KLIENTO_DATA.",
        )


def _error(number: int, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"kliento.E{number:03}")
