"""Checkpoints outside the database: one file for each epoch, which only grows.

The folder is `KLIENTO_CHECKPOINTS`, which an operator points to another disk or host; a copy that the database's owner
cannot write is a witness like any till.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from heapq import merge
from pathlib import Path
from typing import BinaryIO

import structlog
from django.conf import settings

from kliento.domain.activity.rules import notes
from kliento.kernel.errors import Conflict

log = structlog.get_logger("kliento.activity")
_TAIL_BYTES = 4096  # more than one note takes
_PIECE_BYTES = 65536


def checkpoints_folder() -> Path:
    """Where checkpoints are kept outside the database."""
    return Path(settings.KLIENTO_CHECKPOINTS or settings.KLIENTO_DATA / "checkpoints")


def publish(note: str) -> None:
    """Add the note to its epoch's file, unless it or a later one is there. On disk when this returns.

    What a crash or a full disk left of a note goes before; a whole one never does.
    """
    checkpoint = notes.read(note)
    path = _file(checkpoint)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last, end = _last_in(file)
        if last is None or notes.read(last).size < checkpoint.size:
            file.seek(end)
            if file.read().strip(b"\n"):
                file.truncate(end)
                note = f"\n{note}" if end else note
            file.write(f"{note}\n".encode())
            file.flush()
            os.fsync(file.fileno())


def demand_no_rollback(newest: Callable[[], str]) -> None:
    """Raises Conflict (`log_rolled_back`) when this epoch's file says more than the database, or something else."""
    last = _last(_file(notes.read(newest())))
    if last is None:
        return
    published = notes.read(last)
    ours = notes.read(newest())  # read after the file: somebody else may be sealing and publishing
    if published.size > ours.size or (published.size == ours.size and published.root != ours.root):
        log.error("the log is not what was published", size=ours.size, published=published.size)
        raise Conflict(code="log_rolled_back")


def _file(checkpoint: notes.Checkpoint) -> Path:
    return checkpoints_folder() / _name(checkpoint.origin)


def _name(origin: str) -> str:
    return f"{origin.rpartition('/')[2]}.txt"


def _last(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return _last_in(file)[0]
    except FileNotFoundError:
        return None


def _last_in(file: BinaryIO) -> tuple[str | None, int]:
    """The last whole note and where it ends, found from the end of the file; None and 0 when there is none."""
    size = file.seek(0, os.SEEK_END)
    length = _TAIL_BYTES
    while True:
        start = file.seek(max(0, size - length))
        tail = file.read(size - start).decode(errors="surrogateescape")
        if found := list(notes.notes_and_ends(tail)):
            note, end = found[-1]
            return note, start + _bytes_in(tail[:end])
        if start == 0:
            return None, 0
        length *= 2


def published_notes() -> Iterator[str]:
    """Every checkpoint that lies in the folder now, of all epochs, the smaller sizes first; read as they are taken."""
    lengths = {path: path.stat().st_size for path in sorted(checkpoints_folder().glob("*.txt"))}
    return merge(*(_read(path, length) for path, length in lengths.items()), key=lambda note: notes.read(note).size)


def _read(path: Path, length: int) -> Iterator[str]:
    """The notes among the first so many bytes of a file, a piece at a time."""
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(min(_PIECE_BYTES, length - file.tell())):
            rest += piece
            text, end = rest.decode(errors="surrogateescape"), 0
            for note, end in notes.notes_and_ends(text):  # noqa: B007 # where the last one ends is asked afterwards
                yield note
            rest = rest[_bytes_in(text[:end]) :][-_TAIL_BYTES:]


def _bytes_in(text: str) -> int:
    return len(text.encode(errors="surrogateescape"))
