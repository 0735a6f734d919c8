"""A person's one card, with its phone and its number, and the codes the phone shows."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.activity import actions as activity
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards import rules
from kliento.domain.cards.actions.numbering import new_number
from kliento.domain.cards.models import Card, Medium
from kliento.domain.cards.queries import code_keys
from kliento.domain.people.queries import lock_people
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Invalid, NotFound


def issue_card(person_id: UUID, *, at: datetime) -> Card:
    """The person's one card, with its phone and its number; asking again returns the same card.

    Raises NotFound when there is no such person.
    """
    with transaction.atomic():
        if person_id not in lock_people([person_id]):
            raise NotFound(code="person_unknown")
        known = Card.objects.filter(person=person_id).first()
        if known is not None:
            return known
        card = Card.objects.create(person_id=person_id, ordinal=secrets.randbits(63), issued_at=at)
        phone = Medium(card=card, kind=Medium.Kind.PHONE, level=Medium.Level.ROTATING, since_at=at, added_at=at)
        Medium.objects.bulk_create([phone, new_number(card, owner_id=person_id, at=at)])
        activity.record(
            [NewEntry(subject_id=person_id, kind="card_issued", at=at, purpose="service", basis="contract")]
        )
    return card


def codes_for(by: PersonActor, *, from_slot: int, count: int = 1) -> list[str]:
    """The holder's rotating codes of `count` slots in a row (at most 240), the same ones at every call.

    Raises NotFound without a card whose phone is active, Invalid for another count.
    """
    if not 1 <= count <= rules.PREFETCHED_SLOTS:
        raise Invalid(code="too_many_codes", pointer="count")
    ordinal = (
        Card.objects.filter(person=by.person_id, media__level=Medium.Level.ROTATING, media__state=Medium.State.ACTIVE)
        .values_list("ordinal", flat=True)
        .first()
    )
    if ordinal is None:
        raise NotFound(code="no_card")
    keys = code_keys()
    return [rules.rotating_code(ordinal, slot, keys=keys) for slot in range(from_slot, from_slot + count)]
