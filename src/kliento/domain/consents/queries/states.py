"""How choices stand, and what was said when."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from kliento.domain.consents.models import Event, State
from kliento.domain.consents.rules import Choice, Noted, Shown, Standing
from kliento.domain.policy.queries import register, standing_notices
from kliento.domain.policy.rules import asked_for
from kliento.kernel.errors import NotFound
from kliento.kernel.rows import Among

NOBODY = UUID(int=0)


def standing(subject_id: UUID) -> frozenset[Choice]:
    """The consents in force now. One statement."""
    return standing_of([subject_id])[subject_id]


def standing_of(subject_ids: Collection[UUID]) -> dict[UUID, frozenset[Choice]]:
    """The consents of each of these subjects that are in force now. One statement.

    One given under words that changed materially since has no force (R-CON-6).
    """
    given: dict[UUID, list[Choice]] = {subject_id: [] for subject_id in subject_ids}
    rows = State.objects.filter(subject_id__in=Among(given), matter=State.Matter.CONSENT, kind=Event.Kind.GIVEN)
    for row in rows:
        choice = _choice(row)
        if has_force(choice, row.notice_number):
            given[row.subject_id].append(choice)
    return {subject_id: frozenset(choices) for subject_id, choices in given.items()}


def choices_of(subject_id: UUID) -> dict[Choice, Standing]:
    """Every consent this subject has ever said something about, and how it stands. One statement."""
    rows = State.objects.filter(subject_id=subject_id, matter=State.Matter.CONSENT)
    return {choice: _standing(row, choice) for row in rows for choice in (_choice(row),)}


def objections_of(subject_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The declared objections each of these subjects has made (GDPR Art. 21), by code. One statement."""
    objected: dict[UUID, set[str]] = {subject_id: set() for subject_id in subject_ids}
    rows = State.objects.filter(subject_id__in=Among(objected), matter=State.Matter.OBJECTION, kind=Event.Kind.OBJECTED)
    for subject_id, purpose in rows.values_list("subject_id", "purpose"):
        objected[subject_id].add(purpose)
    return {subject_id: frozenset(purposes) for subject_id, purposes in objected.items()}


def audience(purpose: str, channel: str, *, after: UUID | None = None, limit: int) -> list[UUID]:
    """Whose consent to this purpose on this channel is in force, by id, at most `limit` behind `after`.

    One statement, out of one index, however many people there are.
    """
    notices = standing_notices(purpose, one_field=False)
    if notices is None:
        return []
    rows = State.objects.filter(
        purpose=purpose,
        channel=channel,
        kind=Event.Kind.GIVEN,
        notice_number__range=notices,
        recipient_id=NOBODY,
        field="",
    )
    if after is not None:
        rows = rows.filter(subject_id__gt=after)
    return list(rows.order_by("subject_id").values_list("subject_id", flat=True)[:limit])


def without_force(*, limit: int) -> list[tuple[UUID, Choice]]:
    """Consents given under words that have changed materially since, at most `limit`; as yet noted as given.

    Two statements for each purpose that rests on consent, each out of one index.
    """
    found: list[tuple[UUID, Choice]] = []
    for purpose in register().purposes.values():
        if purpose.basis == "consent" and len(found) < limit:
            found += _without_force(purpose.code, limit=limit - len(found))
    return found


def asked_again(subject_id: UUID) -> list[Choice]:
    """What this subject agreed to whose words have changed since, and they have not answered again. One statement."""
    return [
        choice
        for choice, stands in choices_of(subject_id).items()
        if stands.kind == Event.Kind.OUTDATED or (stands.kind == Event.Kind.GIVEN and not stands.in_force)
    ]


def has_force(choice: Choice, notice_number: int) -> bool:
    """Whether a consent given under the notice of that number is one to what this process has declared."""
    notices = standing_notices(choice.purpose, one_field=bool(choice.field))
    return notices is not None and notices[0] <= notice_number <= notices[1]


def history_of(subject_id: UUID, *, before: UUID | None = None, limit: int = 200) -> list[Noted]:
    """What this subject was shown and said, the last first, behind the event `before`. At most two statements.

    Raises NotFound when `before` is no event of theirs.
    """
    events = Event.objects.filter(subject_id=subject_id)
    if before is not None:
        last = event_of(subject_id, before)
        events = events.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.id))
    return [noted(row) for row in events.order_by("-at", "-id")[:limit]]


def event_of(subject_id: UUID, event_id: UUID) -> Noted:
    """One of the subject's events. Raises NotFound, also for those of others."""
    row = Event.objects.filter(subject_id=subject_id, id=event_id).first()
    if row is None:
        raise NotFound(code="unknown_event")
    return noted(row)


def shown_already(subject_id: UUID, notice_version: str) -> frozenset[Choice]:
    """What this subject was shown under that notice. One statement."""
    rows = Event.objects.filter(subject_id=subject_id, kind=Event.Kind.SHOWN, notice_version=notice_version)
    return frozenset(noted(row).choice for row in rows)


def describe_person(person_id: UUID) -> dict:
    """Every choice of this person, oldest first, for their export."""
    events = Event.objects.filter(subject_id=person_id).order_by("at", "id")
    return {
        "consents": [
            {
                "id": str(event.id),
                "purpose": event.purpose,
                "channel": event.channel,
                "field": event.field,
                "recipient_id": str(event.recipient_id) if event.recipient_id else None,
                "choice": event.kind,
                "notice_version": event.notice_version,
                "language": event.language,
                "wording": event.wording,
                "at": event.at.isoformat(),
            }
            for event in events
        ]
    }


def shown_now(choice: Choice, language: str) -> Shown:
    """The words that stand now for this choice, as a form carries them to and fro."""
    return Shown(language, asked_for(register(), register().purpose(choice.purpose), language).hash)


def last_words(
    subject_ids: Collection[UUID], choices: Sequence[Choice], *, matter: str = State.Matter.CONSENT
) -> Mapping[tuple[UUID, Choice], State]:
    """How these choices of these subjects stand, by subject and choice. One statement; for this package's actions."""
    rows = State.objects.filter(
        subject_id__in=Among(subject_ids),
        matter=matter,
        purpose__in={choice.purpose for choice in choices},
    )
    return {(row.subject_id, _choice(row)): row for row in rows}


def noted(row: Event) -> Noted:
    """The event without whose it is."""
    return Noted(
        id=row.id,
        choice=Choice(row.purpose, row.channel, row.field, row.recipient_id),
        kind=row.kind,
        notice_version=row.notice_version,
        shown=Shown(row.language, row.wording),
        at=row.at,
    )


def _without_force(purpose: str, *, limit: int) -> list[tuple[UUID, Choice]]:
    outdated: list[tuple[UUID, Choice]] = []
    for one_field in (False, True):
        notices = standing_notices(purpose, one_field=one_field)
        if notices is None:
            continue
        rows = State.objects.filter(purpose=purpose, kind=Event.Kind.GIVEN, notice_number__lt=notices[0])
        rows = rows.exclude(field="") if one_field else rows.filter(field="")
        outdated += [(row.subject_id, _choice(row)) for row in rows.order_by("notice_number")[:limit]]
    return outdated[:limit]


def _choice(row: State) -> Choice:
    recipient = None if row.recipient_id == NOBODY else row.recipient_id
    return Choice(row.purpose, row.channel, row.field, recipient)


def _standing(row: State, choice: Choice) -> Standing:
    return Standing(
        kind=row.kind,
        event_id=row.event_id,
        at=row.at,
        in_force=row.kind == Event.Kind.GIVEN and has_force(choice, row.notice_number),
    )
