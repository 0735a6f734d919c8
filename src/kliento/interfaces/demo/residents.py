"""Who lives in the demo's town: what they stored, where they go and what they share. Invented, every one of them."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from kliento.interfaces.demo.town import ADDRESSES, CAFE, GYM, LIBRARY, SHOPS, Shop

if TYPE_CHECKING:
    from faker import Faker

OTHERS = 199
WITH_PASSWORD = 5
SEED = 20261122
_SHARED_BY_MANY = ("first_name", "last_name", "phone", "preferences", "clothes_size", "email")


@dataclass(frozen=True)
class Resident:
    """Somebody who registered: the sign-in address, what they stored, and which shops they go to.

    `shares` and `stops_sharing` are by name of the shop; `collects_at` names the shops whose loyalty card they use.
    Who has no password signs in with a passkey, which nobody else has: you can be those who have one.
    """

    address: str
    values: dict[str, str]
    shops: tuple[Shop, ...]
    shares: dict[str, tuple[str, ...]]
    stops_sharing: dict[str, tuple[str, ...]]
    collects_at: tuple[str, ...] = ()
    is_minor: bool = False
    has_password: bool = False


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
    shops=(CAFE, GYM, LIBRARY),
    shares={CAFE.name: ("first_name", "preferences"), LIBRARY.name: ("last_name",)},
    stops_sharing={LIBRARY.name: ("last_name",)},
    collects_at=(CAFE.name,),
    has_password=True,
)


def residents(others: int = OTHERS) -> Iterator[Resident]:
    """Aino first, then the same others at every start."""
    yield AINO
    from faker import Faker  # not above: only the demo invents people, and it takes a tenth of every start

    faker, random = Faker("fi_FI"), Random(SEED)  # noqa: S311 - invented people, not secrets
    faker.seed_instance(SEED)
    taken = {AINO.address}
    while len(taken) <= others:
        resident = _resident(faker, random)
        if resident.address not in taken:
            taken.add(resident.address)
            yield replace(resident, has_password=len(taken) <= WITH_PASSWORD)


def _resident(faker: "Faker", random: Random) -> Resident:
    first_name, last_name = faker.first_name(), faker.last_name()
    is_minor = random.random() < 0.06
    kept = _kept(faker, random, first_name, last_name, is_minor=is_minor)
    shops = tuple(shop for shop in SHOPS if random.random() < shop.visited_by) or (random.choice(SHOPS),)
    shares = {
        shop.name: tuple(field for field in _SHARED_BY_MANY if field in kept and random.random() < 0.4)[:3]
        for shop in shops
    }
    return Resident(
        address=f"{_ascii(first_name)}.{_ascii(last_name)}@{ADDRESSES}",
        values=kept,
        shops=shops,
        shares=shares,
        stops_sharing={name: fields[:1] for name, fields in shares.items() if random.random() < 0.15},
        collects_at=tuple(shop.name for shop in shops if shop.loyalty_card and random.random() < 0.6),
        is_minor=is_minor,
    )


def _kept(faker: "Faker", random: Random, first_name: str, last_name: str, *, is_minor: bool) -> dict[str, str]:
    """Some of what a person can store; everybody here at least a first name."""
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
    kept = dict(sorted(values.items(), key=lambda _: random.random())[: random.randint(1, 6)])
    return {"first_name": first_name} | kept


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(character for character in plain if character.isalnum())
