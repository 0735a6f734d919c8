"""A medium is blocked, and used again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity import actions as activity
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.actions.numbering import new_number
from kliento.domain.cards.models import Medium
from kliento.domain.people.queries import lock_self
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Invalid, NotFound


def block_medium(person_id: UUID, medium_id: UUID, *, by: Actor, at: datetime) -> None:
    """Accept this medium no more, from the next scan on. A printed number is replaced by a new one at once.

    Blocking it again changes nothing. Raises NotFound for media of others, NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        medium = _own(person_id, medium_id)
        if medium.state == Medium.State.BLOCKED:
            return
        medium.state, medium.since_at = Medium.State.BLOCKED, at
        medium.save(update_fields=["state", "since_at"])
        if medium.kind == Medium.Kind.PRINTED:
            new_number(medium.card, owner_id=person_id, at=at).save(force_insert=True)
        _enter("medium_blocked", person_id, medium, at=at)


def use_again(person_id: UUID, medium_id: UUID, *, by: Actor, at: datetime) -> None:
    """Accept the phone again, once its holder is sure of it. Using what is not blocked changes nothing.

    Raises NotFound for media of others, Invalid for a printed number: whoever copied it still has it. NotAllowed unless
    `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        medium = _own(person_id, medium_id)
        if medium.kind != Medium.Kind.PHONE:
            raise Invalid(_("A number that was blocked stays blocked. Use the new one."), code="number_stays_blocked")
        if medium.state == Medium.State.ACTIVE:
            return
        medium.state, medium.since_at = Medium.State.ACTIVE, at
        medium.save(update_fields=["state", "since_at"])
        _enter("medium_used_again", person_id, medium, at=at)


def _own(person_id: UUID, medium_id: UUID) -> Medium:
    medium = Medium.objects.select_related("card").filter(id=medium_id, card__person=person_id).first()
    if medium is None:
        raise NotFound(code="unknown_medium")
    return medium


def _enter(kind: str, person_id: UUID, medium: Medium, *, at: datetime) -> None:
    payload = {"kind": medium.kind, "medium_id": str(medium.id)}
    activity.record([NewEntry(person_id, kind, at, purpose="service", basis="contract", payload=payload)])


def block_media(person_id: UUID, *, at: datetime) -> None:
    """No medium of this person is accepted from the next scan on. Inside the caller's transaction."""
    Medium.objects.filter(card__person=person_id).update(state=Medium.State.BLOCKED, since_at=at)
