"""`kliento doctor`."""

import platform
import sqlite3
from collections.abc import Iterator
from typing import Any

import django
from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from kliento.domain.outbox.queries import standing
from kliento.domain.recipients.queries import stopped_third_parties, uncovered
from kliento.interfaces.commands.stopping import since_when_and_by_whom
from kliento.kernel.clock import now

Finding = tuple[bool, str]


class Command(BaseCommand):
    """The command."""

    help = "Say how this instance is set up and what is wrong with it. Exit status 1 if anything is."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        findings = [*_setup(), *_databases(), *_background(), *_recipients(), *_safety()]
        for well, text in findings:
            self.stdout.write(f"{'well ' if well else 'WRONG'}  {text}")
        wrong = sum(not well for well, _ in findings)
        if wrong:
            raise CommandError(f"{wrong} wrong.")


def _setup() -> Iterator[Finding]:
    yield True, f"Python {platform.python_version()}, Django {django.__version__}, {settings.KLIENTO_ENV}"
    yield True, f"address {settings.KLIENTO_URL}"
    yield True, f"data in {settings.KLIENTO_DATA}"
    yield True, f"keys in {settings.KLIENTO_KEYS}, made for {settings.KEYRING.made_for}"
    yield True, f"declaration {settings.KLIENTO_POLICY}"
    yield True, f"mail through {settings.EMAIL_BACKEND.rsplit('.', 1)[-1]}"


def _databases() -> Iterator[Finding]:
    for alias in connections:
        connection = connections[alias]
        try:
            executor = MigrationExecutor(connection)
            missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        except DatabaseError as error:
            yield False, f"database {alias}: does not answer ({type(error).__name__})"
            continue
        version = ".".join(str(part) for part in connection.get_database_version())
        yield (
            not missing,
            f"database {alias}: {connection.vendor} {version}, "
            + (f"{missing} migrations missing: kliento migrate" if missing else "up to date"),
        )
    if connections["default"].vendor == "sqlite" and sqlite3.sqlite_version_info < (3, 51, 3):
        yield True, "this SQLite can lose a checkpoint race; the write lock keeps it away (docs/operate.md)"


def _background() -> Iterator[Finding]:
    try:
        stands = standing(at=now())
    except DatabaseError:
        return  # said above
    yield True, f"outbox: {stands.waiting} waiting, {stands.overdue} due"
    yield not stands.given_up, f"outbox: {stands.given_up} given up"
    for name in stands.failing_periodic:
        yield False, f"periodic task {name} failed when it last ran"


def _recipients() -> Iterator[Finding]:
    try:
        closed, stopped = uncovered(), stopped_third_parties()
    except DatabaseError:
        return  # said above
    if not closed:
        yield True, "third parties: the declaration covers all that are approved"
    for third_party in stopped:
        words = since_when_and_by_whom(third_party.suspended_at, third_party.suspended_by)
        yield True, f"third party {third_party.name}: {words}"
    for third_party, purposes in closed:
        yield (
            False,
            f"third party {third_party.name} ({third_party.country}): the declaration lets no data go there for "
            f"{', '.join(purposes)}, so none does: kliento third-party approve or suspend",
        )


def _safety() -> Iterator[Finding]:
    findings = run_checks(tags=["production"], include_deployment_checks=True)
    if settings.PRODUCTION and not findings:
        yield True, "nothing that production refuses to start with"
    for finding in findings:
        yield False, f"{finding.id}: {finding.msg} {finding.hint or ''}".rstrip()
