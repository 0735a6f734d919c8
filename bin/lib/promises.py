"""Which tests belong to which promise, and which rule a planted fault touches. Read from names; nothing is run."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_PROMISE = re.compile(r"R-[A-Z]{3}-\d+|T-\d+")
_PATCHED_FILE = re.compile(r"^\+\+\+ b/(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """One `tests/faults/<ID>.patch` of a checkout at `root`; further sides of a promise are `<ID>-<side>.patch`."""

    root: Path
    id: str

    @property
    def patch(self) -> Path:
        """The planted fault itself."""
        return self.root / "tests" / "faults" / f"{self.id}.patch"

    @property
    def promise(self) -> str:
        """The ID in the charter, or `T-` and the number of a threat."""
        named = _PROMISE.match(self.id)
        return named[0] if named else self.id

    @cached_property
    def sources(self) -> list[str]:
        """The files it changes."""
        return _PATCHED_FILE.findall(self.patch.read_text(encoding="utf-8"))

    @cached_property
    def tests(self) -> list[str]:
        """The promise's own tests, as pytest names them: files named after it, and single tests that carry its ID."""
        found = []
        for path in sorted((self.root / "tests" / "promises").glob("test_*.py")):
            name = path.relative_to(self.root).as_posix()
            if _name_of(self.promise).search(path.stem):
                found.append(name)
            else:
                found += [f"{name}::{test}" for test in _tests_about(self.promise, path)]
        return found

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


def _name_of(identifier: str) -> re.Pattern[str]:
    """How files and tests are named after it: `r_vis_1`, `threats_14`, `threat_14`."""
    if identifier.startswith("T-"):
        return re.compile(rf"threats?_{identifier.removeprefix('T-')}(_|$)")
    return re.compile(identifier.lower().replace("-", "_") + r"(_|$)")


def _tests_about(identifier: str, path: Path) -> list[str]:
    """Tests of a file about something else that carry the ID in their name or docstring."""
    word = re.compile(rf"\b{identifier}\b")
    return [
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and (_name_of(identifier).search(node.name) or word.search(ast.get_docstring(node) or ""))
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
