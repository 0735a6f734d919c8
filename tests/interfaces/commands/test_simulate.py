"""kliento simulate: for the demo that is served here, and nothing else."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from kliento.domain.policy.actions import mark_demo_data
from kliento.domain.recipients.actions import revoke_terminal
from kliento.domain.recipients.models import Terminal
from kliento.domain.visits.models import Scan
from kliento.kernel.clock import now
from tests import taps
from tests.serving import Served
from tests.world import REGISTER_HOLDER, kahvila_kaisa


def _simulate(db, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [Path(sys.executable).with_name("kliento"), "simulate", *options],
        env=inherited | db.environment | {"KLIENTO_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_production_is_refused(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production") as refused:
        call_command("simulate")
    assert refused.value.returncode == 2


def test_a_database_without_the_demo_is_refused(db):
    kahvila_kaisa()
    with pytest.raises(CommandError, match="kliento demo") as refused:
        call_command("simulate")
    assert refused.value.returncode == 2
    assert Terminal.objects.count() == 1


def test_a_few_seconds_of_it_lose_and_double_nothing_and_leave_no_terminal(db, served: Served, tmp_path):
    kahvila_kaisa(at=now())
    for name in ("aino", "eino", "maija"):
        taps.cardholder(f"{name}@example.fi", at=now())
    mark_demo_data(at=now())
    done = _simulate(
        db, served.url, "--tills", "2", "--seconds", "3", "--rate", "4", "--json", str(tmp_path / "figures")
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads((tmp_path / "figures").read_text())
    assert figures["simulate.shown"] == figures["simulate.acknowledged"] >= 12
    faults = ("lost", "doubled", "changed", "strangers")
    assert [figures[f"simulate.{fault}"] for fault in faults] == [0, 0, 0, 0]
    assert "simulate.seed" in done.stdout
    assert Terminal.objects.filter(revoked_at=None).count() == 1


def test_a_till_that_is_disconnected_meanwhile_keeps_nobody_waiting_and_nothing_is_lost(db, served: Served, tmp_path):
    kahvila_kaisa(at=now())
    for name in ("aino", "eino", "maija"):
        taps.cardholder(f"{name}@example.fi", at=now())
    mark_demo_data(at=now())
    there_before = set(Terminal.objects.values_list("id", flat=True))
    disconnecting = Thread(target=_disconnect_one, args=(there_before,))
    disconnecting.start()
    done = _simulate(
        db, served.url, "--tills", "2", "--seconds", "6", "--rate", "6", "--json", str(tmp_path / "figures")
    )
    disconnecting.join()
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads((tmp_path / "figures").read_text())
    assert figures["simulate.disconnected"] == 1
    assert figures["simulate.too_late"] > 0, "it went on taking cards, which nobody takes in"
    assert [figures[f"simulate.{fault}"] for fault in ("lost", "doubled", "changed", "strangers")] == [0, 0, 0, 0]


def _disconnect_one(there_before: set[UUID]) -> None:
    """As somebody does in the portal, in the middle of the day."""
    try:
        ours = Scan.objects.exclude(terminal_id__in=there_before)
        deadline = time.monotonic() + 60
        while not ours.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        revoke_terminal(ours.values_list("terminal_id", flat=True)[0], by=REGISTER_HOLDER, at=now())
    finally:
        connections.close_all()


def test_where_nothing_serves_it_says_so(db):
    kahvila_kaisa(at=now())
    taps.cardholder(at=now())
    mark_demo_data(at=now())
    done = _simulate(db, "http://localhost:9")
    assert (done.returncode, "kliento serve" in done.stderr) == (1, True)
    assert Terminal.objects.filter(revoked_at=None).count() == 1


def test_it_is_bounded(db):
    mark_demo_data(at=now())
    assert _simulate(db, "http://localhost:9", "--tills", "5000").returncode == 2
