"""Claim codes, and the moment at which an unregistered card becomes a person's.

What a claim brings besides, stamps and relationships, is moved by `claiming`, in the same transaction.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.cards import rules
from kliento.domain.cards.actions.numbering import new_number
from kliento.domain.cards.models import Card, Claim, ClaimCode, Medium
from kliento.domain.cards.queries import HeldCode, lock_unregistered, waiting_code
from kliento.domain.vault import actions as vault
from kliento.kernel.actor import PersonActor, TerminalActor
from kliento.kernel.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class GivenCode:
    """A claim code, told this once, and until when it is good."""

    code: str = field(repr=False)
    expires_at: datetime


def make_claim_code(
    card_id: UUID, medium_id: UUID, *, visit_id: UUID, visit_at: datetime, by: TerminalActor, at: datetime
) -> GivenCode:
    """A code for the card that stands at this till; the one given before it, if it was not used, ends.

    Inside the caller's transaction, which has seen to it that this is the card's visit. Raises Conflict for a card that
    was claimed meanwhile, "claim_codes_often" after 20 codes at one terminal within an hour.
    """
    if card_id not in lock_unregistered([card_id]):
        raise Conflict(_("This card belongs to somebody already."), code="card_claimed")
    lately = ClaimCode.objects.filter(terminal_id=by.terminal_id, made_at__gt=at - rules.AN_HOUR)
    if lately.count() >= rules.CODES_AN_HOUR:
        raise Conflict(_("This till has given many codes. Try again in an hour."), code="claim_codes_often")
    ClaimCode.objects.filter(card_id=card_id, used_at=None).update(used_at=at)
    given = GivenCode(rules.new_claim_code(), rules.code_expires(at, visit_at=visit_at))
    ClaimCode.objects.create(
        digest=vault.index("claim_code", given.code),
        card_id=card_id,
        medium_id=medium_id,
        visit_id=visit_id,
        terminal_id=by.terminal_id,
        premises_id=by.premises_id,
        third_party_id=by.third_party_id,
        made_at=at,
        expires_at=given.expires_at,
    )
    return given


def claim_medium(entered: str | HeldCode, *, instead_of: UUID | None, by: PersonActor, at: datetime) -> Claim:
    """Spend a claim code: its medium is one of the person's card from now on, and the card's facts are theirs.

    `instead_of`: one of their own media, which is replaced and accepted no more. Inside the caller's transaction, with
    the person locked. Of two at once exactly one wins. Raises NotFound "wrong_claim_code" for codes that are unknown,
    used or over, all alike; Invalid for a medium that cannot be replaced.
    """
    code = waiting_code(entered, at=at)
    held = set() if code is None else lock_unregistered([code.card_id])  # the card first, as a till has it: no deadlock
    code = waiting_code(entered, at=at) if held else None
    if code is None:
        raise NotFound(_("This code is not good. Check it, or ask for a new one at the till."), code="wrong_claim_code")
    ClaimCode.objects.filter(digest=code.digest).update(used_at=at, used_by=by.person_id)
    own = Card.objects.filter(person=by.person_id).first()
    if own is None:
        raise NotFound(code="no_card")
    if instead_of is not None:
        _replace(instead_of, card=own, at=at)
    Medium.objects.filter(card_id=code.card_id).update(card_id=own.id, added_at=at)
    return Claim.objects.create(
        subject_id=code.card_id,
        person_id=by.person_id,
        medium_id=code.medium_id,
        replaced_id=instead_of,
        terminal_id=code.terminal_id,
        premises_id=code.premises_id,
        third_party_id=code.third_party_id,
        claimed_at=at,
        undo_until=at + rules.UNDO_WITHIN,
    )


def undo_claimed_medium(claim: Claim, *, at: datetime) -> None:
    """The medium is the unregistered card's again, also where another had taken its place, and what it replaced is
    accepted again. What the person blocked, one or the other, stays blocked: it may be lost (`unblock_card`).

    Inside the caller's transaction, with the person locked. Their card has a number in use afterwards.
    """
    Claim.objects.filter(id=claim.id).update(undone_at=at)
    own = Card.objects.get(person=claim.person_id)
    came = Medium.objects.filter(card=own, code_owner_id=claim.subject_id)
    came.filter(state=Medium.State.REPLACED).update(state=Medium.State.ACTIVE, since_at=at)
    came.update(card_id=claim.subject_id, sealed_name=None)
    if claim.replaced_id is not None:
        replaced = Medium.objects.filter(id=claim.replaced_id, card=own, state=Medium.State.REPLACED)
        replaced.update(state=Medium.State.ACTIVE, since_at=at)
    if not Medium.objects.filter(card=own, kind=Medium.Kind.PRINTED, state=Medium.State.ACTIVE).exists():
        new_number(own, owner_id=claim.person_id, at=at).save(force_insert=True)


def unblock_card(card_id: UUID, *, at: datetime) -> bool:
    """An unregistered card works again that whoever had claimed it blocked; whether there was anything to unblock.

    For a holder who has it in their hand. Inside the caller's transaction.
    """
    blocked = Medium.objects.filter(card_id=card_id, card__person=None, state=Medium.State.BLOCKED)
    return bool(blocked.update(state=Medium.State.ACTIVE, since_at=at))


def _replace(medium_id: UUID, *, card: Card, at: datetime) -> None:
    media = Medium.objects.filter(id=medium_id, card=card, state=Medium.State.ACTIVE)
    if not media.exclude(kind=Medium.Kind.PHONE).update(state=Medium.State.REPLACED, since_at=at):
        raise Invalid(_("Choose a card of yours that is in use."), code="not_replaceable", pointer="instead_of")


def locked_claim(claim_id: UUID) -> Claim:
    """A claim that stands, locked until the transaction ends. Raises NotFound."""
    claim = Claim.objects.select_for_update().filter(id=claim_id, undone_at=None).first()
    if claim is None:
        raise NotFound(code="unknown_claim")
    return claim


def mark_announced(third_party_id: UUID, *, at: datetime) -> int:
    """Note that a letter about them goes out now; how many claims that stand nobody there was told of before."""
    return Claim.objects.filter(
        third_party_id=third_party_id, announced_at=None, undone_at=None, undo_until__gt=at
    ).update(announced_at=at)


def purge_claim_codes(*, at: datetime) -> int:
    """Forget the codes given longer ago than what they stood for is kept; how many."""
    given_before = at - rules.UNREGISTERED_KEPT
    over = ClaimCode.objects.filter(expires_at__lt=given_before + rules.CODE_LASTS)  # those have ended: by their index
    return over.filter(made_at__lt=given_before).delete()[0]


def block_card(card_id: UUID, *, at: datetime) -> None:
    """No medium of this card is accepted any more. Inside the caller's transaction."""
    Medium.objects.filter(card_id=card_id).update(state=Medium.State.BLOCKED, since_at=at)


def forget_cards(card_ids: list[UUID]) -> None:
    """Delete cards without a person, with their media, codes and claims. Inside the caller's transaction."""
    with transaction.atomic():
        ClaimCode.objects.filter(card_id__in=card_ids).delete()
        Claim.objects.filter(subject_id__in=card_ids).delete()
        Card.objects.filter(id__in=card_ids, person=None).delete()
