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
    """Accept this medium no more, from the next scan on. The person's own number is replaced by a new one at once.

    Blocking it again changes nothing. Raises NotFound for media of others, NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        medium = _own(person_id, medium_id)
        if medium.state != Medium.State.ACTIVE:
            return
        medium.state, medium.since_at = Medium.State.BLOCKED, at
        medium.save(update_fields=["state", "since_at"])
        if medium.is_own_number:
            new_number(medium.card, owner_id=person_id, at=at).save(force_insert=True)
        _enter("medium_blocked", person_id, medium, at=at)


def block_every_medium(person_id: UUID, *, by: Actor, at: datetime) -> None:
    """The card is lost: nothing that carries it is accepted any more, from the next scan on.

    Blocking it again changes nothing. Raises NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        active = Medium.objects.filter(card__person=person_id, state=Medium.State.ACTIVE).order_by("id")
        for medium_id in list(active.values_list("id", flat=True)):
            block_medium(person_id, medium_id, by=by, at=at)


def use_again(person_id: UUID, medium_id: UUID, *, by: Actor, at: datetime) -> None:
    """Accept a medium again that was found. Using what is not blocked changes nothing.

    Raises NotFound for media of others, Invalid for the person's own number, which a new one has replaced, and for what
    another card took the place of. NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        medium = _own(person_id, medium_id)
        if medium.is_own_number or medium.state == Medium.State.REPLACED:
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
    payload = {"kind": medium.kind, "own": medium.is_own_number, "medium_id": str(medium.id)}
    activity.record([NewEntry(person_id, kind, at, purpose="service", basis="contract", payload=payload)])


def block_media(person_id: UUID, *, at: datetime) -> None:
    """No medium of this person is accepted from the next scan on. Inside the caller's transaction."""
    Medium.objects.filter(card__person=person_id).update(state=Medium.State.BLOCKED, since_at=at)
