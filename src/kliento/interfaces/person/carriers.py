"""What carries the card, in words: how easily each is copied, what shops can learn from it, when it was last used."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kliento.domain.cards.queries import MediumView
from kliento.interfaces.person.reading import OWN_NUMBER, name_of_medium


@dataclass(frozen=True, slots=True)
class Carrier:
    """A medium as its page tells of it. `title`: what its holder calls it, or what it is."""

    medium: MediumView
    title: str
    kind: str
    copied: str
    recognised: str
    last_at: datetime | None


def carrier(medium: MediumView, *, last_at: datetime | None) -> Carrier:
    """The medium in words."""
    kind = name_of_medium(OWN_NUMBER if medium.is_own_number else medium.kind)
    return Carrier(
        medium=medium,
        title=medium.name or kind,
        kind=kind,
        copied=_copied(medium.level),
        recognised=_recognised(medium.level),
        last_at=last_at,
    )


def _copied(level: str) -> str:
    return {
        "uid": _("Very easy: any reader that comes near learns its number. Some shops ask for more."),
        "static": _("Easy: a photo of it is enough. Some shops ask for more."),
        "rotating": _("Hard: each code is good for a minute, and once."),
    }.get(level, "")


def _recognised(level: str) -> str:
    """What two shops could find out together: the label that each medium carries."""
    if level == "rotating":
        return _("Changes every 30 seconds; two shops cannot compare it")
    return _("Every shop that reads it sees the same number")
