"""What ought to leave, written down without looking at how it is decided: the gate is compared with this."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

BIRTHDAYS = {
    "1990-02-14": {"over_18": "yes", "birthday_month": "02"},
    "2015-07-01": {"over_18": "no", "birthday_month": "07"},
}
TEXTS = {"first_name": ("Aino", "Aada"), "birth_date": tuple(BIRTHDAYS), "allergies": ("Pähkinä", "Maito")}
FIELDS = tuple(TEXTS)
FACTS = ("over_18", "birthday_month")
CODES = (*FIELDS, *FACTS)
CARD_CODES = ("first_name", "birth_date", *FACTS)  # what a programme may declare
POLL_CODES = ("first_name", "birthday_month")  # what Kliento's own poll may read


@dataclass
class Shop:
    """One third party, as the person and the register holder stand to it."""

    shared: dict[str, datetime | None] = field(default_factory=dict)
    on_card: set[str] = field(default_factory=set)
    paused: bool = False
    suspended: bool = False
    may_serve: bool = True
    last_visit: datetime | None = None

    def forget(self, *codes: str) -> None:
        """These are shared here no longer, in any way."""
        self.on_card -= set(codes)
        for code in codes:
            self.shared.pop(code, None)


@dataclass
class Model:
    """One person and two shops."""

    kept: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    restricted: bool = False
    objects: bool = False
    shops: dict[str, Shop] = field(default_factory=lambda: {"kaisa": Shop(), "kunto": Shop()})

    def remove(self, name: str) -> None:
        """The value goes, and all that was shared of it, or was worked out from it."""
        self.kept.pop(name, None)
        self.hidden.discard(name)
        for shop in self.shops.values():
            shop.forget(name, *(FACTS if name == "birth_date" else ()))

    def visible(self, codes) -> dict[str, str]:
        """What is kept of these and not hidden, as others would read it."""
        told = {}
        for code in codes:
            source = "birth_date" if code in FACTS else code
            if source in self.kept and source not in self.hidden:
                text = self.kept[source]
                told[code] = BIRTHDAYS[text][code] if code in FACTS else text
        return told

    def served(self, name: str, *, at: datetime, at_till: bool) -> dict[str, str]:
        """What the shop gets to serve the person: at a till, or on a page, in a list and in a file."""
        shop = self.shops[name]
        if self.restricted or shop.suspended or not shop.may_serve or shop.paused:
            return {}
        there = shop.last_visit is not None and at - shop.last_visit <= timedelta(minutes=30)
        shared = {code for code, until in shop.shared.items() if until is None or until > at}
        return self.visible(shared if at_till and there else shared - {"allergies"})

    def issued(self, name: str) -> dict[str, str]:
        """What the shop gets as the issuer of the loyalty card in use."""
        shop = self.shops[name]
        return {} if self.restricted or shop.suspended or shop.paused else self.visible(shop.on_card)

    def polled(self) -> dict[str, str]:
        """What Kliento's own program reads."""
        return {} if self.restricted or self.objects else self.visible(POLL_CODES)

    def delivered(self) -> str | None:
        """The name on a letter of that program to the person: hiding is from others."""
        return None if self.restricted or self.objects else self.kept.get("first_name")
