"""The kinds of entry there are, and how one of them reads."""

from functools import cache

from django.utils.module_loading import autodiscover_modules

from kliento.domain.activity.rules import EntryView, Kind, Reading, declared_kinds
from kliento.kernel.errors import NotFound


def reading_of(entry: EntryView) -> Reading:
    """How the entry reads to its person, in the active language."""
    return kind_of(entry.kind).reads(entry)


def kind_of(code: str) -> Kind:
    """The kind with that code. Raises NotFound."""
    load_kinds()
    try:
        return declared_kinds()[code]
    except KeyError:
        raise NotFound(code="unknown_kind") from None


@cache
def load_kinds() -> None:
    """Import the `events` of every package once, so that each kind is known before the first entry."""
    autodiscover_modules("events")
