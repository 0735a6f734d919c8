"""One process serves pages, API and background work: several threads under granian, one more for the outbox."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mt import MTServer

from kliento.domain.consents.actions import rebuild_states
from kliento.domain.policy.actions import publish_own
from kliento.domain.policy.queries import last_published, register
from kliento.interfaces.commands import lan
from kliento.interfaces.commands.background import Background
from kliento.kernel.clock import now

_STOP_SECONDS = 10.0
_TURN_SECONDS = 0.0005  # Python's 5 ms are what a recorder would wait, each time the database answered, for its turn
_BIND = "0.0.0.0" if settings.KLIENTO_LAN else "127.0.0.1"  # noqa: S104 (on purpose, and neighbours only)


class OneProcess(MTServer):
    """granian's threaded server. Its default forks a child, which stays on the port when the parent is killed."""

    def __init__(self, stop: Callable[[], object], *arguments: Any, **options: Any) -> None:
        """`stop` is called when it is told to end, before it waits for what is under way."""
        super().__init__(*arguments, **options)
        self._stop = stop

    def _stop_workers(self) -> None:
        self._stop()
        super()._stop_workers()  # type: ignore[no-untyped-call]

    def _check_gil(self) -> None:
        """granian keeps this server for builds without the GIL, where several workers pay; we want one."""


class Command(BaseCommand):
    """The command."""

    help = """Serve pages, API and background work on PORT (8000).

    Refuses to start when production is not safe (the reasons are listed) or a migration is missing."""
    requires_system_checks = ()  # what production refuses is said before anything is loaded

    def add_arguments(self, parser: CommandParser) -> None:
        """Its options."""
        parser.add_argument("--host", default=os.environ.get("KLIENTO_BIND", _BIND), help="address to bind")
        lan.add_option(parser)
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="default: PORT")
        parser.add_argument(
            "--threads",
            type=int,
            default=int(os.environ.get("KLIENTO_THREADS", "16")),
            help="requests served at the same time (default: KLIENTO_THREADS, 16)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        self.check(tags=["production"], include_deployment_checks=True)
        self.check()
        self._require_migrated()
        self._require_published()
        if settings.PRODUCTION:
            # htmx comes from our own vendor folder; the package's copies name files in comments that are not there.
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["django_htmx"])
        made, key = self._certificate()
        # Loaded before anybody is told that it serves.
        application = import_string("kliento.interfaces.api.door.Door")(
            get_internal_wsgi_application(), threads=options["threads"]
        )
        _settle_memory()
        sys.setswitchinterval(_TURN_SECONDS)
        background = Background()
        server = OneProcess(
            application.stop,
            "kliento.interfaces.api.door:Door",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=15_000),
            websockets=False,
            log_enabled=False,
            ssl_cert=made,
            ssl_key=key,
        )
        server.on_startup(background.start)
        server.on_startup(lambda: self._greet(options["port"]))
        server.serve(target_loader=lambda *_: application, wrap_loader=False)
        background.stop()
        background.join(_STOP_SECONDS)

    def _certificate(self) -> tuple[Path | None, Path | None]:
        """On its own network it ends TLS itself; elsewhere a proxy does, or nobody needs to."""
        if not settings.KLIENTO_LAN:
            return None, None
        return lan.certificate(settings.KLIENTO_DATA / "lan", settings.KLIENTO_LAN, at=now())

    def _greet(self, port: int) -> None:
        self.stdout.write(f"Kliento on {settings.KLIENTO_URL} (stop with Ctrl-C)")
        if settings.KLIENTO_LAN:
            lan.greet(settings.KLIENTO_URL, port=port)

    def _require_migrated(self) -> None:
        for alias in connections:
            executor = MigrationExecutor(connections[alias])
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                raise CommandError(f"The database {alias} is not up to date. Run: kliento migrate")

    def _require_published(self) -> None:
        """Consents name the notice they were given under, so it has to stand. Only in development by itself."""
        last = last_published()
        if last is not None and last.version == register().version:
            return
        if settings.PRODUCTION:
            raise CommandError(
                f"Version {register().version} of the declaration is not published. See what changes and who must be"
                " asked again: kliento policy diff. Then: kliento policy publish"
            )
        published = publish_own(at=now())
        if last is None:
            rebuild_states()  # what was agreed to under this very version before it was published stands
        self.stdout.write(f"Published notice {published.number}, version {published.version}.")


def _settle_memory() -> None:
    """What is loaded stays for good: the collector need not walk through it for every few hundred objects of a tap."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
