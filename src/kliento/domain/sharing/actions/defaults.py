"""The default set: what a person lets be shared when a third party meets them first. Empty unless chosen."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.actions import demand_current
from kliento.domain.consents.rules import Choice, Shown
from kliento.domain.people.queries import lock_self
from kliento.domain.policy.queries import own_notice, register
from kliento.domain.sharing.actions.entering import entry_about
from kliento.domain.sharing.actions.granting import check_shareable
from kliento.domain.sharing.models import DefaultField, Grant
from kliento.domain.sharing.queries import default_set, default_set_outdated, grant_has_force, is_special
from kliento.domain.sharing.rules import APPROVED, SERVING, Pair, distinct_pairs
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Invalid
from kliento.kernel.ids import new_id
from kliento.kernel.rows import insert_new_rows
from kliento.kernel.sets import given, identifier


def set_default_set(
    person_id: UUID, fields: Collection[str], *, shown: Shown | None = None, by: Actor, at: datetime
) -> None:
    """Choose what is shared at first visits from now on; what is shared already stays as it is.

    `shown` and Conflict as at `grant_field`; choosing nothing needs no words. Raises NotAllowed unless `by` is the
    person, Invalid for what cannot be shared or needs a consent of its own.
    """
    for field in fields:
        check_shareable(field, SERVING)
        if is_special(field):
            raise Invalid(_("This is shared with one company at a time."), code="special_in_default_set", pointer=field)
    with transaction.atomic():
        lock_self(person_id, by=by)
        if fields:
            demand_current(Choice(SERVING), shown)
        if default_set(person_id) == frozenset(fields) and not default_set_outdated(person_id):
            return
        DefaultField.objects.filter(subject_id=person_id).delete()
        number = own_notice().number
        DefaultField.objects.bulk_create(
            DefaultField(subject_id=person_id, field=field, notice_number=number) for field in set(fields)
        )
        _enter(person_id, fields, at=at)


def leave_out_of_default_set(person_id: UUID, fields: Collection[str], *, by: Actor, at: datetime) -> None:
    """Take these fields out of the default set, so that what is stored there later is not shared by an old choice.

    Changes and enters nothing where none of them is in it. Raises NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        left_out, _each = DefaultField.objects.filter(subject_id=person_id, field__in=fields).delete()
        if left_out:
            _enter(person_id, default_set(person_id), at=at)


def grants_at_first_visit(pairs: Iterable[tuple[UUID, UUID]], *, at: datetime) -> list[NewEntry]:
    """Share the default sets in relationships that a visit has just opened; the entries, for the gate to record.

    At most 2 statements for any number of pairs, 1 when nobody has a default set. The caller has locked the people;
    `Relation.sharing(entry.fields, at=at)` is the relationship with what was shared.
    """
    wanted: dict[Pair, list[str]] = {pair: [] for pair in distinct_pairs(pairs)}
    if not wanted:
        return []
    shareable = register().purpose(SERVING).fields
    rows = []
    for pair, relationship_id, field, notice_number in _defaults_of(wanted):
        if field in shareable and grant_has_force(SERVING, notice_number):
            wanted[pair].append(field)
            rows.append((new_id(), relationship_id, field, SERVING, at, notice_number))
    insert_new_rows(Grant, ("id", "relationship", "field", "purpose", "granted_at", "notice_number"), rows)
    return [
        entry_about(pair, "sharing_started", tuple(fields), payload={"first_visit": True}, at=at)
        for pair, fields in wanted.items()
        if fields
    ]


def _enter(person_id: UUID, chosen: Collection[str], *, at: datetime) -> None:
    basis, fields = register().purpose(SERVING).basis, tuple(sorted(chosen))
    record([NewEntry(person_id, "default_set_changed", at, purpose=SERVING, basis=basis, fields=fields)])


def _defaults_of(pairs: Iterable[Pair]) -> list[tuple[Pair, UUID, str, int]]:
    """Each pair's relationship with each field of the subject's default set, where the third party may be given it,
    and under which notice it was chosen.

    Nothing goes outside the EEA by itself: there the person reads the country and the mechanism first (R-TRF-1).
    """
    opened, parameters = given(connection, {"subject_id": "uuid", "third_party_id": "uuid"}, list(pairs))
    statement = f"""
        SELECT known.subject_id, known.third_party_id, known.id, chosen.field, chosen.notice_number, party.purposes
        FROM {opened} AS opened
        JOIN sharing_relationship AS known
          ON known.subject_id = opened.subject_id AND known.third_party_id = opened.third_party_id
        JOIN sharing_default AS chosen ON chosen.subject_id = known.subject_id
        JOIN recipients_third_party AS party ON party.id = known.third_party_id
        WHERE party.state = %s AND party.transfer_mechanism = ''
        ORDER BY chosen.field
    """  # noqa: S608 - made of placeholders
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, APPROVED])
        rows = cursor.fetchall()
    return [
        (Pair(identifier(subject), identifier(third_party)), identifier(relationship), field, notice_number)
        for subject, third_party, relationship, field, notice_number, purposes in rows
        if SERVING in json.loads(purposes)
    ]
