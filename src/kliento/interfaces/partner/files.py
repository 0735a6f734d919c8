"""Files people take along, sent while they are made: whatever their size, only a piece of them is in memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import override

from kliento.web.limits import Limit
from kliento.web.reading import language
from kliento.web.tables import csv_of, xlsx_of

Row = Sequence[str | int]
FILES = Limit("partner.files", times=30, window_seconds=60 * 60)
"""For each company: a file reads all there is, and leaves with whoever takes it."""
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_file(name: str, kind: str, *, heading: Row, rows: Iterable[Row]) -> HttpResponse:
    """A download named so: `kind` is "csv" or "xlsx"."""
    titles = [str(title) for title in heading]
    said_in = _in_language(rows, language())
    # Spreadsheets split at what their language's decimal comma leaves free.
    content = (
        xlsx_of(titles, said_in)
        if kind == "xlsx"
        else csv_of(titles, said_in, separator="," if language() == "en" else ";")
    )
    response = StreamingHttpResponse(content, content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return cast("HttpResponse", response)  # both are answers; Django gives them no common name of that kind


def _in_language(rows: Iterable[Row], chosen: str) -> Iterator[Row]:
    """The rows as they read in the language of the request: they are made after it has been answered."""
    waiting = iter(rows)
    while True:
        with override(chosen):
            row = next(waiting, None)
        if row is None:
            return
        yield row
