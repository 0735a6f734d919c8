"""What a message is, and what every kind of message must say about itself. Pure."""

from collections.abc import Mapping
from typing import ClassVar

MESSAGES = "messages"
"""The purpose, the field and the retention under which messages are kept."""


class MessageKind:
    """One kind of message. Subclass it in the `events.py` of the package that posts it; that alone registers it.

    `code` is what the message stores. `template` names its words: TEMPLATE.subject.txt and TEMPLATE.html, the same as
    those of the letter of that kind where there is one, so that both say the same.
    """

    code: ClassVar[str]
    template: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for said in ("code", "template"):
            if not isinstance(vars(cls).get(said), str):
                raise TypeError(f"{cls.__name__} does not say its {said}.")
        known = _kinds.get(cls.code)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.__name__} and {known.__name__} share the code {cls.code}.")
        _kinds[cls.code] = cls


_kinds: dict[str, type[MessageKind]] = {}


def message_kinds() -> Mapping[str, type[MessageKind]]:
    """Every kind defined so far, by code."""
    return _kinds
