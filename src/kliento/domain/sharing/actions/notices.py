"""Deletion notices: a recipient whose reason is gone is told to delete its copy, and confirms that it did (Art. 19).

Only what left to it is worth a notice; the log knows. Made in the transaction that took the reason away.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import fields_disclosed
from kliento.domain.outbox.actions import enqueue
from kliento.domain.people.queries import lock_people
from kliento.domain.recipients.actions import note_act
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.actions.entering import entry_about
from kliento.domain.sharing.models import DeletionNotice, Grant, Relationship
from kliento.domain.sharing.rules import MAY_TAKE_BACK_FOR, Pair
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Conflict, NotFound
from kliento.kernel.ids import id_of_the_hour
from kliento.kernel.rows import Among


class Copy(NamedTuple):
    """One field of one person that one third party may have a copy of."""

    relationship_id: UUID
    subject_id: UUID
    third_party_id: UUID
    field: str


def make_notices(copies: Sequence[Copy], *, reason: str, at: datetime) -> None:
    """Tell each third party to delete the copies it got since it was told last; by mail soon after.

    A notice that is still open stays the one notice. Part of the caller's transaction, which holds the people.
    """
    if not copies:
        return
    told_at = _told_at(copies)
    fresh = [copy for copy in _disclosed(copies, told_at) if (copy.relationship_id, copy.field) not in _open(copies)]
    DeletionNotice.objects.bulk_create(
        DeletionNotice(
            id=id_of_the_hour(at),
            relationship_id=copy.relationship_id,
            third_party_id=copy.third_party_id,
            field=copy.field,
            reason=reason,
            made_at=at,
        )
        for copy in fresh
    )
    for third_party_id in sorted({copy.third_party_id for copy in fresh}):
        enqueue("deletion_notices", ref=str(third_party_id), at=at)


def tell_of_hiding(person_id: UUID, fields: Collection[str], *, at: datetime) -> None:
    """Tell everybody these fields are shared with that they may not keep them; what was chosen stays chosen.

    Part of the caller's transaction, which holds the person.
    """
    live = Grant.objects.filter(relationship__subject_id=person_id, field__in=fields, ended_at__isnull=True)
    rows = live.values_list("relationship_id", "relationship__third_party_id", "field").distinct()
    copies = [
        Copy(relationship_id, person_id, third_party_id, field) for relationship_id, third_party_id, field in rows
    ]
    make_notices(sorted(copies), reason="hidden", at=at)


def confirm_deletion(notice_id: UUID, *, by: OperatorActor, at: datetime) -> None:
    """The third party has deleted its copy; the person sees that it says so. Confirming again changes nothing.

    Raises NotAllowed for a role that does not answer notices, NotFound for notices to others.
    """
    with transaction.atomic():
        notice, person_id = _held(notice_id, by=by)
        if notice.confirmed_at is None:
            _answer(notice, person_id, confirmed_at=at, by=by, at=at)


def take_back_confirmation(notice_id: UUID, *, by: OperatorActor, at: datetime) -> None:
    """The copy is still there: said by a slip. The person sees that, too. Taking back again changes nothing.

    Raises NotAllowed and NotFound as confirming does, Conflict an hour later or once a newer notice asks for the copy.
    """
    with transaction.atomic():
        notice, person_id = _held(notice_id, by=by)
        if notice.confirmed_at is None:
            return
        newer = DeletionNotice.objects.filter(
            relationship_id=notice.relationship_id, field=notice.field, confirmed_at__isnull=True
        )
        if notice.confirmed_at < at - MAY_TAKE_BACK_FOR or newer.exists():
            raise Conflict(_("“Deleted” can be undone for one hour only."), code="too_late")
        _answer(notice, person_id, confirmed_at=None, by=by, at=at)


def mark_announced(third_party_id: UUID, *, at: datetime) -> int:
    """Note that a letter about them goes out now; how many notices nobody was told of before."""
    return DeletionNotice.objects.filter(
        third_party_id=third_party_id, confirmed_at__isnull=True, announced_at__isnull=True
    ).update(announced_at=at)


def _held(notice_id: UUID, *, by: OperatorActor) -> tuple[DeletionNotice, UUID | None]:
    """The notice as it stands now that its person is held, and the person unless they left."""
    require(by, Right.ANSWER_NOTICES)
    rows = DeletionNotice.objects.filter(id=notice_id, third_party_id=by.third_party_id).select_related("relationship")
    subject_id = rows.values_list("relationship__subject_id", flat=True).first()
    people = lock_people([subject_id] if subject_id else [])
    notice = rows.select_for_update(of=("self",)).first()
    if notice is None:
        raise NotFound(_("There is no such notice."), code="unknown_notice")
    return notice, next(iter(people), None)


def _answer(
    notice: DeletionNotice, person_id: UUID | None, *, confirmed_at: datetime | None, by: OperatorActor, at: datetime
) -> None:
    """What the third party says now, for both sides to see."""
    act = "deletion_confirmed" if confirmed_at else "deletion_taken_back"
    notice.confirmed_at, notice.confirmed_by = confirmed_at, by.operator_id if confirmed_at else None
    notice.save(update_fields=["confirmed_at", "confirmed_by"])
    note_act(by, act, reference=notice.relationship.member_number, at=at)
    if person_id is not None:
        record([entry_about(Pair(person_id, by.third_party_id), act, (notice.field,), at=at)])


def _told_at(copies: Iterable[Copy]) -> Mapping[tuple[UUID, str], datetime]:
    """When each was last told to delete the field, or since when they know the person."""
    about = {copy.relationship_id for copy in copies}
    since = dict(Relationship.objects.filter(id__in=Among(about)).values_list("id", "since_at"))
    told = DeletionNotice.objects.filter(relationship_id__in=Among(about)).values("relationship_id", "field")
    last = {(row["relationship_id"], row["field"]): row["at"] for row in told.annotate(at=Max("made_at"))}
    return {
        (copy.relationship_id, copy.field): last.get((copy.relationship_id, copy.field), since[copy.relationship_id])
        for copy in copies
    }


def _open(copies: Iterable[Copy]) -> set[tuple[UUID, str]]:
    about = {copy.relationship_id for copy in copies}
    rows = DeletionNotice.objects.filter(relationship_id__in=Among(about), confirmed_at__isnull=True)
    return set(rows.values_list("relationship_id", "field"))


def _disclosed(copies: Iterable[Copy], told_at: Mapping[tuple[UUID, str], datetime]) -> list[Copy]:
    """Those that did leave since then. One statement for each third party and time, of which there are few."""
    left: dict[tuple[UUID, UUID, datetime], frozenset[str]] = {}
    found = []
    for copy in copies:
        asked = (copy.subject_id, copy.third_party_id, told_at[copy.relationship_id, copy.field])
        if asked not in left:
            left[asked] = fields_disclosed(*asked[:2], since=asked[2])
        if copy.field in left[asked]:
            found.append(copy)
    return found
