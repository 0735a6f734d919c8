"""Files that are sent while they are made: whatever their size, only a piece of them is in memory.

They are made after the request has been answered, so each row is put into words in the language the page had.
"""

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from django.utils.translation import override

from kliento.web.reading import language
from kliento.web.tables import Cell, csv_of, xlsx_of

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_AT_ONCE = 64 * 1024
Row = TypeVar("Row")


def table_of(kind: str, heading: Sequence[object], rows: Iterable[Sequence[Cell]]) -> Generator[bytes]:
    """The rows under their heading, in the language of the page; `kind` is "csv" or "xlsx"."""
    titles = [str(title) for title in heading]
    said_in = in_language(rows, language())
    if kind == "xlsx":
        return xlsx_of(titles, said_in)
    # Spreadsheets split at what their language's decimal comma leaves free.
    return csv_of(titles, said_in, separator="," if language() == "en" else ";")


def document_of(head: Mapping[str, object], name: str, rows: Iterable[object]) -> Generator[bytes]:
    """A JSON object: what is in `head`, the list `name` of the rows in the language of the page, and how many they are:
    a file without their `count` at its end was cut off."""
    return _document(head, name, in_language(rows, language()))


def in_language(rows: Iterable[Row], chosen: str) -> Iterator[Row]:
    """The rows as they read in that language, whichever is active where they are taken."""
    waiting = iter(rows)
    while True:
        with override(chosen):
            row = next(waiting, None)
        if row is None:
            return
        yield row


def _document(head: Mapping[str, object], name: str, rows: Iterable[object]) -> Generator[bytes]:
    pieces = [_written(head)[:-1], f", {_written(name)}: ["]
    size = count = 0
    for row in rows:
        pieces.append(("," if count else "") + "\n" + _written(row))
        size, count = size + len(pieces[-1]), count + 1
        if size > _AT_ONCE:
            yield "".join(pieces).encode()
            pieces, size = [], 0
    yield "".join([*pieces, f'\n], "count": {count}}}\n']).encode()


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
