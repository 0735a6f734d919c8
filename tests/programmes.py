"""Stamp cards for tests: who runs a programme, whose card is in use, how they collect."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kliento.domain.programmes.actions import open_programme, take_into_use
from kliento.domain.programmes.queries import ProgrammeView, ledger_of, loyalty_cards_of
from kliento.domain.recipients.actions import appoint_operator
from kliento.domain.recipients.queries import operator_of
from kliento.domain.visits.actions import ScanResult
from kliento.kernel.actor import OperatorActor, PersonActor
from tests import taps, world
from tests.world import NOON, REGISTER_HOLDER, Place


def owner_of(place: Place, address: str = "kaisa@example.fi") -> OperatorActor:
    """The owner of the place's third party, with an account of their own."""
    account_id = world.person(address).account_id
    appoint_operator(account_id, third_party_id=place.third_party_id, role="owner", by=REGISTER_HOLDER, at=NOON)
    return operator_of(account_id, place.third_party_id)


def coffee_card(
    by: OperatorActor,
    *,
    needed: int = 3,
    fields: Sequence[str] = (),
    a_day: int = 20,
    days: int | None = None,
    at: datetime = NOON,
) -> ProgrammeView:
    """A coffee for so many visits."""
    return open_programme(
        name="Coffee card",
        reward="A coffee",
        stamps_needed=needed,
        fields=fields,
        reason="We greet you by name." if fields else "",
        most_a_day=a_day,
        stamps_last_days=days,
        by=by,
        at=at,
    )


def takes(person: PersonActor, programme: ProgrammeView, *, at: datetime = NOON) -> PersonActor:
    """The same person, with that card in use."""
    take_into_use(person.person_id, programme.id, version=programme.version, by=person, at=at)
    return person


def offered(place: Place, **terms: object) -> ProgrammeView:
    """A coffee card of this place, run by its owner."""
    return coffee_card(owner_of(place), **terms)  # type: ignore[arg-type]


def collects(person: PersonActor, place: Place, visits: int, *, since: datetime = NOON) -> list[ScanResult]:
    """So many visits, half an hour apart."""
    return [taps.tap(person, place, at=since + timedelta(minutes=30 * number)) for number in range(visits)]


def movements(person: PersonActor) -> list[tuple[str, int, int]]:
    """The ledger of the person's one card, oldest first: kind, amount, balance after it."""
    [card] = loyalty_cards_of(person.person_id, at=NOON)
    rows = ledger_of(card.membership_id, subject_id=person.person_id, limit=1000)
    return [(row.kind, row.amount, row.balance) for row in reversed(rows)]
