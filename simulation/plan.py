"""What happens on a simulated day, from a seed alone: the same seed is the same plan. Pure.

Shows of cards, spells without a network, tills that are killed while they take one, and how wrong each clock is.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Kind(StrEnum):
    """What is shown, and how often of a hundred times."""

    PHONE = "phone"
    BLANK = "blank"
    TWICE = "twice"
    REPEATED = "repeated"
    COPIED = "copied"
    EXPIRED = "expired"
    FOREIGN = "foreign"
    BLOCKED = "blocked"


_OF_A_HUNDRED = {
    Kind.PHONE: 78,  # somebody's phone with the code of this moment
    Kind.BLANK: 6,  # a card without an account
    Kind.TWICE: 4,  # a phone, and the same code once more a moment later
    Kind.REPEATED: 4,  # a phone, and the till's program sends the same scan once more
    Kind.COPIED: 2,  # a phone, and its code at another till within seconds
    Kind.EXPIRED: 2,  # a picture of a code, minutes old
    Kind.FOREIGN: 2,  # another shop's card
    Kind.BLOCKED: 2,  # a phone that was reported lost
}
_CALM = 0.1  # of the day at its beginning and end: every line is up
_OFFLINE_SHARE = 0.25  # of a till's time
_DEAF_SHARE = 0.3  # of spells: requests arrive, answers do not
_KILLED_SHARE = 0.03  # of shows
_LONGEST_KILL_DELAY_SECONDS = 0.03
_FARTHEST_CLOCK_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Show:
    """A card at a till. `kill_after`: the till's program is killed so many seconds later; None: it is not."""

    at: float
    number: int
    till: int
    card: int
    kind: Kind
    same_as: int | None = None
    """Another show whose code this is."""
    again: bool = False
    """The same scan, sent twice by the till's program."""
    kill_after: float | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A till's line is cut, or (deaf) swallows the answers."""

    till: int
    start: float
    end: float
    deaf: bool


@dataclass(frozen=True)
class Plan:
    """Shows by time, spells by start, and for each till how many seconds its clock is ahead."""

    seconds: float
    shows: tuple[Show, ...]
    spells: tuple[Spell, ...]
    clocks: tuple[float, ...]


def make_plan(*, tills: int, cards: int, seconds: float, rate: float, seed: int) -> Plan:
    """`rate`: shows a second, of all tills together."""
    random = Random(seed)  # noqa: S311 - the same plan again is the point
    return Plan(
        seconds,
        tuple(sorted(_shows(random, tills, cards, seconds, rate), key=lambda show: (show.at, show.number))),
        tuple(sorted(_spells(random, tills, seconds), key=lambda spell: (spell.start, spell.till))),
        tuple(random.uniform(-_FARTHEST_CLOCK_SECONDS, _FARTHEST_CLOCK_SECONDS) for _ in range(tills)),
    )


def _shows(random: Random, tills: int, cards: int, seconds: float, rate: float) -> Iterator[Show]:
    numbers = itertools.count()
    deck = _shuffled_for_ever(random, cards)
    kinds, weights = list(_OF_A_HUNDRED), list(_OF_A_HUNDRED.values())
    for _ in range(round(seconds * rate)):
        at, till, card = random.uniform(0, seconds), random.randrange(tills), next(deck)
        [kind] = random.choices(kinds, weights)
        kill = random.uniform(0, _LONGEST_KILL_DELAY_SECONDS) if random.random() < _KILLED_SHARE else None
        first = Show(at, next(numbers), till, card, kind, again=kind is Kind.REPEATED, kill_after=kill)
        yield first
        if kind is Kind.TWICE:
            yield Show(at + random.uniform(0.2, 3), next(numbers), till, card, kind, same_as=first.number)
        if kind is Kind.COPIED and tills > 1:
            other = (till + random.randrange(1, tills)) % tills
            yield Show(at + random.uniform(0.2, 5), next(numbers), other, card, kind, same_as=first.number)


def _shuffled_for_ever(random: Random, cards: int) -> Iterator[int]:
    """Everybody comes once before anybody comes again."""
    deck = list(range(cards))
    while True:
        random.shuffle(deck)
        yield from deck


def _spells(random: Random, tills: int, seconds: float) -> Iterator[Spell]:
    start, end = _CALM * seconds, (1 - _CALM) * seconds
    for till in range(tills):
        wanted = _OFFLINE_SHARE * seconds
        number = random.randint(1, 3)
        borders = sorted(random.uniform(start, end - wanted) for _ in range(number))
        for place, border in enumerate(borders):
            begin = border + place * wanted / number
            yield Spell(till, begin, begin + wanted / number, deaf=random.random() < _DEAF_SHARE)
