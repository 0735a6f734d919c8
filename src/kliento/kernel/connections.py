"""Connections that one thread keeps for itself, for work that repeats the same few statements for as long as we run."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from kliento.kernel.pipelines import Pipeline

# Plans are made once for all: joins in the order they are written, each by index from the row before.
_AS_WRITTEN = {
    "plan_cache_mode": "force_generic_plan",
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_material": "off",
    "jit": "off",
}
_PLANS_KEPT_SECONDS = 64.0
_CACHE_MIB = 256  # of SQLite's pages, where as many are used: of ten million visits all but the leaves of indexes


@contextmanager
def kept_connections(*, plans_kept_seconds: float = 1.0) -> Iterator[None]:
    """This thread's connections to all databases, opened when first used and kept until the block ends.

    On PostgreSQL they stand beside the pool and parameters are bound by the server. What `statements` sends goes
    together, and each is prepared when it is first sent: it is then neither composed in Python nor planned each time.
    Only for work that goes from a few given rows to indexes, in the order in which its statements name the tables.

    A plan made while a table is empty may read all of it, and any index looks as good as another. So plans are made
    anew after `plans_kept_seconds`, after twice as long, and so on, at last once a minute. On SQLite, which plans each
    time, these connections have a larger cache than others.
    """
    for alias in connections:
        connections[alias] = _kept(alias, plans_kept_seconds)
    try:
        yield
    finally:
        connections.close_all()


def mend_connections() -> None:
    """Before each piece of work: a connection that broke is opened anew when it is next used; plans that are old go."""
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()
        if isinstance(plans := getattr(connection, "plans", None), _Plans) and connection.connection is not None:
            plans.forget_old(connection)


class _Plans:
    """When the plans of a connection are to be forgotten; they are made anew when their statements are next run."""

    def __init__(self, kept_seconds: float) -> None:
        self._kept_seconds = kept_seconds
        self._forget_at = time.monotonic() + kept_seconds

    def forget_old(self, connection: BaseDatabaseWrapper) -> None:
        """Forget them when it is time."""
        at = time.monotonic()
        if at < self._forget_at:
            return
        self._kept_seconds = min(2 * self._kept_seconds, _PLANS_KEPT_SECONDS)
        self._forget_at = at + self._kept_seconds
        with connection.cursor() as cursor:
            cursor.execute("DISCARD PLANS")


def _kept(alias: str, plans_kept_seconds: float) -> BaseDatabaseWrapper:
    settings: dict[str, Any] = {**connections.settings[alias], "CONN_MAX_AGE": None}
    if not settings["ENGINE"].endswith("postgresql"):
        settings["OPTIONS"] = {**settings["OPTIONS"], "cache_mib": _CACHE_MIB}
        return load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias)
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    planning = [f"-c {name}={setting}" for name, setting in _AS_WRITTEN.items()]
    settings["OPTIONS"] = {
        **options,
        "server_side_binding": True,
        "prepare_threshold": None,  # else the driver, rolling back, forgets what `pipeline` has prepared
        "options": " ".join([options.get("options", ""), *planning]).strip(),
    }
    connection = _kept_kind(load_backend(settings["ENGINE"]).DatabaseWrapper)(settings, alias)
    connection.plans = _Plans(plans_kept_seconds)
    connection.pipeline = Pipeline(connection)
    return connection


@cache
def _kept_kind(kind: type[Any]) -> type[Any]:
    class Kept(kind):  # type: ignore[misc]
        """The commit goes behind what is under way when a transaction ends, in the same journey."""

        def _commit(self) -> None:
            self.pipeline.commit()
            super()._commit()

        def _rollback(self) -> None:
            self.pipeline.drop()
            super()._rollback()

    return Kept
