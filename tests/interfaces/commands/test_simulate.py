"""kliento simulate: for the demo that is served here, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kliento.domain.policy.actions import mark_demo_data
from kliento.domain.recipients.models import Terminal
from kliento.kernel.clock import now
from tests import taps
from tests.serving import Served
from tests.world import kahvila_kaisa


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
