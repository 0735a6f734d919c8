"""What a history of choices adds up to. No Django."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID


class Choice(NamedTuple):
    """What can be agreed to: a purpose, and where it asks for them a channel, a field and a recipient."""

    purpose: str
    channel: str = ""
    field: str = ""
    recipient_id: UUID | None = None


_SETTLES = {"given": True, "withdrawn": False, "refused": False}
_OBJECTS = {"objected": True, "objection_ended": False}


def standing_choices(history: Iterable[tuple[Choice, str]]) -> frozenset[Choice]:
    """The choices that stand as given, from events in the order they happened. The last word on each one counts."""
    return _last_words(history, _SETTLES)


def standing_objections(history: Iterable[tuple[Choice, str]]) -> frozenset[Choice]:
    """The choices that stand as objected to, from events in the order they happened."""
    return _last_words(history, _OBJECTS)


def _last_words(history: Iterable[tuple[Choice, str]], meaning: dict[str, bool]) -> frozenset[Choice]:
    stands: dict[Choice, bool] = {}
    for choice, kind in history:
        if kind in meaning:
            stands[choice] = meaning[kind]
    return frozenset(choice for choice, given in stands.items() if given)
