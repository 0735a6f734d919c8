"""Opening the shops of the demo's town: approved, with their premises and tills."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.queries import terminal_actor
from kliento.interfaces.demo.town import ARRANGEMENT, Shop
from kliento.kernel.actor import SystemActor, TerminalActor

HOLDER = SystemActor(task="demo")


@dataclass(frozen=True)
class OpenShop:
    """A shop with its tills, one at each of its premises."""

    third_party_id: UUID
    tills: tuple[TerminalActor, ...]


def open_shop(shop: Shop, *, at: datetime) -> OpenShop:
    """Approve it and pair one till at each of its premises."""
    third_party = recipients.add_third_party(
        name=shop.name, business_id=shop.business_id, country="FI", by=HOLDER, at=at
    )
    recipients.approve_third_party(third_party.id, arrangement=ARRANGEMENT, signed_on=at.date(), by=HOLDER, at=at)
    tills = tuple(_paired_till(third_party.id, name, at=at) for name in shop.premises)
    return OpenShop(third_party.id, tills)


def _paired_till(third_party_id: UUID, premises_name: str, *, at: datetime) -> TerminalActor:
    premises = recipients.add_premises(third_party_id, premises_name, by=HOLDER, at=at)
    code = recipients.make_pairing_code(premises.id, by=HOLDER, at=at)
    _terminal, secret = recipients.pair_terminal(code, name="Till 1", at=at)
    return terminal_actor(secret)
