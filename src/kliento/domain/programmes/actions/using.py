"""Taking a loyalty card into use, and out of use. Only its holder does either."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.dispatch.actions import post_to_operators
from kliento.domain.outbox.actions import enqueue
from kliento.domain.people.queries import lock_people, lock_self
from kliento.domain.programmes.models import Membership, Programme
from kliento.domain.programmes.queries import ProgrammeView, programme_of
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing import actions as sharing
from kliento.domain.sharing.actions import PROGRAMME, end_programme_grants, grant_for_programme
from kliento.kernel.actor import Actor, OperatorActor
from kliento.kernel.errors import Conflict

OUT_OF_USE = "card_out_of_use"
TOLD_AGAIN_AFTER = timedelta(days=1)


def take_into_use(person_id: UUID, programme_id: UUID, *, version: int, by: Actor, at: datetime) -> None:
    """Use the programme's card from now on: exactly the fields its holder saw go to the issuer (R-ISS-1).

    `version` is what they saw. Taking a card again finds its stamps where they were. Raises NotFound for a programme
    that is closed or whose third party lost its approval; Conflict "programme_changed" when it changed meanwhile;
    NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        list(Programme.objects.select_for_update().filter(id=programme_id))  # it is not closed meanwhile
        programme = programme_of(programme_id)
        if programme.version != version:
            raise Conflict(
                _("The programme has changed meanwhile. Look at it again before you decide."), code="programme_changed"
            )
        relation = grant_for_programme(person_id, programme.third_party_id, programme.fields, by=by, at=at)
        membership, _is_new = Membership.objects.get_or_create(
            programme_id=programme_id,
            relationship_id=relation.relationship_id,
            defaults={"subject_id": person_id, "taken_at": at, "ended_at": at},
        )
        membership.ended_at = None
        membership.save(update_fields=["ended_at"])
        first = {"first": True} if relation.begins(at=at) else None
        _enter("loyalty_card_taken", person_id, programme.third_party_id, fields=programme.fields, payload=first, at=at)


def put_out_of_use(person_id: UUID, programme_id: UUID, *, by: Actor, at: datetime) -> None:
    """Stop using the card: nothing more goes to the issuer from its next read on, and it is told (R-ISS-2).

    By mail, at once, but at most once a day about one card. The stamps wait. Putting away what is not in use changes
    nothing. Raises NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        membership = _ended(person_id, programme_id, at=at)
        if membership is None:
            return
        third_party_id = membership.programme.third_party_id
        end_programme_grants(person_id, third_party_id, by=by, at=at)
        _enter("loyalty_card_put_away", person_id, third_party_id, at=at)
        next_at = at if membership.told_at is None else max(at, membership.told_at + TOLD_AGAIN_AFTER)
        enqueue(OUT_OF_USE, ref=str(membership.id), at=next_at)


def tell_of_card(membership_id: UUID, *, at: datetime) -> None:
    """One letter to the issuer's operators for however often the card went out of use since the last one.

    None while it is in use again, or when they were told of it already. A transaction of its own.
    """
    with transaction.atomic():
        rows = Membership.objects.select_for_update(of=("self",)).filter(id=membership_id, ended_at__isnull=False)
        membership = rows.exclude(told_at__gte=F("ended_at")).select_related("programme", "relationship").first()
        if membership is None:
            return
        number = membership.relationship.member_number if membership.relationship else ""
        third_party_id = membership.programme.third_party_id
        post_to_operators("card_out_of_use", third_party_id, Right.ANSWER_NOTICES, context={"number": number}, at=at)
        Membership.objects.filter(id=membership_id).update(told_at=at)


def stop_company(person_id: UUID, third_party_id: UUID, *, by: Actor, at: datetime) -> None:
    """Share nothing with a third party any more, in one step: its loyalty card goes out of use, every grant ends.

    All of it or, when it fails, none. Raises NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        held = Membership.objects.filter(subject_id=person_id, ended_at=None, programme__third_party_id=third_party_id)
        for programme_id in list(held.values_list("programme_id", flat=True)):
            put_out_of_use(person_id, programme_id, by=by, at=at)
        sharing.stop_company(person_id, third_party_id, by=by, at=at)


def end_card(person_id: UUID, programme: ProgrammeView, *, by: OperatorActor, at: datetime) -> None:
    """Put one card out of use because its issuer closes the programme. A transaction of its own."""
    with transaction.atomic():
        lock_people([person_id])
        if _ended(person_id, programme.id, at=at) is None:
            return
        end_programme_grants(person_id, programme.third_party_id, by=by, at=at)
        _enter("loyalty_card_put_away", person_id, programme.third_party_id, payload={"closed": True}, at=at)


def _ended(person_id: UUID, programme_id: UUID, *, at: datetime) -> Membership | None:
    """The membership, out of use from now on; None when it was not in use."""
    in_use = Membership.objects.filter(subject_id=person_id, programme_id=programme_id, ended_at=None)
    membership = in_use.select_related("programme", "relationship").first()
    if membership is not None:
        membership.ended_at = at
        membership.save(update_fields=["ended_at"])
    return membership


def _enter(
    kind: str,
    person_id: UUID,
    third_party_id: UUID,
    *,
    fields: tuple[str, ...] = (),
    payload: Mapping[str, object] | None = None,
    at: datetime,
) -> None:
    record([NewEntry(person_id, kind, at, third_party_id, PROGRAMME, "contract", fields, payload=payload or {})])
