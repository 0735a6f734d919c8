"""Named people and places. Each function makes its own through the product's actions, in this test's databases."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.accounts.actions import accept_terms, answer_age_band, create_account, open_signup, verify_signup
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.gate.actions import Refused, disclose
from kliento.domain.gate.queries import ThirdPartyRecipient
from kliento.domain.people.actions import register_person
from kliento.domain.profile.actions import set_value
from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.sharing.actions import grant_field
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair, Relation
from kliento.kernel.actor import OperatorActor, PersonActor, SystemActor, TerminalActor
from kliento.kernel.ids import new_id

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REGISTER_HOLDER = SystemActor(task="tests")
PASSWORD = "kolme sanaa ja kukko"
TERMS = "1"


@dataclass(frozen=True)
class Place:
    """A third party with one premises and one terminal."""

    third_party_id: UUID
    premises_id: UUID
    terminal: TerminalActor
    secret: str


def aino(*, at: datetime = NOON) -> PersonActor:
    """Aino: an adult with an account and nothing else stored."""
    return person("aino@example.fi", at=at)


def eino(*, at: datetime = NOON) -> PersonActor:
    """Eino: another adult, for what one person must not learn of another."""
    return person("eino@example.fi", at=at)


def minna(*, at: datetime = NOON) -> PersonActor:
    """Minna: a minor."""
    return person("minna@example.fi", is_minor=True, at=at)


def kahvila_kaisa(*, at: datetime = NOON) -> Place:
    """A café: approved, one counter, one terminal."""
    return place("Kahvila Kaisa", "1234567-1", "Kallio", at=at)


def kuntosali_kunto(*, at: datetime = NOON) -> Place:
    """A gym: approved, one counter, one terminal."""
    return place("Kuntosali Kunto", "2345678-0", "Töölö", at=at)


_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # hex digits make a personal identity code now and then


def operator(at_place: Place, *, role: str = "owner") -> OperatorActor:
    """Somebody who works for the third party of that place."""
    account_id = person(f"{new_id().hex.translate(_LETTERS)}@example.fi").account_id
    appointed = recipients.appoint_operator(
        account_id, third_party_id=at_place.third_party_id, role=role, by=REGISTER_HOLDER, at=NOON
    )
    return OperatorActor(account_id, at_place.third_party_id, appointed.id, role)


def person(address: str, *, is_minor: bool = False, at: datetime = NOON) -> PersonActor:
    """Somebody who registered with this address and the password of this module."""
    signup = open_signup(address, at=at)
    verify_signup(signup.id, signup.code or "", at=at)
    answer_age_band(signup.id, is_minor=is_minor, at=at)
    accept_terms(signup.id, version=TERMS, at=at)
    with transaction.atomic():
        account = create_account(signup.id, Password(PASSWORD), language="en", at=at)
        registered = register_person(account.id, is_minor=account.is_minor, terms_version=TERMS, at=at)
    return PersonActor(person_id=registered.id, account_id=account.id)


def stores(who: PersonActor, *, at: datetime = NOON, **values: str) -> PersonActor:
    """The same person, having stored these details."""
    for field, text in values.items():
        set_value(who.person_id, field, text, by=who, at=at)
    return who


def shares(who: PersonActor, with_place: Place, *fields: str, until: datetime | None = None) -> PersonActor:
    """The same person, sharing these fields with the third party of that place."""
    for field in fields:
        grant_field(who.person_id, with_place.third_party_id, field, until=until, by=who, at=NOON)
    return who


def asked(at_place: Place, about: PersonActor, *fields: str, purpose: str = "serving", at: datetime = NOON) -> dict:
    """What the third party of that place gets when it asks for these fields now."""
    to = ThirdPartyRecipient(at_place.third_party_id)
    try:
        return dict(disclose(about.person_id, to=to, purpose=purpose, fields=fields, at=at).values)
    except Refused:
        return {}


def relation_of(who: PersonActor, with_place: Place) -> Relation:
    """Their relationship, which is there after a visit or a choice."""
    pair = Pair(who.person_id, with_place.third_party_id)
    return relations([pair])[pair]


def place(name: str, business_id: str, premises_name: str, *, at: datetime = NOON) -> Place:
    """An approved third party with one paired terminal."""
    third_party = recipients.add_third_party(
        name=name, business_id=business_id, country="FI", by=REGISTER_HOLDER, at=at
    )
    recipients.approve_third_party(
        third_party.id,
        arrangement="Each is a controller of its own; Kliento answers requests about the card.",
        signed_on=date(2026, 1, 7),
        by=REGISTER_HOLDER,
        at=at,
    )
    premises = recipients.add_premises(third_party.id, premises_name, by=REGISTER_HOLDER, at=at)
    with transaction.atomic():  # a code of days ago has run out: whoever serves these databases already would purge it
        code = recipients.make_pairing_code(premises.id, by=REGISTER_HOLDER, at=at)
        _, secret = recipients.pair_terminal(code, name="Counter 1", at=at)
    return Place(third_party.id, premises.id, terminal_actor(secret), secret)
