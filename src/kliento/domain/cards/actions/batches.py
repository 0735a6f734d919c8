"""Blank cards: made in batches, printed, handed out. Whoever holds one is nobody's concern until they claim it."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.cards import rules
from kliento.domain.cards.actions.chips import chip_number
from kliento.domain.cards.models import Card, CardBatch, Medium
from kliento.domain.cards.queries.batches import numbers_of_batch
from kliento.domain.recipients.actions.acting import note_act, note_if_operator, working_for
from kliento.domain.recipients.rules import Right
from kliento.domain.vault import actions as vault
from kliento.kernel.actor import Actor, OperatorActor, SystemActor
from kliento.kernel.errors import Invalid, NotAllowed
from kliento.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class BlankCards:
    """A batch as it was made, with its numbers; none of them where it had been made before."""

    batch_id: UUID
    numbers: tuple[str, ...] = field(repr=False)


def make_blank_cards(
    size: int, *, third_party_id: UUID | None, note: str = "", form: UUID | None = None, by: Actor, at: datetime
) -> BlankCards:
    """So many cards without a person, each with a printed number sealed under a key of its own.

    By the register holder, or by the third party that hands them out. At most 500 at a time. `form`: the page they were
    asked for on; as many from the same one again are the same cards. Raises Invalid, NotAllowed.
    """
    if not 1 <= size <= rules.MOST_BLANK_CARDS:
        raise Invalid(_("Make 1 to 500 cards at a time."), code="wrong_number_of_cards", pointer="size")
    if third_party_id is not None:
        working_for(third_party_id, Right.MANAGE_PLACES, by=by)
    elif not isinstance(by, SystemActor):
        raise NotAllowed(code="not_the_register_holder")
    batch_id = new_id() if form is None else uuid5(form, f"{third_party_id} {size}")
    if CardBatch.objects.filter(id=batch_id).exists():
        return BlankCards(batch_id, ())
    try:
        return BlankCards(batch_id, _make(batch_id, size, third_party_id=third_party_id, note=note, by=by, at=at))
    except IntegrityError:  # a second press on the button came at the same moment
        if not CardBatch.objects.filter(id=batch_id).exists():
            raise
        return BlankCards(batch_id, ())


def _make(
    batch_id: UUID, size: int, *, third_party_id: UUID | None, note: str, by: Actor, at: datetime
) -> tuple[str, ...]:
    batch = CardBatch(id=batch_id, third_party_id=third_party_id, made_at=at, size=size, note=note)
    cards = [Card(batch=batch, ordinal=secrets.randbits(63), issued_at=at) for _each in range(size)]
    numbers = [rules.new_number() for _each in cards]
    media_ids = [new_id() for _each in cards]
    with transaction.atomic(durable=True):
        sealed = vault.seal_texts(
            {card.id: (medium_id, number) for card, medium_id, number in zip(cards, media_ids, numbers, strict=True)},
            place="cards_medium.sealed_code",
        )
        batch.save(force_insert=True)
        Card.objects.bulk_create(cards)
        Medium.objects.bulk_create(
            Medium(
                id=medium_id,
                card=card,
                kind=Medium.Kind.PRINTED,
                level=Medium.Level.STATIC,
                code_index=vault.index("card", number),
                sealed_code=sealed[card.id],
                code_owner_id=card.id,
                since_at=at,
                added_at=at,
            )
            for card, medium_id, number in zip(cards, media_ids, numbers, strict=True)
        )
        note_if_operator(by, "blank_cards_made", reference=str(size), at=at)
    return tuple(numbers)


def show_blank_cards(batch_id: UUID, *, by: OperatorActor, at: datetime) -> list[str]:
    """The numbers of a batch for its sheets, each time in the operator's name: whoever has them could make copies.

    Raises what `numbers_of_batch` does.
    """
    numbers = numbers_of_batch(batch_id, by=by, at=at)
    with transaction.atomic():
        note_act(by, "blank_cards_shown", reference=str(len(numbers)), at=at)
    return numbers


def use_as_card(code: str, *, at: datetime) -> UUID:
    """Make an unregistered card of a travel card whose holder asked for it at a till; the card's id.

    Until then its number is as unknown as any other. One that is a medium already stays what it is: its card's id. Of
    two tills at once both get the same one. Raises Invalid for whatever is no chip's number: words, the numbers of
    products, Kliento's own codes.
    """
    uid = chip_number(code)
    code_index = vault.index("card", uid)
    try:
        return _card_with(uid, code_index, at=at)
    except IntegrityError:  # another till made it a moment ago; by now it is known
        return _card_with(uid, code_index, at=at)


def _card_with(number: str, code_index: bytes, *, at: datetime) -> UUID:
    with transaction.atomic():
        known = Medium.objects.filter(code_index=code_index).values_list("card_id", flat=True).first()
        if known is not None:
            return known
        card = Card.objects.create(ordinal=secrets.randbits(63), issued_at=at)
        medium_id = new_id()
        Medium.objects.create(
            id=medium_id,
            card=card,
            kind=Medium.Kind.TRAVEL,
            level=Medium.Level.UID,
            code_index=code_index,
            sealed_code=vault.seal_text(card.id, place="cards_medium.sealed_code", row=medium_id, text=number),
            code_owner_id=card.id,
            since_at=at,
            added_at=at,
        )
    return card.id
