"""What becomes of a medium its holder has: named, blocked, used again, its number replaced."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity import actions as activity
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards import rules
from kliento.domain.cards.actions.numbering import new_number
from kliento.domain.cards.models import Medium
from kliento.domain.cards.queries import given_up
from kliento.domain.people.queries import lock_self
from kliento.domain.policy.rules import contains_identity_code
from kliento.domain.vault import actions as vault
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Invalid, NotFound


def block_medium(person_id: UUID, medium_id: UUID, *, by: Actor, at: datetime) -> None:
    """Accept this medium no more, from the next scan on. The person's own number, and the last
    one, is replaced by a new one at once.

    What a claimed card took the place of can be blocked too: then it stays so, even if that claim is undone. Blocking
    it again changes nothing. Raises NotFound for media of others, NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        medium = own_medium(person_id, medium_id)
        was_active = medium.state == Medium.State.ACTIVE
        if not was_active and not given_up(person_id).filter(id=medium_id, state=Medium.State.REPLACED).exists():
            return
        medium.state, medium.since_at = Medium.State.BLOCKED, at
        medium.save(update_fields=["state", "since_at"])
        if was_active and _needs_a_number(medium):
            new_number(medium.card, owner_id=person_id, at=at).save(force_insert=True)
        enter("medium_blocked", person_id, medium, at=at)


def block_every_medium(person_id: UUID, *, by: Actor, at: datetime) -> None:
    """The card is lost: nothing that carries it is accepted any more, from the next scan on, nor what a claimed card
    took the place of, should that claim be undone.

    Blocking it again changes nothing. Raises NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        active = Medium.objects.filter(card__person=person_id, state=Medium.State.ACTIVE)
        lost = active | given_up(person_id).filter(state=Medium.State.REPLACED)
        for medium_id in list(lost.order_by("id").values_list("id", flat=True)):
            block_medium(person_id, medium_id, by=by, at=at)


def use_again(person_id: UUID, medium_id: UUID, *, by: Actor, at: datetime) -> None:
    """Accept a medium again that was found. Using what is not blocked changes nothing.

    Raises NotFound for media of others, Invalid for the person's own number, which a new one has replaced, and for what
    another card took the place of. NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        medium = own_medium(person_id, medium_id)
        given_up_for_another = given_up(person_id).filter(id=medium_id).exists()
        if medium.is_own_number or medium.state == Medium.State.REPLACED or given_up_for_another:
            raise Invalid(_("A number that was blocked stays blocked. Use the new one."), code="number_stays_blocked")
        if medium.state == Medium.State.ACTIVE:
            return
        medium.state, medium.since_at = Medium.State.ACTIVE, at
        medium.save(update_fields=["state", "since_at"])
        enter("medium_used_again", person_id, medium, at=at)


def replace_number(person_id: UUID, medium_id: UUID, *, by: Actor, at: datetime) -> None:
    """A new card number takes the place of the person's own, which is accepted no more from the next scan on.

    For good: whoever has a copy of the old one still has it. Raises NotFound for media of others, Invalid for what is
    not the number in use. NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        medium = own_medium(person_id, medium_id)
        if not medium.is_own_number or medium.state != Medium.State.ACTIVE:
            raise Invalid(_("Only a number that is in use can be replaced."), code="not_replaceable")
        medium.state, medium.since_at = Medium.State.REPLACED, at
        medium.save(update_fields=["state", "since_at"])
        new_number(medium.card, owner_id=person_id, at=at).save(force_insert=True)
        enter("medium_replaced", person_id, medium, at=at)


def name_medium(person_id: UUID, medium_id: UUID, name: str, *, by: Actor, at: datetime) -> None:
    """Call it so, or nothing when the name is empty; sealed, for its holder alone.

    Raises Invalid for a name that is too long or holds a personal identity code (R-DAT-2), NotFound for media of
    others, NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        medium = own_medium(person_id, medium_id)
        if not name and medium.sealed_name is None:
            return
        medium.sealed_name = sealed_name(person_id, medium_id, name)
        medium.save(update_fields=["sealed_name"])
        enter("medium_named", person_id, medium, at=at)


def sealed_name(person_id: UUID, medium_id: UUID, name: str) -> bytes | None:
    """The name as it is kept; None for none. Raises Invalid."""
    kept = " ".join(name.split())
    if not kept:
        return None
    if len(kept) > rules.LONGEST_NAME:
        raise Invalid(_("Use at most 40 characters."), code="too_long", pointer="name")
    if contains_identity_code(kept):
        raise Invalid(
            _("Do not write a personal identity code here. Kliento does not keep them."),
            code="identity_code",
            pointer="name",
        )
    return vault.seal_text(person_id, place="cards_medium.sealed_name", row=medium_id, text=kept)


def _needs_a_number(blocked: Medium) -> bool:
    """Whether another number has to take the place of what was blocked."""
    printed = Medium.objects.filter(card=blocked.card, kind=Medium.Kind.PRINTED, state=Medium.State.ACTIVE)
    return blocked.is_own_number or (blocked.kind == Medium.Kind.PRINTED and not printed.exists())


def own_medium(person_id: UUID, medium_id: UUID) -> Medium:
    """One of the person's own. Raises NotFound, for media of others too."""
    medium = Medium.objects.select_related("card").filter(id=medium_id, card__person=person_id).first()
    if medium is None:
        raise NotFound(code="unknown_medium")
    return medium


def enter(kind: str, person_id: UUID, medium: Medium, *, at: datetime) -> None:
    """Tell the person's Activity what they did to a medium; never its number or name."""
    payload = {"kind": medium.kind, "own": medium.is_own_number, "medium_id": str(medium.id)}
    activity.record([NewEntry(person_id, kind, at, purpose="service", basis="contract", payload=payload)])


def block_media(person_id: UUID, *, at: datetime) -> None:
    """No medium of this person is accepted from the next scan on. Inside the caller's transaction."""
    Medium.objects.filter(card__person=person_id).update(state=Medium.State.BLOCKED, since_at=at)
