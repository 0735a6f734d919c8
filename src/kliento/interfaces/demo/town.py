"""The small town of the demo: its shops, and who lives there. Invented, every one of them."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from faker import Faker

PASSWORD = "kahvi ja pulla"  # noqa: S105 - of invented people, on a developer's machine, shown on the demo page
ADDRESSES = "example.fi"
OTHERS = 24
SEED = 20261122
ARRANGEMENT = (
    "Each is a controller of its own. Kliento records the visit and passes on what the person shares; the shop uses it "
    "to serve the person and for nothing else. Each answers for its own register; about the card, ask Kliento."
)


@dataclass(frozen=True)
class Shop:
    """A third party of the town. `asks` is what it would like to know of its members, one thing at a time."""

    name: str
    business_id: str
    premises: tuple[str, ...]
    opens_at: int
    closes_at: int
    asks: tuple[str, ...]


CAFE = Shop("Kahvila Kaisa", "9901001-3", ("Töölö", "Kamppi"), 8, 18, ("first_name", "preferences", "birth_date"))
GYM = Shop("Liikuntakeskus Nurmi", "9902002-7", ("Kallio",), 6, 22, ("first_name", "phone", "clothes_size"))
LIBRARY = Shop("Töölön kirjasto", "9903003-0", ("Topeliuksenkatu",), 9, 20, ("last_name", "email", "mother_tongue"))
SHOPS = (CAFE, GYM, LIBRARY)


@dataclass(frozen=True)
class Resident:
    """Somebody who registered: the sign-in address, what they stored, and which shops they go to."""

    address: str
    values: dict[str, str]
    shops: tuple[Shop, ...]
    shares: dict[str, tuple[str, ...]]  # by name of the shop
    stops_sharing: dict[str, tuple[str, ...]]
    is_minor: bool = False


AINO = Resident(
    address=f"aino@{ADDRESSES}",
    values={
        "first_name": "Aino",
        "last_name": "Virtanen",
        "phone": "040 123 4567",
        "birth_date": "1990-02-14",
        "clothes_size": "M",
        "preferences": "Kauramaito, ikkunapöytä",
    },
    shops=(CAFE, LIBRARY),
    shares={CAFE.name: ("first_name", "preferences"), LIBRARY.name: ("last_name",)},
    stops_sharing={LIBRARY.name: ("last_name",)},
)


def residents() -> Iterator[Resident]:
    """Aino first, then the same others at every start."""
    yield AINO
    faker, random = Faker("fi_FI"), Random(SEED)  # noqa: S311 - invented people, not secrets
    faker.seed_instance(SEED)
    taken = {AINO.address}
    while len(taken) <= OTHERS:
        resident = _resident(faker, random)
        if resident.address not in taken:
            taken.add(resident.address)
            yield resident


def _resident(faker: Faker, random: Random) -> Resident:
    first_name, last_name = faker.first_name(), faker.last_name()
    is_minor = random.random() < 0.08
    born = faker.date_of_birth(minimum_age=14 if is_minor else 19, maximum_age=17 if is_minor else 84)
    values = {
        "first_name": first_name,
        "last_name": last_name,
        "phone": f"040 {random.randint(200, 899)} {random.randint(1000, 9999)}",
        "birth_date": born.isoformat(),
        "street_address": faker.street_address(),
        "postcode": faker.postcode(),
        "city": faker.city(),
        "mother_tongue": random.choices(["fi", "sv", "en"], [88, 8, 4])[0],
        "clothes_size": random.choice(["S", "M", "L", "XL"]),
        "preferences": random.choice(["Kauramaito", "Ikkunapöytä", "Laktoositon maito", "Ei kiirettä"]),
    }
    kept = dict(sorted(values.items(), key=lambda _: random.random())[: random.randint(1, 6)]) | {
        "first_name": first_name
    }
    shops = tuple(shop for shop in SHOPS if random.random() < 0.6) or (random.choice(SHOPS),)
    shares = {
        shop.name: tuple(field for field in shop.asks[:2] if field in kept and random.random() < 0.7) for shop in shops
    }
    stops = {name: fields[:1] for name, fields in shares.items() if random.random() < 0.2}
    return Resident(f"{_ascii(first_name)}.{_ascii(last_name)}@{ADDRESSES}", kept, shops, shares, stops, is_minor)


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(character for character in plain if character.isalnum())
