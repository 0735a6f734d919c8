"""What a till keeps on its disk: scans that were not answered, the answers of others, and what it knows of the service.

A scan is here, synced to the disk, before it is sent or promised, and leaves in the same transaction that keeps its
outcome. So whatever happens to the program, kill -9 and a cut of the power included, it arrives, and under its own id.

Nothing here names anybody: codes are sealed, codes used up are digests, of an answer the outcome alone is kept.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from kliento_till.answers import Answer, NotKept, Problem, QueueInUse, QueueOfAnother

_ANSWERS_KEPT_SECONDS = 30 * 86_400
_USED_KEPT_SECONDS = 3600
_FORMAT = 1
_TABLES = """
    CREATE TABLE IF NOT EXISTS known (name TEXT PRIMARY KEY, content TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS waiting (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, sealed TEXT NOT NULL, shown_ms INTEGER
        NOT NULL, direction TEXT NOT NULL, guessed_by REAL, not_before REAL NOT NULL DEFAULT 0);
    CREATE TABLE IF NOT EXISTS answered (
        id TEXT PRIMARY KEY, outcome TEXT NOT NULL, problem_code TEXT, problem_detail TEXT, shown_ms INTEGER NOT NULL,
        direction TEXT NOT NULL, at REAL NOT NULL);
    CREATE TABLE IF NOT EXISTS used (digest BLOB PRIMARY KEY, id TEXT NOT NULL, at REAL NOT NULL);
    CREATE INDEX IF NOT EXISTS answered_at ON answered (at);
    CREATE INDEX IF NOT EXISTS used_at ON used (at);
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A scan that waits. `shown_ms`: when, on the server's clock as far as it was known.

    `guessed_by`: the offset that was reckoned with while the server had not said its time; None: it had.
    """

    id: UUID
    sealed: str
    shown_ms: int
    direction: str
    guessed_by: float | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A scan that was answered, and what a repeat of it must say again."""

    answer: Answer
    shown_ms: int
    direction: str


class Queue:
    """One file for one terminal and one program at a time; its threads may share it."""

    def __init__(self, path: Path, *, terminal: str) -> None:
        """`terminal` tells terminals apart. Raises QueueInUse, QueueOfAnother or NotKept."""
        self._lock = threading.Lock()
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            # Exclusive: a second program is refused, and the operating system lets go when this one is killed.
            for pragma in (
                "locking_mode = EXCLUSIVE",
                "journal_mode = WAL",
                "synchronous = FULL",
                "secure_delete = ON",
            ):
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.executescript(_TABLES)
            with self._writing() as write:
                write.execute("INSERT OR IGNORE INTO known VALUES ('format', ?)", [str(_FORMAT)])
            self._claim(terminal)
        except BaseException as error:
            self._connection.close()
            if isinstance(error, sqlite3.Error):
                locked = getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
                raise (QueueInUse if locked else NotKept)(str(error)) from error
            raise

    def keep(self, scan: Waiting, *, digest: bytes | None) -> None:
        """On the disk when this returns; a repeat changes nothing. Raises NotKept."""
        said = [str(scan.id), scan.sealed, scan.shown_ms, scan.direction, scan.guessed_by]
        with self._writing() as write:
            write.execute(
                "INSERT OR IGNORE INTO waiting (id, sealed, shown_ms, direction, guessed_by) VALUES (?, ?, ?, ?, ?)",
                said,
            )
            if digest:
                used = [digest, str(scan.id), scan.shown_ms / 1000]
                write.execute("INSERT OR IGNORE INTO used VALUES (?, ?, ?)", used)

    def waiting(self, scan_id: UUID) -> Waiting | None:
        """The scan of this id, if it waits."""
        found = self._rows(f"{_SELECT} WHERE id = ?", [str(scan_id)])
        return _waiting(found[0]) if found else None

    def due(self, at: float, *, most: int, most_bytes: int, but: Iterable[UUID] = ()) -> list[Waiting]:
        """What may be sent then, oldest first: at most so many, and so many bytes of codes; without those named."""
        left_out = {str(one) for one in but}
        found: list[Waiting] = []
        statement = f"{_SELECT} WHERE not_before <= ? ORDER BY number LIMIT ?"
        for row in self._rows(statement, [at, most + len(left_out)]):
            most_bytes -= len(row[1])
            if row[0] in left_out:
                continue
            if len(found) == most or (found and most_bytes < 0):
                break
            found.append(_waiting(row))
        return found

    def settle(self, answers: Sequence[Answer], *, at: float) -> None:
        """These are final: they wait no longer, and their outcome is kept for a month. Raises NotKept."""
        with self._writing() as write:
            for answer in answers:
                problem = answer.problem
                write.execute(
                    "INSERT OR IGNORE INTO answered SELECT id, ?, ?, ?, shown_ms, direction, ? FROM waiting"
                    " WHERE id = ?",
                    [answer.outcome, problem and problem.code, problem and problem.detail, at, str(answer.id)],
                )
                write.execute("DELETE FROM waiting WHERE id = ?", [str(answer.id)])

    def postpone(self, ids: Iterable[UUID], *, until: float) -> None:
        """They wait until then."""
        with self._writing() as write:
            write.executemany("UPDATE waiting SET not_before = ? WHERE id = ?", [(until, str(one)) for one in ids])

    def correct(self, scan_id: UUID, *, by_seconds: float) -> None:
        """When it was shown had been reckoned by a clock that was wrong by so much."""
        with self._writing() as write:
            write.execute(
                "UPDATE waiting SET shown_ms = shown_ms + ?, guessed_by = NULL WHERE id = ?",
                [round(by_seconds * 1000), str(scan_id)],
            )

    def answered(self, scan_id: UUID) -> Answered | None:
        """How the scan of this id was answered, if it was, within a month."""
        found = self._rows("SELECT * FROM answered WHERE id = ?", [str(scan_id)])
        return _answered(found[0]) if found else None

    def answered_since(self, at: float) -> list[Answer]:
        """The answers since then, oldest first: outcomes alone."""
        return [_answered(row).answer for row in self._rows("SELECT * FROM answered WHERE at >= ? ORDER BY at", [at])]

    def is_used(self, digest: bytes, *, but_by: UUID) -> bool:
        """Whether this code was shown here within the hour, under another id."""
        return bool(self._rows("SELECT 1 FROM used WHERE digest = ? AND id <> ?", [digest, str(but_by)]))

    def forget(self, at: float) -> None:
        """Outcomes older than a month, and used codes that expired long ago."""
        with self._writing() as write:
            write.execute("DELETE FROM answered WHERE at < ?", [at - _ANSWERS_KEPT_SECONDS])
            write.execute("DELETE FROM used WHERE at < ?", [at - _USED_KEPT_SECONDS])

    def known(self, name: str) -> str | None:
        """What was learned under this name."""
        found = self._rows("SELECT content FROM known WHERE name = ?", [name])
        return str(found[0][0]) if found else None

    def learn(self, **content: str) -> None:
        """Keep it for the next start."""
        with self._writing() as write:
            write.executemany("INSERT OR REPLACE INTO known VALUES (?, ?)", list(content.items()))

    def count(self) -> int:
        """How many wait."""
        return int(self._rows("SELECT COUNT(*) FROM waiting", [])[0][0])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _claim(self, terminal: str) -> None:
        known = self.known("terminal")
        if known not in (None, terminal) and self.count():
            raise QueueOfAnother("Scans of another terminal wait here.")
        if known != terminal:
            self.learn(terminal=terminal)

    def _rows(self, statement: str, values: Sequence[object]) -> list[tuple]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                raise NotKept(str(error)) from error
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


_SELECT = "SELECT id, sealed, shown_ms, direction, guessed_by FROM waiting"


def _waiting(row: tuple) -> Waiting:
    return Waiting(UUID(row[0]), *row[1:])


def _answered(row: tuple) -> Answered:
    scan_id, outcome, code, detail, shown_ms, direction, _ = row
    problem = Problem(code, detail or "") if code else None
    return Answered(Answer(UUID(scan_id), outcome, problem=problem), shown_ms, direction)
