"""`bin/bite`: would the tests notice? Plants each promise's fault in a scratch copy and runs that promise's own tests.

They must pass without any fault, which is tried once for each promise, and fail with each of its faults, inside a
test: a fault that merely keeps the code from being imported, or a fixture from being made, shows nothing. What bit is
written into docs/proof.json.
"""

import argparse
import compileall
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import groupby
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import SimpleQueue

from machine import PROJECT, say
from promises import Fault, faults_in

_WORKERS = 2
_SAMPLE = 5
_RECENT_COMMITS = 5
_PROOF = PROJECT / "docs" / "proof.json"


class ToothlessError(Exception):
    """A fault that shows nothing; the message says why."""


def main() -> int:
    """0 when every chosen fault bit."""
    parser = argparse.ArgumentParser(prog="bin/bite", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="promises to try, such as R-VIS-1 or T-14 (all)")
    parser.add_argument("--changed", action="store_true", help=f"what the last commits touched, at most {_SAMPLE}")
    chosen = parser.parse_args()
    faults = {fault.id: fault for fault in faults_in(PROJECT)}
    named = [fault.id for fault in faults.values() if {fault.id, fault.promise} & set(chosen.ids)]
    if unknown := set(chosen.ids) - set(named) - {faults[each].promise for each in named}:
        parser.error(f"no tests/faults/{min(unknown)}.patch")
    ids = named or (sample_of_changed(faults) if chosen.changed else sorted(faults))
    started = time.monotonic()
    outcomes = bite_all(ids)
    note_proof(outcomes)
    failed = {identifier: reason for identifier, reason in outcomes.items() if reason}
    for identifier, reason in sorted(failed.items()):
        print(f"\n{identifier}: {reason}")
    seconds = time.monotonic() - started
    print(f"\n{len(outcomes) - len(failed)} passed, {len(failed)} failed in {seconds:.0f} s")
    return 1 if failed else 0


def bite_all(ids: list[str]) -> dict[str, str]:
    """ID -> why it showed nothing, or empty. Each worker has a scratch copy of its own."""
    of_each_promise = [list(named) for _, named in groupby(sorted(ids), key=lambda each: Fault(PROJECT, each).promise)]
    outcomes: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="kliento-bite-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(min(_WORKERS, len(of_each_promise))):
            copies.put(scratch_copy(Path(folder) / f"copy-{number}"))

        def bite_promise(named: list[str]) -> None:
            copy = copies.get()
            try:
                outcomes.update(bite([Fault(copy, identifier) for identifier in named]))
            finally:
                copies.put(copy)
            for identifier in named:
                print(f"{identifier:10} {'FAILED' if outcomes[identifier] else 'bites'}", flush=True)

        workers = ThreadPoolExecutor(_WORKERS)
        try:
            list(workers.map(bite_promise, of_each_promise))
        finally:
            workers.shutdown(cancel_futures=True)  # after ctrl-c, do not begin the rest
    return outcomes


def scratch_copy(folder: Path) -> Path:
    """What git tracks or would track, as it stands now."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name)
    for compiled in PROJECT.glob("src/**/*.mo"):  # git does not keep these; the pages need them
        shutil.copy2(compiled, folder / compiled.relative_to(PROJECT))
    used = sorted(PROJECT.glob(".pytest_cache/d/templates/*/ready"), key=lambda each: each.parent.stat().st_mtime)
    for ready in used[-1:]:  # a database that is migrated already; whoever changes a migration does not find it
        shutil.copytree(ready.parent, folder / ready.parent.relative_to(PROJECT))
    # Once for all processes to come. By the hash of the source: a fault comes and goes within the second times tell.
    compileall.compile_dir(folder / "src", quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    return folder


def bite(faults: Sequence[Fault]) -> dict[str, str]:
    """ID -> empty when its promise's tests pass without and fail with it; otherwise why this shows nothing.

    All are faults of one promise: without any of them its tests are the same.
    """
    try:
        pass_without(faults[0])
    except ToothlessError as reason:
        return dict.fromkeys((fault.id for fault in faults), str(reason))
    outcomes = {}
    for fault in faults:
        try:
            fail_with(fault)
        except ToothlessError as reason:
            outcomes[fault.id] = str(reason)
        else:
            outcomes[fault.id] = ""
    return outcomes


def pass_without(fault: Fault) -> None:
    """Raises ToothlessError when its promise has no tests, or none that pass."""
    if not fault.tests:
        raise ToothlessError("no test in tests/promises/ carries this ID")
    ran, failed, broken, output = run_tests(fault)
    if failed or broken or not ran:
        raise ToothlessError(f"its tests do not pass without the fault\n{output}")


def fail_with(fault: Fault) -> None:
    """Raises ToothlessError when no test fails that the fault is planted for."""
    apply(fault)
    try:
        _, failed, broken, output = run_tests(fault)
    finally:
        apply(fault, "--reverse")
    if not failed:
        why = "only keeps its tests from running" if broken else "goes unnoticed by its tests"
        raise ToothlessError(f"the fault {why}\n{output}")


def run_tests(fault: Fault) -> tuple[int, int, int, str]:
    """How many of the promise's tests ran, failed inside, or broke outside a test, up to the first; the last output."""
    report = fault.root / "report.xml"
    report.unlink(missing_ok=True)
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "--tb=short",
            "--show-capture=no",
            f"--junitxml={report}",
            *fault.tests,
        ],
        cwd=fault.root,
        env=inherited | {"PYTHONPATH": str(fault.root / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    tail = "\n".join((run.stdout + run.stderr).splitlines()[-25:])
    if not report.exists():
        return 0, 0, 1, tail
    suite = next(ET.parse(report).iter("testsuite"))  # noqa: S314 (pytest wrote it a moment ago)
    count = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    return count["tests"] - count["errors"] - count["skipped"], count["failures"], count["errors"], tail


def apply(fault: Fault, *options: str) -> None:
    """Plant the fault, or with `--reverse` take it out again."""
    # GIT_CEILING_DIRECTORIES: the scratch copy is no checkout, and git must not take one above it for its own.
    command = ["git", "apply", "--whitespace=nowarn", *options, str(fault.patch)]
    environment = os.environ | {"GIT_CEILING_DIRECTORIES": str(fault.root.parent)}
    run = subprocess.run(command, cwd=fault.root, env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise ToothlessError(f"the patch does not apply; mend it\n{run.stderr.strip()}")


def sample_of_changed(faults: dict[str, Fault]) -> list[str]:
    """Faults whose patch, tests or sources the last commits touched; filled up at random to a fixed number."""
    history = git("rev-list", "--max-count", str(_RECENT_COMMITS + 1), "HEAD").split()
    changed = set(git("diff", "--name-only", history[-1]).split())
    touched = [
        fault.id
        for fault in faults.values()
        if changed & {f"tests/faults/{fault.id}.patch", *fault.sources, *(test.split("::")[0] for test in fault.tests)}
    ]
    others = [identifier for identifier in faults if identifier not in touched]
    chosen = random.sample(touched, min(_SAMPLE, len(touched)))
    chosen += random.sample(others, min(_SAMPLE - len(chosen), len(others)))
    say(f"{len(touched)} of {len(faults)} promises touched; trying {' '.join(sorted(chosen))}")
    return sorted(chosen)


def note_proof(outcomes: dict[str, str]) -> None:
    """Write what bit today into docs/proof.json. A promise is proven by all of its faults, or not at all."""
    known = json.loads(_PROOF.read_text(encoding="utf-8")) if _PROOF.exists() else {}
    faults: dict[str, list[Fault]] = {}
    for fault in faults_in(PROJECT):
        faults.setdefault(fault.promise, []).append(fault)
    proof = {}
    for promise, its_faults in sorted(faults.items()):
        reasons = [outcomes.get(fault.id) for fault in its_faults]
        if all(reason == "" for reason in reasons):
            rules = sorted({rule for fault in its_faults for rule in fault.rules()})
            today = date.today().isoformat()  # noqa: DTZ011 (the day it was where somebody ran this)
            proof[promise] = {"tests": its_faults[0].tests, "rules": rules, "bitten_on": today}
        elif promise in known and not any(reasons):
            proof[promise] = known[promise]
    _PROOF.write_text(json.dumps(proof, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def git(*arguments: str) -> str:
    """What git prints."""
    return subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
