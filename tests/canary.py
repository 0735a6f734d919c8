"""A canary: distinctive texts that are planted in the product, and a search for them wherever it leaves anything.

The search looks at every table of both databases through SQL, at every file of the data folder as bytes (log and
journal of SQLite included), and at what the cache holds; as plain text, UTF-16, hexadecimal and base64, one inside the
other.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.core.cache import caches
from django.db import connections

from tests.databases import Databases

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_HEXADECIMAL = re.compile(rb"(?:[0-9A-Fa-f]{2}){8,}")
_DEPTH = 2
_APART = b"\xff" * 4
"""Stands in no text, so that none is found half in one view and half in the next."""


@dataclass(frozen=True)
class Find:
    """Where a planted text stands in clear."""

    place: str
    name: str


def finds(planted: Mapping[str, str], db: Databases) -> list[Find]:
    """Everything that was planted and can be read somewhere. `planted` maps a name to its text, 6 bytes at least."""
    assert all(len(text.encode()) >= 6 for text in planted.values()), "too short to be told from chance"
    return [
        Find(place, name)
        for place, content in [*tables(), *files(db), *caches_of_this_process()]
        for name in names_in(content, planted)
    ]


def names_in(content: bytes, planted: Mapping[str, str]) -> list[str]:
    """Which of the planted texts can be read in these bytes."""
    views = _APART.join(view.lower() for view in _views(content, depth=_DEPTH))
    return [name for name, text in planted.items() if any(form in views for form in _forms(text.lower()))]


def tables() -> Iterator[tuple[str, bytes]]:
    """Every table of both databases, as SQL gives it; values of any type, bytes as they are."""
    for alias in connections:
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor, include_views=True):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                cells = (cell for row in cursor.fetchall() for cell in row if cell is not None)
                yield f"{alias}: {table}", b"\0".join(_bytes(cell) for cell in cells)


def files(db: Databases) -> Iterator[tuple[str, bytes]]:
    """Every file below the data folder and beside it, where served processes log."""
    for path in sorted(db.folder.parent.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(db.folder.parent)), path.read_bytes()


def caches_of_this_process() -> Iterator[tuple[str, bytes]]:
    """What the rate limits and others keep in memory."""
    for cache in caches.all(initialized_only=True):
        for key, pickled in getattr(cache, "_cache", {}).items():
            yield f"cache: {key}", key.encode() + b"\0" + pickled


def _bytes(cell: object) -> bytes:
    if isinstance(cell, bytes | memoryview):
        return bytes(cell)
    return (json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else str(cell)).encode()


def _forms(text: str) -> list[bytes]:
    escaped = json.dumps(text)[1:-1]
    return [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), escaped.encode()]


def _views(content: bytes, *, depth: int) -> Iterator[bytes]:
    """The bytes, and what they may be an encoding of."""
    yield content
    if depth == 0:
        return
    for run in _HEXADECIMAL.findall(content):
        yield from _views(bytes.fromhex(run.decode()), depth=depth - 1)
    for run in _BASE64.findall(content):
        standard = run.replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):  # the text may begin anywhere within the run
            whole = standard[start : start + (len(standard) - start) // 4 * 4]
            tail = standard[start + len(whole) :]
            padded = whole + tail + b"=" * (4 - len(tail)) if len(tail) > 1 else whole
            yield from _views(base64.b64decode(padded), depth=depth - 1)
