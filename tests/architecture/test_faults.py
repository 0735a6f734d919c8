"""Planted faults stay plantable: one that the sources have moved away from would show nothing until all are tried."""

import subprocess
from pathlib import Path

from promises import faults_in

PROJECT = Path(__file__).resolve().parents[2]


def test_every_planted_fault_still_applies() -> None:
    stale = [fault.id for fault in faults_in(PROJECT) if not applies(fault.patch)]
    assert stale == [], "mend these patches: what they change reads differently now"


def applies(patch: Path) -> bool:
    checked = subprocess.run(["git", "apply", "--check", patch], cwd=PROJECT, capture_output=True, check=False)
    return checked.returncode == 0
