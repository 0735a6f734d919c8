"""The instrument that proves the tests is itself tried: what shows nothing must not count as a bite."""

from difflib import unified_diff
from pathlib import Path

import pytest

from bite import bite
from promises import Fault

RULE = '''"""A rule."""

LIMIT = 3


def may_enter(age: int) -> bool:
    return age >= LIMIT
'''
TEST = """from house import may_enter


def test_the_young_wait_outside():
    assert not may_enter(2)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with one promise, R-TRY-1, and its test, which needs none of the plug-ins installed here."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "src").mkdir()
    (tmp_path / "tests" / "promises").mkdir(parents=True)
    (tmp_path / "tests" / "faults").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (tmp_path / "src" / "house.py").write_text(RULE)
    (tmp_path / "tests" / "promises" / "test_r_try_1.py").write_text(TEST)
    return tmp_path


def outcome(fault: Fault) -> str:
    return bite([fault])[fault.id]


def planted(project: Path, old: str, new: str) -> Fault:
    """The fault that turns one line of the rule into another."""
    patch = unified_diff(
        RULE.splitlines(keepends=True),
        RULE.replace(old, new).splitlines(keepends=True),
        "a/src/house.py",
        "b/src/house.py",
    )
    (project / "tests" / "faults" / "R-TRY-1.patch").write_text("".join(patch))
    return Fault(project, "R-TRY-1")


def test_a_fault_the_tests_notice_bites(project: Path) -> None:
    fault = planted(project, "    return age >= LIMIT", "    return True")

    assert outcome(fault) == ""
    assert fault.rules() == ["src/house.py:may_enter"]
    assert (project / "src" / "house.py").read_text() == RULE


def test_one_that_bites_says_nothing_about_another_of_the_same_promise(project: Path) -> None:
    bites = planted(project, "    return age >= LIMIT", "    return True")
    other = bites.patch.with_stem("R-TRY-1-other")
    other.write_text(bites.patch.read_text().replace("+    return True", "+    return age > LIMIT"))

    outcomes = bite([bites, Fault(project, "R-TRY-1-other")])

    assert outcomes["R-TRY-1"] == ""
    assert "unnoticed" in outcomes["R-TRY-1-other"]


def test_a_fault_nobody_notices_is_reported(project: Path) -> None:
    assert "unnoticed" in outcome(planted(project, "    return age >= LIMIT", "    return age > LIMIT"))


def test_a_fault_that_only_breaks_the_import_is_no_bite(project: Path) -> None:
    assert "from running" in outcome(
        planted(project, "def may_enter(age: int) -> bool:", "def may_leave(age: int) -> bool:")
    )


def test_a_patch_that_no_longer_applies_is_an_error(project: Path) -> None:
    fault = planted(project, "    return age >= LIMIT", "    return True")
    (project / "src" / "house.py").write_text(RULE.replace("age >= LIMIT", "not age < LIMIT"))

    assert "does not apply" in outcome(fault)


def test_tests_that_fail_without_the_fault_show_nothing(project: Path) -> None:
    (project / "src" / "house.py").write_text(RULE.replace("LIMIT = 3", "LIMIT = 1"))

    assert "do not pass without" in outcome(planted(project, "    return age >= LIMIT", "    return True"))
