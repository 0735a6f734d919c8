"""The two databases, from the environment: `default` holds the facts, `keys` the data keys and the erasure list.

They never share a file, a server database or a transaction, so that a copy of one is worthless without the other.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured


def from_environment(env: environ.Env, data_folder: Path) -> dict[str, dict[str, object]]:
    """Django's DATABASES: two SQLite files in the data folder, or two PostgreSQL databases."""
    if env.str("DATABASE_URL", ""):
        if not env.str("KEYS_DATABASE_URL", ""):
            raise ImproperlyConfigured(
                "DATABASE_URL is set, KEYS_DATABASE_URL is not: data keys need a database of their own."
            )
        return {
            "default": _postgresql(env, "DATABASE_URL", threads=env.int("KLIENTO_THREADS", 16)),
            "keys": _postgresql(env, "KEYS_DATABASE_URL", threads=env.int("KLIENTO_THREADS", 16)),
        }
    return {
        "default": _sqlite(data_folder / "kliento.sqlite3", secure_delete=False),
        "keys": _sqlite(data_folder / "keys.sqlite3", secure_delete=True),
    }


def _sqlite(file: Path, *, secure_delete: bool) -> dict[str, object]:
    return {
        "ENGINE": "kliento.kernel.sqlite",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"secure_delete": secure_delete},
    }


def _postgresql(env: environ.Env, variable: str, *, threads: int) -> dict[str, object]:
    config = env.db_url(variable)
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{variable} does not start with postgres://.")
    options = {**config.get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": threads + 4, "timeout": 15}}
    return {**config, "CONN_MAX_AGE": 0, "OPTIONS": options}
