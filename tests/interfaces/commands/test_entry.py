"""The command line: explains itself, and its exit status can be trusted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kliento.kernel.keyring import Keyring


def kliento(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [Path(sys.executable).with_name("kliento"), *arguments],
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_lists_every_command_with_what_it_is_for() -> None:
    asked = kliento("--help")
    assert asked.returncode == 0
    for command in ("serve", "migrate", "work", "tick", "doctor", "keys"):
        assert f"\n  {command} " in asked.stdout


def test_nothing_at_all_is_wrong_use() -> None:
    asked = kliento()
    assert asked.returncode == 2
    assert "Usage: kliento COMMAND" in asked.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sevre"], "Did you mean serve?"),
        (["serve", "--prot", "1"], "--prot"),
        (["keys", "steal"], "steal"),
        (["keys", "create"], "name a folder"),
    ],
)
def test_wrong_use_is_status_two_and_says_what_was_wrong(arguments: list[str], said: str) -> None:
    refused = kliento(*arguments, KLIENTO_KEYS="" if arguments[0] == "keys" else os.environ["KLIENTO_KEYS"])
    assert refused.returncode == 2
    assert said in refused.stderr


@pytest.mark.parametrize("command", ["serve", "migrate", "work", "tick", "doctor", "keys"])
def test_every_command_explains_itself(command: str) -> None:
    asked = kliento(command, "--help")
    assert asked.returncode == 0
    assert f"usage: kliento {command}" in asked.stdout


def test_a_keyring_is_made_once_and_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert kliento("keys", "create", str(folder), KLIENTO_ENV="production").returncode == 0
    assert Keyring(folder).made_for == "production"
    root = (folder / "root.key").read_bytes()
    assert (folder / "root.key").stat().st_mode & 0o777 == 0o600
    again = kliento("keys", "create", str(folder))
    assert again.returncode == 1
    assert (folder / "root.key").read_bytes() == root
