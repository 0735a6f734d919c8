"""Pages by key: the next page starts after the last row shown, so rows that arrive meanwhile repeat or hide nothing.

rows = entries_of(subjects, before=cursor_in(request), limit=PAGE + 1)
page = page_of(rows, size=PAGE, key=lambda entry: entry.seq)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kliento.kernel.errors import Invalid

Row = TypeVar("Row")
_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows to show, and the key the next page starts before; None on the last page."""

    rows: Sequence[Row]
    next_before: int | None


def page_of(rows: Sequence[Row], *, size: int, key: Callable[[Row], int]) -> Page[Row]:
    """A page from up to `size + 1` rows, newest first: the row too many only tells that there are more."""
    shown = rows[:size]
    return Page(shown, key(shown[-1]) if len(rows) > size else None)


def cursor_in(request: HttpRequest) -> int | None:
    """The key in `?before=`; None on the first page. Raises Invalid for anything but a positive whole number."""
    text = request.GET.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) <= _LARGEST_KEY):
        raise Invalid(_("This page address is not complete. Start from the first page."), pointer="before")
    return int(text)


def row_in(request: HttpRequest) -> UUID | None:
    """The id in `?before=`, where rows are paged by time; None on the first page. Raises Invalid for anything else."""
    text = request.GET.get("before")
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("This page address is not complete. Start from the first page."), pointer="before") from None
