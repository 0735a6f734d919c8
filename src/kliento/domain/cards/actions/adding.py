"""Another medium for a person's card: an NFC card or sticker, a travel card. Added by its holder, and removed."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.cards import rules
from kliento.domain.cards.actions.chips import chip_number
from kliento.domain.cards.actions.media import enter, own_medium, sealed_name
from kliento.domain.cards.models import Card, Claim, Medium
from kliento.domain.people.queries import lock_self
from kliento.domain.vault import actions as vault
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.kernel.ids import new_id


def add_medium(person_id: UUID, kind: str, typed: str, *, name: str = "", by: Actor, at: datetime) -> UUID:
    """A chip the person carries is their card from now on, known by its UID; the new medium's id.

    Raises Invalid for what is no UID or tells no chip from others, Conflict "medium_yours", "too_many_media", and
    "medium_taken": whoever else has it, and however that card stands, is one answer (threat 5). NotAllowed unless `by`
    is the person: nobody adds a travel card but its holder (R-REG-1).
    """
    uid = chip_number(typed)
    if kind not in (Medium.Kind.NFC, Medium.Kind.TRAVEL):
        raise Invalid(_("Choose one."), code="not_a_carrier", pointer="kind")
    code_index = vault.index("card", uid)
    with transaction.atomic():
        lock_self(person_id, by=by)
        card = Card.objects.filter(person=person_id).first()
        if card is None:
            raise NotFound(code="no_card")
        known = Medium.objects.filter(code_index=code_index).values_list("card_id", flat=True).first()
        if known == card.id:
            raise Conflict(_("It is one of your cards already."), code="medium_yours", pointer="code")
        if known is not None:
            raise _taken()
        added = Medium.objects.filter(card=card, kind__in=(Medium.Kind.NFC, Medium.Kind.TRAVEL))
        if added.count() >= rules.MOST_MEDIA:
            raise Conflict(_("You have twelve already. Remove one first."), code="too_many_media")
        medium_id = new_id()
        medium = Medium(
            id=medium_id,
            card=card,
            kind=kind,
            level=rules.LEVEL_OF[kind],
            code_index=code_index,
            sealed_code=vault.seal_text(person_id, place="cards_medium.sealed_code", row=medium_id, text=uid),
            sealed_name=sealed_name(person_id, medium_id, name),
            since_at=at,
            added_at=at,
        )
        try:
            with transaction.atomic():
                medium.save(force_insert=True)
        except IntegrityError:  # somebody else added it a moment ago
            raise _taken() from None
        enter("medium_added", person_id, medium, at=at)
    return medium_id


def remove_medium(person_id: UUID, medium_id: UUID, *, by: Actor, at: datetime) -> None:
    """Forget a medium and its number: at tills it is as unknown as any, and may be added again, by anybody who has it.

    Raises NotFound for media of others; Invalid for the phone and for the number in use, which a card always has;
    Conflict while it came by a claim that can be undone. NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        medium = own_medium(person_id, medium_id)
        in_use = medium.state == Medium.State.ACTIVE
        if medium.kind == Medium.Kind.PHONE or (medium.is_own_number and in_use):
            raise Invalid(_("This one stays. You can block it instead."), code="medium_stays")
        if medium.code_owner_id and _can_be_undone(medium.code_owner_id, at=at):
            raise Conflict(_("You can still undo adding this card. Do that instead."), code="claim_can_be_undone")
        enter("medium_removed", person_id, medium, at=at)
        medium.delete()


def _can_be_undone(card_id: UUID, *, at: datetime) -> bool:
    return Claim.objects.filter(subject_id=card_id, undone_at=None, undo_until__gt=at).exists()


def _taken() -> Conflict:
    sentence = _(
        "This one cannot be added. If you have used it at a till without an account, ask for a claim code there and"
        " enter that instead."
    )
    return Conflict(sentence, code="medium_taken", pointer="code")
