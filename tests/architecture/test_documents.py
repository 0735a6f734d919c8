"""The documents hold together: decisions are numbered without gaps and listed; links and benches named are there."""

import re
from pathlib import Path

import pytest
from django.core.management import load_command_class

PROJECT = Path(__file__).resolve().parents[2]
DECISIONS = PROJECT / "docs" / "decisions"
DOCUMENTS = [
    PROJECT / "README.md",
    *sorted((PROJECT / "docs").rglob("*.md")),
    *sorted((PROJECT / "clients").glob("*/README.md")),
]


def test_decisions_are_numbered_without_gaps_and_listed_under_their_titles() -> None:
    files = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [file.name[:4] for file in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    titles = [file.read_text().splitlines()[0].removeprefix("# ") for file in files]
    listed = re.findall(r"^(\d+\.) \[(.+)\]\((.+)\)$", (DECISIONS / "README.md").read_text(), re.MULTILINE)
    assert [(f"{number} {title}", name) for number, title, name in listed] == [
        (title, file.name) for title, file in zip(titles, files, strict=True)
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_bench_they_name_can_be_run() -> None:
    offered = load_command_class("kliento.interfaces.commands", "bench").create_parser("kliento", "bench")
    named = {name for document in DOCUMENTS for name in re.findall(r"kliento bench ([a-z]+)", document.read_text())}
    assert named
    assert {offered.parse_args([name]).name for name in named} == named
