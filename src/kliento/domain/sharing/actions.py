"""Opening relationships, and the person's switches: one for each field and third party."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.actions import give_consent, withdraw_consent
from kliento.domain.consents.rules import Choice
from kliento.domain.people.queries import lock_self
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Field
from kliento.domain.recipients.queries import approved_third_parties
from kliento.domain.sharing.models import Grant, Relationship
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair, Relation, distinct_pairs
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kliento.kernel.ids import new_id
from kliento.kernel.sets import given, identifier

SERVING = "serving"
_COLUMNS = {
    "id": "uuid",
    "subject_id": "uuid",
    "third_party_id": "uuid",
    "member_number": "text",
    "since_at": "timestamptz",
}
_DRAWS = 20  # with a million members of one third party, one draw in a hundred is taken; twenty in a row never


def open_relationships(pairs: Iterable[tuple[UUID, UUID]], *, at: datetime) -> dict[Pair, Relation]:
    """The relationships of these pairs, opened where they were missing, each with a member number of its own.

    One statement when none existed; one or two more for those that did, or whose number was taken.
    """
    missing = distinct_pairs(pairs)
    opened: dict[Pair, Relation] = {}
    for _draw in range(_DRAWS):
        if not missing:
            return opened
        opened |= _insert(missing, at=at)
        missing = [pair for pair in missing if pair not in opened]
        opened |= relations(missing)
        missing = [pair for pair in missing if pair not in opened]
    raise Conflict(code="no_free_member_number")


def grant_field(
    person_id: UUID,
    third_party_id: UUID,
    field: str,
    *,
    purpose: str = SERVING,
    until: datetime | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Share one field with one third party, from its next read on. The same choice twice is one choice.

    Raises NotAllowed unless `by` is the person, or with code "explicit_consent_needed" for a special category (see
    `grant_special_field`); NotFound for a third party that is not approved; Invalid for what is not declared.
    """
    if _shareable(field, purpose).special:
        raise NotAllowed(
            _("Sharing this needs your explicit consent for this recipient alone."), code="explicit_consent_needed"
        )
    _grant(Pair(person_id, third_party_id), field, purpose=purpose, until=until, by=by, at=at)


def grant_special_field(
    person_id: UUID,
    third_party_id: UUID,
    field: str,
    *,
    purpose: str = SERVING,
    until: datetime | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Share one special-category field (GDPR Art. 9), with the explicit consent for exactly this recipient (R-DAT-2).

    Call it only from the step that asks for that consent and nothing else.
    """
    if not _shareable(field, purpose).special:
        raise Invalid(code="not_a_special_field", pointer="field")
    with transaction.atomic():
        _grant(Pair(person_id, third_party_id), field, purpose=purpose, until=until, by=by, at=at)
        give_consent(person_id, Choice(purpose, field=field, recipient_id=third_party_id), by=by, at=at)


def end_grant(
    person_id: UUID, third_party_id: UUID, field: str, *, purpose: str = SERVING, by: Actor, at: datetime
) -> None:
    """Stop sharing one field with one third party, from its next read on. Ending what is not shared changes nothing.

    Works for suspended third parties too. Raises NotAllowed unless `by` is the person.
    """
    pair = Pair(person_id, third_party_id)
    with transaction.atomic():
        lock_self(person_id, by=by)
        if _live(pair, field, purpose).update(ended_at=at):
            _enter_endings([pair], field, purpose=purpose, by=by, at=at)


def end_grants(person_id: UUID, field: str, *, purpose: str = SERVING, by: Actor, at: datetime) -> list[UUID]:
    """Stop sharing one field with everybody; the third parties it was shared with until now, sorted.

    For a value that goes: what is stored there later is private again (R-USR-1).
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        live = Grant.objects.filter(
            relationship__subject_id=person_id, field=field, purpose=purpose, ended_at__isnull=True
        )
        standing = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        shared = sorted(live.filter(standing).values_list("relationship__third_party_id", flat=True))
        live.update(ended_at=at)
        _enter_endings([Pair(person_id, one) for one in shared], field, purpose=purpose, by=by, at=at)
    return shared


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Forget what was shared and whose member numbers these were; the numbers stay taken."""
    Grant.objects.filter(relationship__subject_id=person_id).delete()
    Relationship.objects.filter(subject_id=person_id).update(subject_id=None)


def _grant(pair: Pair, field: str, *, purpose: str, until: datetime | None, by: Actor, at: datetime) -> None:
    if until is not None and until <= at:
        raise Invalid(_("Choose a day that is still to come."), code="until_in_the_past", pointer="until")
    if pair.third_party_id not in {third_party.id for third_party in approved_third_parties()}:
        raise NotFound(code="unknown_company")
    with transaction.atomic():
        lock_self(pair.subject_id, by=by)  # two tabs with opposite choices wait for each other; the later one stands
        relation = open_relationships([pair], at=at)[pair]
        if (field, purpose, until) in relation.grants:
            return
        _live(pair, field, purpose).update(ended_at=at)
        Grant.objects.create(
            relationship_id=relation.relationship_id, field=field, purpose=purpose, expires_at=until, granted_at=at
        )
        record([_entry(pair, "sharing_started", field, purpose=purpose, until=until, at=at)])


def _enter_endings(pairs: Sequence[Pair], field: str, *, purpose: str, by: Actor, at: datetime) -> None:
    """One entry for each; the explicit consent behind a special category ends with its grant."""
    record([_entry(pair, "sharing_ended", field, purpose=purpose, until=None, at=at) for pair in pairs])
    if register().field(field).special:
        for pair in pairs:
            choice = Choice(purpose, field=field, recipient_id=pair.third_party_id)
            withdraw_consent(pair.subject_id, choice, by=by, at=at)


def _live(pair: Pair, field: str, purpose: str) -> QuerySet[Grant]:
    return Grant.objects.filter(
        relationship__subject_id=pair.subject_id,
        relationship__third_party_id=pair.third_party_id,
        field=field,
        purpose=purpose,
        ended_at__isnull=True,
    )


def _shareable(field: str, purpose: str) -> Field:
    """The field, if third parties may be given it under that purpose and the person's choice decides."""
    declared, known = register().purpose(purpose), register().field(field)
    if declared.status != "in_use" or declared.basis != "consent" or "third_party" not in declared.recipient_kinds:
        raise Invalid(_("Nothing can be shared for this purpose."), code="purpose_not_shareable", pointer="purpose")
    if known.status != "in_use" or field not in declared.fields:
        raise Invalid(_("This detail cannot be shared for this purpose."), code="field_not_in_purpose", pointer="field")
    return known


def _entry(pair: Pair, kind: str, field: str, *, purpose: str, until: datetime | None, at: datetime) -> NewEntry:
    return NewEntry(
        subject_id=pair.subject_id,
        kind=kind,
        at=at,
        recipient_id=pair.third_party_id,
        purpose=purpose,
        basis=register().purpose(purpose).basis,
        fields=(field,),
        until=until,
    )


def _insert(pairs: Sequence[Pair], *, at: datetime) -> dict[Pair, Relation]:
    """Those of the new relationships that went in: there was no such pair and no such number before.

    One statement: `bulk_create` cannot say which rows went in where conflicts are ignored.
    """
    drawn = [Relation(new_id(), *pair, _draw_number(), at) for pair in pairs]
    table, parameters = given(
        connection,
        _COLUMNS,
        [(new.relationship_id, new.subject_id, new.third_party_id, new.member_number, at) for new in drawn],
    )
    statement = f"""
        INSERT INTO sharing_relationship ({", ".join(_COLUMNS)})
        SELECT {", ".join(_COLUMNS)} FROM {table} AS fresh WHERE true ORDER BY third_party_id, subject_id
        ON CONFLICT DO NOTHING RETURNING id
    """  # noqa: S608 - made of the constants above and placeholders
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        inserted = {identifier(row[0]) for row in cursor.fetchall()}
    return {Pair(new.subject_id, new.third_party_id): new for new in drawn if new.relationship_id in inserted}


def _draw_number() -> str:
    return f"{secrets.randbelow(10**8):08}"
