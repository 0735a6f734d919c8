"""A stamp card on paper: what a person with a pencil would say. Knows nothing of entries, locks or statements."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

HELSINKI = timedelta(hours=2)  # in winter, and these tests stay in winter


@dataclass
class Stamp:
    """One stamp on the card: of which visit, good until when, and whether it is still there."""

    visit: object
    until: datetime | None
    number: int
    there: bool = True
    taken_back: bool = False

    def good(self, at: datetime) -> bool:
        return self.there and (self.until is None or self.until > at)


@dataclass
class Card:
    """A card with its stamps and what its programme says."""

    needed: int
    a_day: int
    days: int | None
    in_use: bool = True
    stamps: list[Stamp] = field(default_factory=list)
    spent: dict[object, tuple[datetime, list[Stamp]]] = field(default_factory=dict)
    days_of_visits: list[date] = field(default_factory=list)

    @property
    def balance(self) -> int:
        return sum(stamp.there for stamp in self.stamps)

    def shown(self, at: datetime) -> int:
        return sum(stamp.good(at) for stamp in self.stamps)

    def left(self) -> list[datetime | None]:
        return sorted((stamp.until for stamp in self.stamps if stamp.there), key=str)

    def visit(self, visit: object, at: datetime) -> None:
        day = (at + HELSINKI).date()
        if self.in_use and self.days_of_visits.count(day) < self.a_day:
            self.days_of_visits.append(day)
            until = None if self.days is None else at + timedelta(days=self.days)
            self.stamps.append(Stamp(visit, until, len(self.stamps)))

    def clear_out(self, at: datetime) -> None:
        for stamp in self.stamps:
            stamp.there = stamp.good(at)

    def redeem(self, name: object, at: datetime) -> bool:
        good = [stamp for stamp in self.stamps if stamp.good(at)]
        good.sort(key=lambda stamp: (stamp.until is None, stamp.until or at, stamp.number))
        if self.in_use:
            self.clear_out(at)
        if not self.in_use or len(good) < self.needed:
            return False
        self.spent[name] = (at, good[: self.needed])
        for stamp in good[: self.needed]:
            stamp.there = False
        return True

    def undo(self, name: object, at: datetime) -> bool:
        spent_at, stamps = self.spent[name]
        if at > spent_at + timedelta(minutes=10):
            return False
        for stamp in stamps:
            stamp.there = not stamp.taken_back
        del self.spent[name]
        return True

    def take_back(self, visit: object) -> None:
        for stamp in self.stamps:
            if stamp.visit == visit:
                stamp.there, stamp.taken_back = False, True
