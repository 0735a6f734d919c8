"""Entering a claim code, and undoing it within seven days. One transaction each: everything moves once, or nothing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards import actions as cards
from kliento.domain.cards.models import Claim
from kliento.domain.cards.queries import HeldCode
from kliento.domain.people.queries import lock_people, lock_self
from kliento.domain.programmes import actions as programmes
from kliento.domain.recipients.actions import note_act
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing import actions as sharing
from kliento.domain.visits.actions import bring_stamps, bring_what_stayed
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.errors import Conflict, NotFound


def claim_card(entered: str | HeldCode, *, instead_of: UUID | None = None, by: PersonActor, at: datetime) -> UUID:
    """The card behind this claim code is the person's, with its visits and stamps; the claim's id.

    `instead_of`: their own medium that it takes the place of (card change), which is accepted no more. A visit at which
    both cards were shown counts once: the card's stamp of it stays with the card, as it was. Raises NotFound
    "wrong_claim_code" for every code that is not good, Invalid for a medium that cannot be replaced.
    """
    with transaction.atomic(durable=True):
        lock_self(by.person_id, by=by)
        claim = cards.claim_medium(entered, instead_of=instead_of, by=by, at=at)
        sharing.continue_relationships(claim.subject_id, to=by.person_id, at=at)
        bring_stamps(claim.subject_id, to=by.person_id, at=at)
        _enter("card_claimed", claim, at=at)
    return claim.id


def undo_claim(claim_id: UUID, *, by: PersonActor, at: datetime) -> None:
    """The card is on its own again, with its visits and what is left of its stamps. Undoing it again changes nothing.

    What they blocked stays blocked (`undo_claim_at`). Raises NotFound for claims of others, Conflict "too_late_to_undo"
    after seven days.
    """
    with transaction.atomic(durable=True):
        lock_self(by.person_id, by=by)
        claim = Claim.objects.filter(id=claim_id, person_id=by.person_id).first()
        if claim is None:
            raise NotFound(code="unknown_claim")
        if claim.undone_at is None:
            _undo(claim, at=at)
            _enter("claim_undone", claim, at=at)


def undo_claim_at(claim_id: UUID, *, by: OperatorActor, at: datetime) -> None:
    """The same by the third party whose till gave the code, for a holder who says that somebody else claimed it.

    The card works for that holder again, even if whoever claimed it had it blocked, and left it so when they undid the
    claim or closed their account. The person sees who did it. Raises NotFound for claims elsewhere, NotAllowed for
    roles that may not.
    """
    require(by, Right.SEE_AUDIT)
    with transaction.atomic(durable=True):
        claim = Claim.objects.filter(id=claim_id, third_party_id=by.third_party_id).first()
        if claim is None:
            raise NotFound(code="unknown_claim")
        lock_people([claim.person_id])
        claim.refresh_from_db()
        stood = claim.undone_at is None
        if stood:
            _undo(claim, at=at)
            _enter("claim_undone", claim, recipient_id=by.third_party_id, at=at)
        works_again = at < claim.undo_until and cards.unblock_card(claim.subject_id, at=at)
        if stood or works_again:
            note_act(by, "claim_undone", reference=str(claim.id), at=at)


def undo_open_claims(person_id: UUID, *, at: datetime) -> None:
    """Undo what can still be undone, because the person leaves: it may turn out to be somebody else's (threat 28).

    Inside the caller's transaction, with the person locked. Claims past their time go with the person.
    """
    for claim in Claim.objects.filter(person_id=person_id, undone_at=None, undo_until__gt=at).order_by("id"):
        _undo(claim, at=at)


def _undo(claim: Claim, *, at: datetime) -> None:
    if at >= claim.undo_until:
        raise Conflict(_("This can be undone for seven days only."), code="too_late_to_undo")
    cards.undo_claimed_medium(claim, at=at)
    programmes.move_stamps_back(claim.subject_id, from_=claim.person_id, at=at)
    sharing.continue_no_more(claim.subject_id)
    bring_what_stayed([claim.person_id], at=at)  # what counted once with this card counts with another one now


def _enter(kind: str, claim: Claim, *, recipient_id: UUID | None = None, at: datetime) -> None:
    payload = {"claim_id": str(claim.id), "replaced": claim.replaced_id is not None}
    record([NewEntry(claim.person_id, kind, at, recipient_id, "service", "contract", payload=payload)])
