"""Chips that people carry, for tests: added to their cards and shown at tills."""

from datetime import datetime
from uuid import UUID

from kliento.domain.cards.actions import add_medium
from kliento.domain.visits.actions import ScanResult
from kliento.kernel.actor import PersonActor
from tests import taps
from tests.world import NOON, Place

STICKER = "04:B1:3B:5C:6D:7E:80"
TRAVEL_CARD = "04 11 22 33 44 55 66"


def sticker(person: PersonActor, uid: str = STICKER, *, name: str = "", at: datetime = NOON) -> UUID:
    """The person adds an NFC sticker; the medium's id."""
    return add_medium(person.person_id, "nfc", uid, name=name, by=person, at=at)


def travel_card(person: PersonActor, uid: str = TRAVEL_CARD, *, at: datetime = NOON) -> UUID:
    """The person adds their travel card."""
    return add_medium(person.person_id, "travel", uid, by=person, at=at)


def held(code: str, place: Place, *, at: datetime = NOON) -> ScanResult:
    """Whatever it is, it is held to the reader there and answered."""
    return taps.record([taps.scan(code, occurred_at=at)], place, at=at)[0]
