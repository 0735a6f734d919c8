"""Sharing ends: by a switch, with a value that goes, with everything at once, with an account, by the clock.

Every way ends here, so that every one is entered, takes the explicit consent behind it along and tells the recipient
to delete its copy (R-DEL-1, R-DEL-3).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from kliento.domain.activity.actions import record
from kliento.domain.consents.actions import end_consent, note_withdrawal
from kliento.domain.consents.rules import Choice
from kliento.domain.outbox.actions import enqueue_about
from kliento.domain.people.queries import lock_people, lock_self
from kliento.domain.sharing.actions.entering import entry_about
from kliento.domain.sharing.actions.notices import Copy, make_notices
from kliento.domain.sharing.models import Grant, Relationship
from kliento.domain.sharing.queries import is_special, live_grants, outdated_grants, without_force
from kliento.domain.sharing.rules import PROGRAMME, SERVING, Pair
from kliento.kernel.actor import Actor, OperatorActor, SystemActor
from kliento.kernel.rows import Among

BATCH = 200
CLOCK = SystemActor("sharing.end_expired_grants")
OVERRULING = SystemActor("visits.overrule")
_KINDS = {"outdated": "sharing_outdated"}


@dataclass(frozen=True, slots=True)
class Ended:
    """A grant that has just been ended. `ran_out`: its own time had come already; `told`: that it had no force."""

    relationship_id: UUID
    pair: Pair
    field: str
    purpose: str
    ran_out: bool
    told: bool


def end_grant(
    person_id: UUID, third_party_id: UUID, field: str, *, purpose: str = SERVING, by: Actor, at: datetime
) -> None:
    """Stop sharing one field with one third party, from its next read on. Ending what is not shared changes nothing.

    Works for suspended third parties too. Raises NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        live = live_grants(Pair(person_id, third_party_id), purpose=purpose).filter(field=field)
        end_live(live, reason="ended", by=by, at=at)


def end_grants(person_id: UUID, fields: Collection[str], *, by: Actor, at: datetime) -> list[UUID]:
    """Stop sharing these fields with everybody and for every purpose; whom they were shared with until now, sorted.

    For a value that goes, with all that was worked out from it: what is stored there later is private again (R-USR-1).
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        live = Grant.objects.filter(relationship__subject_id=person_id, field__in=fields, ended_at__isnull=True)
        ended = end_live(live, reason="removed", by=by, at=at)
    return sorted({one.pair.third_party_id for one in ended if not one.ran_out})


def end_first_grants(person_id: UUID, third_party_id: UUID, *, opened_at: datetime, by: Actor, at: datetime) -> None:
    """Stop sharing what a visit shared by opening the relationship at that moment: it was not the person's own.

    What was shared by another choice since stays. Raises NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        live = live_grants(Pair(person_id, third_party_id), purpose=SERVING)
        end_live(live.filter(granted_at=opened_at, relationship__since_at=opened_at), reason="ended", by=by, at=at)


def end_grants_of_openings(opened: Mapping[UUID, datetime], *, at: datetime) -> None:
    """Stop sharing what visits shared by opening relationships (by id, when each did): those visits do not count.

    Part of the caller's transaction, which holds the people; as few statements for many as for one, none for none.
    """
    if not opened:
        return
    first = Grant.objects.filter(
        relationship_id__in=Among(opened),
        purpose=SERVING,
        ended_at=None,
        granted_at=F("relationship__since_at"),
        granted_at__in=set(opened.values()),
    )
    end_live(first, reason="ended", by=OVERRULING, at=at)


def stop_company(person_id: UUID, third_party_id: UUID, *, by: Actor, at: datetime) -> None:
    """End everything shared with one third party, for every purpose, in one step. A pause ends with it.

    Until something is shared again, that third party asks the person nothing (`queries.may_be_asked`).

    Works for suspended third parties too. Raises NotAllowed unless `by` is the person.
    """
    pair = Pair(person_id, third_party_id)
    with transaction.atomic():
        lock_self(person_id, by=by)
        end_live(live_grants(pair), reason="stopped", by=by, at=at)
        here = Relationship.objects.filter(subject_id=person_id, third_party_id=third_party_id)
        here.update(paused_at=None, stopped_at=at)


def end_programme_grants(person_id: UUID, third_party_id: UUID, *, by: Actor, at: datetime) -> None:
    """Stop sharing what a loyalty card in use shared; the caller enters the act that took it out of use.

    By the person, or by an operator of the issuer that closes its programme. Raises NotAllowed for anybody else.
    """
    with transaction.atomic():
        if isinstance(by, OperatorActor) and by.third_party_id == third_party_id:
            lock_people([person_id])
        else:
            lock_self(person_id, by=by)
        live = live_grants(Pair(person_id, third_party_id), purpose=PROGRAMME)
        end_live(live, reason="card_out_of_use", by=by, at=at)


def end_outdated(person_id: UUID, third_party_id: UUID, *, by: Actor, at: datetime) -> None:
    """Leave ended what was shared with one third party under words that have changed since: it is asked no more.

    Works for suspended third parties too. Raises NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        end_live(outdated_grants(Pair(person_id, third_party_id)), reason="ended", by=by, at=at)


def note_outdated_grants(*, at: datetime, batch: int = BATCH) -> int:
    """Enter, where it is not yet, that what was shared has no force any more as the words about it changed (R-CON-6).

    It has none from the moment the notice was published (`queries.grant_has_force`); this says so to whoever shared
    it, and asks the recipients to delete their copies. How many grants; the people of `batch` grants a transaction.
    """
    noted = 0
    while found := without_force(at=at, limit=batch):  # looked for before anything is held
        with transaction.atomic():
            people = lock_people({person_id for person_id, _ in found})
            rows = Grant.objects.filter(
                id__in=Among([grant_id for _, grant_id in found]),
                ended_at__isnull=True,
                outdated_at__isnull=True,
                relationship__subject_id__in=list(people),
            )
            outdated = [one for _, one in _listed(rows, at=at)]
            still = rows.update(outdated_at=at)
            _enter(outdated, reason="outdated", at=at)
            make_notices(_copies(outdated), reason="outdated", at=at)
            enqueue_about("words_changed", {one.pair.subject_id for one in outdated}, at=at)
        noted += still
        if not still:
            break  # all of them have chosen anew meanwhile, or left
    return noted


def end_everything(person_id: UUID, *, at: datetime) -> None:
    """End everything a person shares with anybody, as their account is closed; part of that transaction.

    Entered nowhere: the closing is, and every entry of the person goes with it. The notices stay.
    """
    live = Grant.objects.filter(relationship__subject_id=person_id, ended_at__isnull=True)
    make_notices(_copies(_close(live, at=at)), reason="account_closed", at=at)


def end_expired_grants(*, at: datetime, batch: int = BATCH) -> int:
    """End what has run out: it was not served any more, and now its recipients are told to delete it; how many.

    The people of `batch` grants a transaction.
    """
    done = 0
    while True:
        with transaction.atomic():
            over = Grant.objects.filter(ended_at__isnull=True, expires_at__lte=at)
            first = over.order_by("expires_at").values_list("relationship__subject_id", flat=True)[:batch]
            people = lock_people([subject_id for subject_id in first if subject_id])
            live = over.filter(relationship__subject_id__in=list(people))
            ended = end_live(live, reason="ran_out", by=CLOCK, at=at)
        done += len(ended)
        if not ended:
            return done


def end_live(live: QuerySet[Grant], *, reason: str, by: Actor, at: datetime) -> list[Ended]:
    """End these grants of people who are locked, enter it, tell the recipients. What ran out before says so."""
    ended = _close(live, at=at)
    _enter(ended, reason=reason, at=at)
    for one in ended:
        if is_special(one.field):
            choice = Choice(one.purpose, field=one.field, recipient_id=one.pair.third_party_id)
            _end_consent(one.pair.subject_id, choice, by=by, at=at)
    make_notices(_copies([one for one in ended if one.ran_out]), reason="ran_out", at=at)
    make_notices(_copies([one for one in ended if not one.ran_out]), reason=reason, at=at)
    return ended


def _close(live: QuerySet[Grant], *, at: datetime) -> list[Ended]:
    ended = _listed(live, at=at)
    Grant.objects.filter(id__in=Among([grant_id for grant_id, _ in ended])).update(ended_at=at)
    return [one for _, one in ended]


def _listed(live: QuerySet[Grant], *, at: datetime) -> list[tuple[UUID, Ended]]:
    rows = live.order_by("relationship_id", "purpose", "field").select_related("relationship")
    return [
        (grant.id, _ended(grant, grant.relationship.subject_id, at=at))
        for grant in rows
        if grant.relationship.subject_id
    ]


def _ended(grant: Grant, subject_id: UUID, *, at: datetime) -> Ended:
    return Ended(
        relationship_id=grant.relationship_id,
        pair=Pair(subject_id, grant.relationship.third_party_id),
        field=grant.field,
        purpose=grant.purpose,
        ran_out=grant.expires_at is not None and grant.expires_at <= at,
        told=grant.outdated_at is not None,
    )


def _enter(ended: Sequence[Ended], *, reason: str, at: datetime) -> None:
    """One entry for each recipient and purpose; a loyalty card's own act names its fields already.

    Nothing for the end of something that had lost its force before, and was entered then.
    """
    entries = []
    new = [one for one in ended if not (one.ran_out and one.told)]
    for (pair, purpose, ran_out), some in groupby(new, key=lambda one: (one.pair, one.purpose, one.ran_out)):
        if ran_out or reason != "card_out_of_use":
            kind = "sharing_ran_out" if ran_out else _KINDS.get(reason, "sharing_ended")
            fields = tuple(one.field for one in some)
            entries.append(entry_about(pair, kind, fields, purpose=purpose, at=at))
    record(entries)


def _copies(ended: Iterable[Ended]) -> list[Copy]:
    """What the recipients have no reason to keep any more: nothing that is still shared there for another purpose."""
    copies = {Copy(one.relationship_id, *one.pair, one.field) for one in ended}
    shared = Grant.objects.filter(
        relationship_id__in=Among({copy.relationship_id for copy in copies}),
        ended_at__isnull=True,
        outdated_at__isnull=True,
    )
    still = set(shared.values_list("relationship_id", "field"))
    return [copy for copy in sorted(copies) if (copy.relationship_id, copy.field) not in still]


def _end_consent(person_id: UUID, choice: Choice, *, by: Actor, at: datetime) -> None:
    if by == CLOCK:
        end_consent(person_id, choice, at=at)
    else:
        note_withdrawal(person_id, choice, by=by, at=at)
