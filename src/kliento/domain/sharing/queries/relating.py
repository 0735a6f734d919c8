"""Relationships and live grants, read in one statement for any number of pairs; default sets."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from kliento.domain.people.queries import in_state
from kliento.domain.policy.queries import register
from kliento.domain.recipients.queries import standing_of
from kliento.domain.sharing.models import DefaultField, Grant, Relationship
from kliento.domain.sharing.queries.force import grant_has_force, of_earlier_words
from kliento.domain.sharing.queries.places import place_of_row
from kliento.domain.sharing.rules import SERVING, LiveGrant, Pair, Relation, distinct_pairs
from kliento.kernel import sets
from kliento.kernel.errors import NotFound
from kliento.kernel.rows import Among
from kliento.kernel.statements import Statement, ask

_NUMBER_LENGTH = 8
_RELATIONS = """
    SELECT known.id, known.subject_id, known.third_party_id, known.member_number, known.since_at, known.paused_at,
           party.state, party.country, party.transfer_mechanism, party.purposes,
           live.field, live.purpose, live.expires_at, live.granted_at, live.notice_number
    FROM {given} AS given
    LEFT JOIN sharing_relationship AS known
      ON known.subject_id = given.subject_id AND known.third_party_id = given.third_party_id
    LEFT JOIN recipients_third_party AS party ON party.id = known.third_party_id
    LEFT JOIN sharing_grant AS live ON live.relationship_id = known.id AND live.ended_at IS NULL
    WHERE {found}
"""


@dataclass(frozen=True, slots=True)
class Continuations:
    """A card without an account that was claimed has a member number of its own, and goes on as its person's."""

    goes_on_as: str | None
    cards: tuple[str, ...]


def relations(pairs: Iterable[tuple[UUID, UUID]]) -> dict[Pair, Relation]:
    """The relationships of these (subject, third party) pairs with their live grants; missing ones are left out.

    One statement.
    """
    return ask(relations_of(pairs))


def relations_of(pairs: Iterable[tuple[UUID, UUID]]) -> Statement[dict[Pair, Relation]]:
    """The statement of `relations`, for whoever sends others with it."""
    wanted = distinct_pairs(pairs)
    if not wanted:
        return Statement.answered({})

    def read(rows: list[tuple[Any, ...]]) -> dict[Pair, Relation]:
        found = _gathered(_read(row) for row in rows)
        return {pair: found[pair] for pair in wanted if pair in found}

    table, parameters = sets.given(connection, {"subject_id": "uuid", "third_party_id": "uuid"}, wanted)
    return Statement(_RELATIONS.format(given=table, found=sets.found("known.id")), parameters, read)


def relationship_by_number(third_party_id: UUID, number: str) -> Relation:
    """The relationship behind a member number, for the third party it was made for.

    Raises NotFound for everybody else's numbers, and of those who leave, as for numbers that do not exist (R-VIS-3,
    R-DEL-1). One statement.
    """
    if not (number.isascii() and number.isdigit()):  # PostgreSQL would fail at a NUL instead of finding nothing
        raise NotFound(code="unknown_member")
    rows = _staying(Relationship.objects.filter(third_party_id=third_party_id, member_number=number))
    for relation in _with_grants(rows).values():
        return relation
    raise NotFound(code="unknown_member")


def continuations_of(relation: Relation) -> Continuations:
    """What became of this member by a claim, as far as the same third party may know. One statement."""
    asked = Relationship.objects.filter(id=relation.relationship_id).values("continues_as")
    own = Relationship.objects.filter(third_party_id=relation.third_party_id)
    goes_on_as = _staying(own).filter(id__in=asked).values_list("continues_as", "member_number")
    cards = own.filter(continues_as=relation.relationship_id).values_list("continues_as", "member_number")
    rows = list(goes_on_as.union(cards))
    return Continuations(
        goes_on_as=next((number for continues_as, number in rows if continues_as is None), None),
        cards=tuple(sorted(number for continues_as, number in rows if continues_as is not None)),
    )


def continued_as(card_id: UUID) -> dict[UUID, UUID]:
    """As which relationships those of a claimed card go on, by third party. One statement."""
    rows = Relationship.objects.filter(subject_id=card_id, continues_as__isnull=False)
    return {third_party_id: own for third_party_id, own in rows.values_list("third_party_id", "continues_as") if own}


def families_of(relationship_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Of these relationships and those they go on as or that go on as them: as which each goes on; others are left out.

    Two statements, one where none of them has to do with a claimed card.
    """
    claimed = Relationship.objects.filter(continues_as__isnull=False)
    asked = Among(relationship_ids)
    found = claimed.filter(id__in=asked).union(claimed.filter(continues_as__in=asked), all=True)
    own = {own for own in found.values_list("continues_as", flat=True) if own is not None}
    if not own:
        return {}
    cards = claimed.filter(continues_as__in=Among(own)).values_list("id", "continues_as")
    return {card: goes_on for card, goes_on in cards if goes_on is not None} | {each: each for each in own}


def companies_of(person_id: UUID) -> list[Relation]:
    """Every third party that knows this person, with what is shared there; the newest relationship first."""
    found = _with_grants(Relationship.objects.filter(subject_id=person_id))
    return sorted(found.values(), key=lambda relation: relation.since_at, reverse=True)


def relation_of(pair: Pair) -> Relation:
    """The relationship of one person and one third party. Raises NotFound where there is none. One statement."""
    try:
        return relations([pair])[pair]
    except KeyError:
        raise NotFound(code="unknown_company") from None


def may_be_asked(relationship_id: UUID) -> bool:
    """Whether the third party may put a question there: not while paused, nor after the person stopped it until they
    share something again. One statement.
    """
    here = Relationship.objects.filter(id=relationship_id, subject_id__isnull=False, paused_at__isnull=True)
    shares = Exists(Grant.objects.filter(relationship_id=OuterRef("id"), ended_at__isnull=True))
    return here.filter(Q(stopped_at__isnull=True) | shares).exists()


def members_of(
    third_party_id: UUID, *, number: str = "", before: tuple[datetime, UUID] | None = None, limit: int
) -> list[Relation]:
    """Everybody a third party knows, newest first, at most `limit`, with what they share. One statement.

    Whoever closed their account is not among them, from that moment on (R-DEL-1); nor is a card that somebody claimed:
    it goes on as that member. Asked for by its whole number it is found.

    `number`: those whose member number begins so. `before`: older than the one with that (`since_at`,
    `relationship_id`), for the next page.
    """
    rows = _staying(Relationship.objects.filter(third_party_id=third_party_id))
    if number:
        if not (number.isascii() and number.isdigit() and len(number) <= _NUMBER_LENGTH):
            return []
        first, last = (number.ljust(_NUMBER_LENGTH, fill) for fill in "09")
        rows = rows.filter(member_number__range=(first, last))
    if len(number) < _NUMBER_LENGTH:
        rows = rows.filter(continues_as__isnull=True)
    if before is not None:
        since_at, relationship_id = before
        rows = rows.filter(since_at__lte=since_at).exclude(since_at=since_at, id__gte=relationship_id)
    page = rows.order_by("-since_at", "-id").values("id")[:limit]
    found = _with_grants(Relationship.objects.filter(id__in=page))
    return sorted(found.values(), key=lambda one: (one.since_at, one.relationship_id.int), reverse=True)


def place_of_member(third_party_id: UUID, relationship_id: UUID) -> tuple[datetime, UUID]:
    """After whom a page of `members_of` goes on. Raises NotFound for a relationship of somebody else."""
    return place_of_row(Relationship.objects.filter(third_party_id=third_party_id, id=relationship_id), "since_at")


def default_set(person_id: UUID) -> frozenset[str]:
    """What this person lets be shared at first visits; nothing that was chosen under words that have changed since."""
    rows = DefaultField.objects.filter(subject_id=person_id).values_list("field", "notice_number")
    return frozenset(field for field, number in rows if grant_has_force(SERVING, number))


def default_set_outdated(person_id: UUID) -> bool:
    """Whether something of their default set was chosen under words that have changed since. One statement."""
    numbers = DefaultField.objects.filter(subject_id=person_id).values_list("notice_number", flat=True)
    return any(not grant_has_force(SERVING, number) for number in numbers)


def asked_again(person_id: UUID) -> list[Relation]:
    """Where this person chose to share something under words that have changed since, the newest relationship first.

    What needs an explicit consent of its own is left out: `consents.queries.asked_again` has that. One statement.
    """
    live = Grant.objects.filter(of_earlier_words(), relationship=OuterRef("id"), ended_at__isnull=True)
    rows = Relationship.objects.filter(Exists(live), subject_id=person_id)
    return [
        replace(relation, outdated=ordinary)
        for relation in sorted(_with_grants(rows).values(), key=lambda one: one.since_at, reverse=True)
        if (ordinary := frozenset(grant for grant in relation.outdated if not is_special(grant.field)))
    ]


def ending_soon(relationship_id: UUID, *, at: datetime, until: datetime) -> tuple[Relation, datetime] | None:
    """The relationship and when the first thing shared in it ends between these times; None when nothing does."""
    for relation in _with_grants(Relationship.objects.filter(id=relationship_id)).values():
        ends = [grant.expires_at for grant in relation.grants if grant.expires_at and at < grant.expires_at <= until]
        if ends:
            return relation, min(ends)
    return None


def outdated_grants(pair: Pair) -> QuerySet[Grant]:
    """Those of them that were chosen under words that have changed since; within this package."""
    return live_grants(pair).filter(of_earlier_words())


def live_grants(pair: Pair, *, purpose: str | None = None) -> QuerySet[Grant]:
    """The grants of one person to one third party that have not been ended; within this package."""
    live = Grant.objects.filter(
        relationship__subject_id=pair.subject_id,
        relationship__third_party_id=pair.third_party_id,
        ended_at__isnull=True,
    )
    return live if purpose is None else live.filter(purpose=purpose)


def is_special(code: str) -> bool:
    """Whether a field, or what a derived fact is worked out from, is a special category (GDPR Art. 9)."""
    return bool(register().field(register().kept_in(code)).special)


def _staying(rows: QuerySet[Relationship]) -> QuerySet[Relationship]:
    """Those of people who have not left and are not leaving."""
    return rows.filter(~in_state("subject_id", "erasing"), subject_id__isnull=False)


def _read(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row of the raw statement as the ORM would give it."""
    identifier, subject_id, third_party_id, number, since_at, paused_at, state, country, mechanism, purposes, *grant = (
        row
    )
    field, purpose, expires_at, granted_at, notice_number = grant
    return (
        sets.identifier(identifier), sets.identifier(subject_id), sets.identifier(third_party_id), number,
        sets.moment(since_at), paused_at and sets.moment(paused_at), state, country, mechanism, _purposes(purposes),
        field, purpose, expires_at and sets.moment(expires_at), granted_at and sets.moment(granted_at), notice_number,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _purposes(document: str) -> frozenset[str]:
    return frozenset(json.loads(document))


def _with_grants(rows: QuerySet[Relationship]) -> dict[Pair, Relation]:
    joined = rows.annotate(live=FilteredRelation("grants", condition=Q(grants__ended_at__isnull=True))).values_list(
        "id", "subject_id", "third_party_id", "member_number", "since_at", "paused_at",
        "third_party__state", "third_party__country", "third_party__transfer_mechanism", "third_party__purposes",
        "live__field", "live__purpose", "live__expires_at", "live__granted_at", "live__notice_number",
    )  # fmt: skip
    return _gathered(joined)


def _gathered(rows: Iterable[tuple[Any, ...]]) -> dict[Pair, Relation]:
    """A relationship from its rows, one for each live grant."""
    columns: dict[UUID, tuple[UUID, UUID, str, datetime, datetime | None, bool, frozenset[str]]] = {}
    grants: dict[UUID, set[LiveGrant]] = {}
    outdated: dict[UUID, set[LiveGrant]] = {}
    for identifier, subject_id, third_party_id, number, since_at, paused_at, *rest in rows:
        if subject_id is None:
            continue
        if identifier not in columns:
            stands = standing_of(*rest[:4])
            columns[identifier] = (
                subject_id, third_party_id, number, since_at, paused_at, stands.approved, stands.purposes
            )  # fmt: skip
            grants[identifier], outdated[identifier] = set(), set()
        *_stands, field, purpose, expires_at, granted_at, notice_number = rest
        if field is not None:
            kept = grants if grant_has_force(purpose, notice_number, at=granted_at) else outdated
            kept[identifier].add(LiveGrant(field, purpose, expires_at, granted_at))
    return {
        Pair(*row[:2]): Relation(identifier, *row, frozenset(grants[identifier]), frozenset(outdated[identifier]))
        for identifier, row in columns.items()
    }
