"""Which tests belong to which promise, and which rule a planted fault touches. Read from names; nothing is run."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_THREAT = re.compile(r"T-\d+")
_PATCHED_FILE = re.compile(r"^\+\+\+ b/(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """One `tests/faults/<ID>.patch` of a checkout at `root`."""

    root: Path
    id: str

    @property
    def patch(self) -> Path:
        """The planted fault itself."""
        return self.root / "tests" / "faults" / f"{self.id}.patch"

    @cached_property
    def sources(self) -> list[str]:
        """The files it changes."""
        return _PATCHED_FILE.findall(self.patch.read_text(encoding="utf-8"))

    @cached_property
    def tests(self) -> list[str]:
        """The promise's own tests, as pytest names them: the file of that name, else the tests that carry the ID."""
        folder = self.root / "tests" / "promises"
        own = folder / f"test_{self.id.lower().replace('-', '_')}.py"
        if own.exists():
            return [_relative(own, self.root)]
        return [
            f"{_relative(path, self.root)}::{test}"
            for path in sorted(folder.glob("test_*.py"))
            for test in _tests_about(self.id, path)
        ]

    def rules(self) -> list[str]:
        """`file:function` for each place it touches, found in the sources as they stand without it."""
        return sorted({f"{path}:{name}" if name else path for path, name in self._places()})

    def _places(self) -> list[tuple[str, str]]:
        places, path = [], ""
        for line in self.patch.read_text(encoding="utf-8").splitlines():
            if line.startswith("+++ b/"):
                path = line.removeprefix("+++ b/").split("\t")[0]
            elif line.startswith("@@"):
                number = int(line.split("-")[1].split(",")[0].split(" ")[0])
            elif line.startswith("-") and not line.startswith("---"):
                places.append((path, _function_at(self.root / path, number)))
                number += 1
            elif line.startswith("+"):
                places.append((path, _function_at(self.root / path, number - 1)))  # it joins the line above
            elif path:
                number += 1
        return places


def faults_in(root: Path) -> list[Fault]:
    """All planted faults, by ID."""
    return [Fault(root, path.stem) for path in sorted((root / "tests" / "faults").glob("*.patch"))]


def _tests_about(identifier: str, path: Path) -> list[str]:
    """Tests that carry the ID in their name, their docstring or their file's name: `test_threat_14_...`, "T-14"."""
    threat = identifier.removeprefix("T-") if _THREAT.fullmatch(identifier) else ""
    in_name = re.compile(rf"(threats?|_t)_{threat}(_|$)" if threat else identifier.lower().replace("-", "_") + r"(_|$)")
    in_words = re.compile(rf"\b({identifier}|[Tt]hreat {threat})\b" if threat else rf"\b{identifier}\b")
    return [
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and (in_name.search(path.stem) or in_name.search(node.name) or in_words.search(ast.get_docstring(node) or ""))
    ]


def _function_at(path: Path, line: int) -> str:
    """The innermost function or class around that line; empty outside of any, or where this is no Python."""
    if path.suffix != ".py" or not path.exists():
        return ""
    inner: tuple[int, str] = (0, "")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0):
            inner = max(inner, (node.lineno, node.name))
    return inner[1]


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
