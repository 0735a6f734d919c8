"""The program of one till, as a shop would write it: python -m simulation.counter TERMINAL QUEUE JOURNAL AHEAD.

Reads `show NUMBER CODE` and `finish`; says `NUMBER OUTCOME VERDICT MILLISECONDS` for each, and `finished` once all was
handed in that the service takes: of a till that was disconnected, what it had until then.
It notes the id of a scan in its journal before it makes the scan: killed and started again, it repeats the scan under
that id. AHEAD: by how many seconds its clock is wrong.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from kliento_till import Background, Disconnected, Terminal, Till

_PATIENCE_SECONDS = 1.5
_LOOK_SECONDS = 0.05


def main(arguments: Sequence[str]) -> None:
    """Until its input ends."""
    terminal, queue, notes, ahead = arguments
    is_new = not Path(queue).exists()
    ids = read_journal(Path(notes))
    wall = float(ahead)
    with (
        open(notes, "ab", buffering=0) as journal,
        Till(
            Terminal.load(terminal), queue=queue, patience_seconds=_PATIENCE_SECONDS, wall=lambda: time.time() + wall
        ) as till,
    ):
        if is_new:
            till.refresh()
        print("ready", flush=True)
        with Background(till):
            is_over = _serve(till, ids, journal)
        if is_over:
            _finish(till)


def _serve(till: Till, ids: dict[int, UUID], journal: BinaryIO) -> bool:
    """Take cards until the day is over; False when the input ended instead."""
    for line in sys.stdin:
        word, *rest = line.rstrip("\n").split(" ", 2)
        if word == "finish":
            return True
        number, code = int(rest[0]), rest[1]
        if number not in ids:
            ids[number] = till.new_id()
            journal.write(f"{number} {ids[number]}\n".encode())
        started = time.perf_counter()
        answer = till.scan(code, id=ids[number])
        took = 1000 * (time.perf_counter() - started)
        print(f"{number} {answer.outcome} {answer.verdict or '-'} {took:.1f}", flush=True)
    return False


def read_journal(path: Path) -> dict[int, UUID]:
    """The id of each scan this till began."""
    lines = path.read_text().splitlines() if path.exists() else []
    return {int(number): UUID(scan_id) for number, scan_id in (line.split() for line in lines)}


def _finish(till: Till) -> None:
    till.try_now()
    while till.waiting:
        till.hand_in()
        if isinstance(till.trouble, Disconnected):  # the oldest go first: what is left was scanned after that
            break
        time.sleep(_LOOK_SECONDS)
    print("finished", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
