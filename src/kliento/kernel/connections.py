"""Connections that one thread keeps for itself, for work that repeats the same few statements for as long as we run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

# A plan made while a table is empty reads it whole, and is kept while the table grows: by index from the start, then.
_BY_INDEX = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"


@contextmanager
def kept_connections() -> Iterator[None]:
    """This thread's connections to all databases, opened when first used and kept until the block ends.

    On PostgreSQL they stand beside the pool, parameters are bound by the server, and each statement is prepared when it
    is first run: it is then neither composed in Python nor planned anew. Only for work that goes from a few given rows
    to indexes.
    """
    for alias in connections:
        connections[alias] = _kept(alias)
    try:
        yield
    finally:
        connections.close_all()


def mend_connections() -> None:
    """Before each piece of work: a connection that broke is opened anew when it is next used."""
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()


def _kept(alias: str) -> BaseDatabaseWrapper:
    settings: dict[str, Any] = {**connections.settings[alias], "CONN_MAX_AGE": None}
    if settings["ENGINE"].endswith("postgresql"):
        options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
        settings["OPTIONS"] = {
            **options,
            "server_side_binding": True,
            "prepare_threshold": 0,
            "options": f"{options.get('options', '')} {_BY_INDEX}".strip(),
        }
    return load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias)
