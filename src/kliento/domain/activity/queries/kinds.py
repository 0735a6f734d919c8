"""The kinds of entry there are, and how one of them reads."""

from collections.abc import Iterator, Mapping
from functools import cache
from uuid import UUID

from django.utils.module_loading import autodiscover_modules

from kliento.domain.activity.rules import EntryView, Kind, Reading, declared_kinds
from kliento.domain.activity.rules.sought import Saying
from kliento.kernel.clock import EARLIEST
from kliento.kernel.errors import NotFound

_NOBODY = UUID(int=0)


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


def kinds_saying(word: str) -> tuple[Saying, ...]:
    """The kinds that read so in the active language, in small letters, each with what its payload must hold for that.

    Numbers, names and fields are not part of it. What a kind says of lists and numbers it may say of any.
    """
    load_kinds()
    return tuple(
        (code, tuple((key, value) for key, value in variant.items() if isinstance(value, str | bool)))
        for code, kind in declared_kinds().items()
        for variant in kind.variants
        if any(word in said.casefold() for said in _said_by(kind, variant))
    )


def _said_by(kind: Kind, variant: Mapping[str, object]) -> Iterator[str]:
    for fields in ((), ("",)):
        entry = EntryView(0, _NOBODY, None, None, kind.code, None, "", "", fields, EARLIEST, None, variant)
        reading = kind.reads(entry)
        yield f"{reading.title} {reading.line}"


@cache
def load_kinds() -> None:
    """Import the `events` of every package once, so that each kind is known before the first entry."""
    autodiscover_modules("events")
