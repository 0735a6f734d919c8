"""The walls of the house hold: what breaks an import contract fails `bin/check`, shown by breaking it on purpose."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

PLANTED = {
    "a page that opens the vault": (
        "opening",
        "interfaces/person/urls.py",
        "from kliento.domain.vault import queries as planted",
    ),
    "a page with a table in its hand": (
        "thin-interfaces",
        "interfaces/person/urls.py",
        "from kliento.domain.people import models as planted",
    ),
    "a page that seals by itself": (
        "sealing",
        "interfaces/person/urls.py",
        "from kliento.domain.vault import actions as planted",
    ),
    "a rule that imports Django": (
        "pure-rules",
        "domain/recipients/rules.py",
        "from django.conf import settings as planted",
    ),
    "a query that imports an action": (
        "rooms",
        "domain/recipients/queries/naming.py",
        "from kliento.domain.recipients import actions as planted",
    ),
    "a low package that knows a higher one": (
        "domain-order",
        "domain/recipients/queries/naming.py",
        "from kliento.domain.sharing import queries as planted",
    ),
    "a domain that knows a page": (
        "floors",
        "domain/recipients/queries/naming.py",
        "from kliento.interfaces.person import urls as planted",
    ),
    "an audience that imports another's": (
        "independence",
        "interfaces/person/urls.py",
        "from kliento.interfaces.counter import urls as planted",
    ),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, to break."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(PROJECT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "static", "templates"))
    shutil.copy(PROJECT / "pyproject.toml", copy)
    return copy


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_import_breaks_the_contract_that_forbids_it(fault: str, house: Path) -> None:
    contract, path, line = PLANTED[fault]
    file = house / "src" / "kliento" / path
    sound = file.read_text()

    before = lint_imports(house, contract)
    file.write_text(f"{sound}\n{line}\n")
    try:
        after = lint_imports(house, contract)
    finally:
        file.write_text(sound)

    assert before.returncode == 0, before.stdout
    assert after.returncode == 1
    assert "1 broken" in after.stdout


def lint_imports(house: Path, contract: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--contract", contract]
    environment = {"PYTHONPATH": str(house / "src"), "PATH": ""}
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False)
