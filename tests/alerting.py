"""Alerts for tests: the clock's work done at once, and what stands in somebody's messages after it."""

from datetime import datetime
from itertools import islice

from stdnum.fi import ytunnus

from kliento.domain.alerts.actions import follow_activity
from kliento.domain.inbox.queries import MessageView, messages_of
from kliento.kernel.actor import PersonActor
from tests.sealed import seal
from tests.world import NOON, Place, place

KINDS = {"newly_known", "look_refused", "card_refused"}


def told(*, at: datetime = NOON) -> int:
    """Seal what was entered and follow the log, as the clock does; how many messages that made."""
    seal(at=at)
    return follow_activity(at=at)


def alerts_of(person: PersonActor) -> list[str]:
    """The kinds of the alerts among the person's messages, newest first."""
    return [message.kind for message in messages(person)]


def messages(person: PersonActor) -> list[MessageView]:
    """The alerts among the person's messages, newest first."""
    return [message for message in messages_of(person, limit=100) if message.kind in KINDS]


def many_places(count: int) -> list[Place]:
    """So many third parties with a till each."""
    made = (f"{number}-{digit}" for number in range(3000000, 3001000) for digit in range(10))
    numbers = islice(filter(ytunnus.is_valid, made), count)
    return [place(f"Kauppa {each}", each, "Kallio") for each in numbers]
