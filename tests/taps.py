"""Showing cards at tills, for tests; people and places come from `tests/world.py`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from kliento.domain.cards import rules as card_rules
from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.people.actions import restrict_use
from kliento.domain.profile.actions import set_value
from kliento.domain.sharing.actions import grant_field
from kliento.domain.visits.actions import NewScan, ScanResult, Upload, record_scans
from kliento.kernel.actor import PersonActor, TerminalActor
from kliento.kernel.ids import id_at
from tests import world
from tests.world import NOON, Place


def aino(*, at: datetime = NOON) -> PersonActor:
    """Aino with her card, her first name and a phone number; she shares neither."""
    person = cardholder(at=at)
    set_value(person.person_id, "phone", "040 123 4567", by=person, at=at)
    return person


def cardholder(address: str = "aino@example.fi", first_name: str = "Aino", *, at: datetime = NOON) -> PersonActor:
    """Somebody with a card and a first name."""
    person = world.person(address, at=at)
    issue_card(person.person_id, at=at)
    set_value(person.person_id, "first_name", first_name, by=person, at=at)
    return person


def restricted(person: PersonActor) -> PersonActor:
    """The same person, the use of whose data is restricted (GDPR Art. 18)."""
    restrict_use(person.person_id, by=person, at=NOON)
    return person


def share(person: PersonActor, with_: Place, *fields: str, at: datetime = NOON) -> None:
    """The person switches these fields on for the place's third party."""
    for field in fields:
        grant_field(person.person_id, with_.third_party_id, field, by=person, at=at)


def code_of(person: PersonActor, *, at: datetime = NOON) -> str:
    """What the person's phone shows at that moment."""
    return codes_for(person, from_slot=card_rules.slot_at(at))[0]


def scan(code: str, *, occurred_at: datetime = NOON, scan_id: UUID | None = None) -> NewScan:
    """A scan with an id of its own."""
    return NewScan(scan_id or id_at(occurred_at), code, occurred_at)


def tap(person: PersonActor, place: Place, *, at: datetime = NOON) -> ScanResult:
    """The person shows the phone there and is answered."""
    return record([scan(code_of(person, at=at), occurred_at=at)], place, at=at)[0]


def record(scans: Sequence[NewScan], place: Place, *, at: datetime = NOON) -> list[ScanResult]:
    """The terminal there sends these scans."""
    return hand_in(scans, by=place.terminal, at=at)


def hand_in(scans: Sequence[NewScan], *, by: TerminalActor, at: datetime = NOON) -> list[ScanResult]:
    """This terminal sends these scans. Raises what they are refused for as a whole."""
    [result] = record_scans([Upload(by, scans)], at=at)
    if result.refusal is not None:
        raise result.refusal
    return list(result.scans)


def later(**passed: float) -> datetime:
    """So long after noon: `later(minutes=3)`."""
    return NOON + timedelta(**passed)
