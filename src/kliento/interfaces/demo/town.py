"""The small town of the demo: its shops, what each would like to know, and its loyalty card. Invented, all of it.

A company writes its texts in one language (docs/decisions/0021); the whole town writes in the one it was built in.
"""

from dataclasses import dataclass

from kliento.domain.policy.rules import Text

PASSWORD = "kahvi ja pulla"  # noqa: S105 - of invented people, on a developer's machine, shown on the demo page
ADDRESSES = "example.fi"
TILL = Text(fi="Kassa 1", sv="Kassa 1", en="Till 1")
ARRANGEMENT = Text(
    fi="Kumpikin on itsenäinen rekisterinpitäjä. Kliento kirjaa käynnin ja välittää sen, minkä henkilö jakaa; liike "
    "käyttää sitä henkilön palvelemiseen eikä mihinkään muuhun. Kumpikin vastaa omasta rekisteristään; korttia "
    "koskevissa asioissa auttaa Kliento.",
    sv="Vardera är självständigt personuppgiftsansvarig. Kliento antecknar besöket och förmedlar det som personen "
    "delar; affären använder det för att betjäna personen och till ingenting annat. Vardera svarar för sitt eget "
    "register; i frågor om kortet hjälper Kliento.",
    en="Each is a controller of its own. Kliento records the visit and passes on what the person shares; the shop "
    "uses it to serve the person and for nothing else. Each answers for its own register; about the card, ask Kliento.",
)


@dataclass(frozen=True)
class Wish:
    """What a shop asks people for, once, in its own words."""

    reason: Text
    needed: tuple[str, ...]
    optional: tuple[str, ...]


@dataclass(frozen=True)
class LoyaltyCard:
    """A shop's programme: a stamp for a visit, a reward at `stamps_needed`; `fields` go to the shop, for `reason`."""

    name: str
    reward: Text
    stamps_needed: int
    fields: tuple[str, ...]
    reason: Text


@dataclass(frozen=True)
class Shop:
    """A third party of the town. `asks` is what its own program asks for, one thing at a time."""

    name: str
    business_id: str
    premises: tuple[str, ...]
    opens_at: int
    closes_at: int
    asks: tuple[str, ...]
    owner: str
    visited_by: float
    visits_a_week: float
    wish: Wish | None = None
    loyalty_card: LoyaltyCard | None = None
    reveals: str = ""
    pin: str = ""  # of the owner, where the tills ask for one


CAFE = Shop(
    name="Kahvila Kaisa",
    business_id="9901001-3",
    premises=("Töölö", "Kamppi"),
    opens_at=8,
    closes_at=18,
    asks=("first_name", "preferences", "birth_date"),
    owner=f"kaisa@{ADDRESSES}",
    visited_by=0.8,
    visits_a_week=1.6,
    wish=Wish(
        Text(
            fi="jotta osaamme tervehtiä ja muistamme tilauksesi",
            sv="för att kunna hälsa på dig och minnas din beställning",
            en="to greet you and to remember your order",
        ),
        ("first_name",),
        ("preferences", "birthday_month"),
    ),
    loyalty_card=LoyaltyCard(
        "Kaisan kahvikortti",
        Text(fi="Ilmainen kahvi", sv="Gratis kaffe", en="Free coffee"),
        10,
        ("first_name",),
        Text(
            fi="jotta voimme kirjoittaa nimesi kuppiin",
            sv="för att skriva ditt namn på muggen",
            en="to write your name on the cup",
        ),
    ),
)
GYM = Shop(
    pin="4071",
    name="Liikuntakeskus Nurmi",
    business_id="9902002-7",
    premises=("Kallio", "Pasila"),
    opens_at=6,
    closes_at=22,
    asks=("first_name", "phone", "clothes_size"),
    owner=f"nurmi@{ADDRESSES}",
    visited_by=0.45,
    visits_a_week=1.4,
    wish=Wish(
        Text(
            fi="tuntien varaamiseen ja jäsenyyden tarkistamiseen",
            sv="för att boka pass och kontrollera medlemskap",
            en="to book classes and check membership",
        ),
        ("first_name",),
        ("phone", "over_18"),
    ),
    loyalty_card=LoyaltyCard(
        "Nurmen treenikortti",
        Text(fi="Kaveri mukaan yhdelle käynnille", sv="En vän med på ett besök", en="A guest for one visit"),
        12,
        ("first_name", "phone"),
        Text(
            fi="jotta voimme kertoa, kun tunti siirtyy",
            sv="för att meddela när ett pass flyttas",
            en="to tell you when a class moves",
        ),
    ),
)
LIBRARY = Shop(
    name="Töölön kirjasto",
    business_id="9903003-0",
    premises=("Topeliuksenkatu",),
    opens_at=9,
    closes_at=20,
    asks=("last_name", "email", "mother_tongue"),
    owner=f"kirjasto@{ADDRESSES}",
    visited_by=0.5,
    visits_a_week=0.6,
    wish=Wish(
        Text(
            fi="kirjojen lainaamiseen nimelläsi",
            sv="för att låna ut böcker i ditt namn",
            en="to lend books in your name",
        ),
        ("first_name", "last_name"),
        ("phone",),
    ),
)
DENTIST = Shop(
    name="Hammaslääkäriasema Helmi",
    business_id="9904004-4",
    premises=("Munkkiniemi",),
    opens_at=8,
    closes_at=16,
    asks=("first_name", "phone"),
    owner=f"helmi@{ADDRESSES}",
    visited_by=0.12,
    visits_a_week=0.08,
    reveals="health",
)
SHOPS = (CAFE, GYM, LIBRARY, DENTIST)
