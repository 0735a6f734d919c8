"""Issuing, blocking and spending. A card code is sealed or indexed here and returned to its holder alone."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity import actions as activity
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards import rules
from kliento.domain.cards.models import Card, Medium, SpentCode
from kliento.domain.cards.queries import Spent, code_keys, spent_from
from kliento.domain.people.queries import lock_people, lock_self
from kliento.domain.vault import actions as vault
from kliento.kernel import sets
from kliento.kernel.actor import Actor, PersonActor
from kliento.kernel.errors import Invalid, NotFound
from kliento.kernel.ids import new_id

OFFLINE_SCANS_ACCEPTED = timedelta(days=7)
_REMEMBERED_LONGER = timedelta(hours=1)  # than a till could still hand the code in


@dataclass(frozen=True, slots=True)
class Spending:
    """A rotating code about to be used by this scan."""

    digest: bytes
    slot: int
    by: Spent


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
        phone = Medium(card=card, kind=Medium.Kind.PHONE, level=Medium.Level.ROTATING, since_at=at)
        Medium.objects.bulk_create([phone, _new_number(card, owner_id=person_id, at=at)])
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


def spend_codes(spendings: Sequence[Spending]) -> dict[bytes, Spent]:
    """Use these codes up; the scan that each of them stands for now: the given one, or whoever was first.

    One statement. Inside the caller's transaction; each digest once. Sorted, so that two writers cannot deadlock.
    """
    if not spendings:
        return {}
    rows = sorted(spendings, key=lambda spending: spending.digest)
    table, parameters = sets.given(
        connection,
        {
            "digest": "bytea",
            "terminal_id": "uuid",
            "premises_id": "uuid",
            "scan_id": "uuid",
            "occurred_at": "timestamptz",
            "expires_at": "timestamptz",
        },
        [
            (
                row.digest,
                row.by.terminal_id,
                row.by.premises_id,
                row.by.scan_id,
                row.by.occurred_at,
                rules.end_of_slot(row.slot) + OFFLINE_SCANS_ACCEPTED + _REMEMBERED_LONGER,
            )
            for row in rows
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute(_SPEND.format(given=table), parameters)
        return {bytes(digest): spent_from(spent) for digest, *spent in cursor.fetchall()}


# The update changes nothing: it makes RETURNING answer with the row that was there first.
_SPEND = """
    INSERT INTO cards_spent_code (digest, terminal_id, premises_id, scan_id, occurred_at, expires_at)
    SELECT digest, terminal_id, premises_id, scan_id, occurred_at, expires_at FROM {given} AS given
    WHERE true ORDER BY digest
    ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest
    RETURNING digest, terminal_id, premises_id, scan_id, occurred_at
"""


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
            _new_number(medium.card, owner_id=person_id, at=at).save(force_insert=True)
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


def _new_number(card: Card, *, owner_id: UUID, at: datetime) -> Medium:
    """A printed number that nobody had, sealed for its owner, not saved yet."""
    number, medium_id = rules.new_number(), new_id()
    return Medium(
        id=medium_id,
        card=card,
        kind=Medium.Kind.PRINTED,
        level=Medium.Level.STATIC,
        code_index=vault.index("card", number),
        sealed_code=vault.seal_text(owner_id, place="cards_medium.sealed_code", row=medium_id, text=number),
        since_at=at,
    )


def _enter(kind: str, person_id: UUID, medium: Medium, *, at: datetime) -> None:
    payload = {"kind": medium.kind, "medium_id": str(medium.id)}
    activity.record([NewEntry(person_id, kind, at, purpose="service", basis="contract", payload=payload)])


def block_media(person_id: UUID) -> None:
    """No medium of this person is accepted from the next scan on. Inside the caller's transaction."""
    Medium.objects.filter(card__person=person_id).update(state=Medium.State.BLOCKED)


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Delete card and media: a code shown later is as unknown as a guess."""
    Card.objects.filter(person=person_id).delete()


def purge_spent_codes(*, at: datetime) -> int:
    """Forget the codes that no till can hand in any more; how many."""
    return SpentCode.objects.filter(expires_at__lte=at).delete()[0]
