"""Unregistered cards for tests: made, shown at tills, claimed."""

from datetime import datetime
from uuid import UUID

from kliento.domain.cards.actions import make_blank_cards
from kliento.domain.claiming.actions import claim_card, give_claim_code
from kliento.domain.programmes.queries import loyalty_cards_of
from kliento.domain.visits.actions import ScanResult
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import PersonActor
from tests import taps
from tests.world import NOON, REGISTER_HOLDER, Place


def blank_card(*, at: datetime = NOON) -> str:
    """The number of a card that is nobody's."""
    return make_blank_cards(1, third_party_id=None, by=REGISTER_HOLDER, at=at).numbers[0]


def shown(number: str, place: Place, *, at: datetime = NOON) -> ScanResult:
    """The card is shown there and answered."""
    return taps.record([taps.scan(number, occurred_at=at)], place, at=at)[0]


def code_for(number: str, place: Place, *, at: datetime = NOON) -> str:
    """The claim code the till there gives while the holder stands there."""
    visit_id = shown(number, place, at=at).visit_id
    assert visit_id is not None
    return give_claim_code(visit_id, by=place.terminal, at=at).code


def claimed(number: str, place: Place, by: PersonActor, *, at: datetime = NOON, instead_of: UUID | None = None) -> UUID:
    """The person claims the card with a code of that place; the claim."""
    return claim_card(code_for(number, place, at=at), instead_of=instead_of, by=by, at=at)


def stamps_of(subject_id: UUID, *, at: datetime = NOON) -> list[int]:
    """The balances of a subject's loyalty cards."""
    return [card.stamps.balance for card in loyalty_cards_of(subject_id, at=at)]


def card_of(result: ScanResult) -> UUID:
    """Under which card that visit is kept."""
    subject_id = Visit.objects.get(id=result.visit_id).subject_id
    assert subject_id is not None
    return subject_id
