"""Who has seen my data, summed up from Activity: by company, and by detail. Names and counts, never a value."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kliento.domain.activity.queries import FieldSeen, Looks, fields_seen, looks_at, reaches_back_to
from kliento.domain.cards.queries import subjects_of
from kliento.domain.gate.actions import fields_kept, would_be_given
from kliento.domain.policy.queries import register
from kliento.domain.recipients.queries import RecipientName, names_of
from kliento.domain.recipients.rules import initials_of
from kliento.domain.sharing.queries import companies_of
from kliento.domain.sharing.rules import Relation
from kliento.interfaces.person.shown import in_order
from kliento.kernel.actor import PersonActor
from kliento.web.reading import label_of, labels_of

VISIT = "visit"
EXPORT = "exported"


@dataclass(frozen=True, slots=True)
class Company:
    """One who saw something: what, how often, when last, and what it may see now. `id` is None for Kliento itself."""

    id: UUID | None
    name: RecipientName
    saw: str
    times: str
    last_at: datetime
    may_see: str
    still: str
    paused: bool


@dataclass(frozen=True, slots=True)
class Onlooker:
    """One who saw a detail, or may see it; `times` is 0 where it has not."""

    id: UUID | None
    name: str
    times: int
    last_at: datetime | None
    may_see: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail or fact, kept now or seen before, with whoever saw it or may see it."""

    code: str
    label: str
    kept: bool
    onlookers: list[Onlooker]

    @property
    def seen(self) -> bool:
        """Whether anybody has seen it, as far as the log still tells."""
        return any(one.times for one in self.onlookers)


@dataclass(frozen=True, slots=True)
class Seen:
    """Both views of the page, the same facts in each, and how far back they reach."""

    companies: list[Company]
    details: list[Detail]
    since: datetime | None


def seen_of(person: PersonActor, *, at: datetime) -> Seen:
    """Who has seen what of this person's, cards they claimed included. At most twelve statements, whatever the log."""
    subjects = subjects_of(person.person_id)
    looks, fields = looks_at(subjects), fields_seen(subjects)
    relations = {relation.third_party_id: relation for relation in companies_of(person.person_id)}
    given = would_be_given(person, relations.values(), at=at)
    names = _names({one.recipient_id for one in looks} | given.keys())
    return Seen(
        companies=_by_company(looks, fields, given, relations, names),
        details=_by_detail(fields, fields_kept(person), given, names),
        since=reaches_back_to(subjects),
    )


def _by_company(
    looks: Sequence[Looks],
    fields: Sequence[FieldSeen],
    given: Mapping[UUID, frozenset[str]],
    relations: Mapping[UUID, Relation],
    names: Mapping[UUID | None, RecipientName],
) -> list[Company]:
    """Whoever looked last first."""
    companies = []
    for recipient_id in dict.fromkeys(one.recipient_id for one in looks):
        theirs = [one for one in looks if one.recipient_id == recipient_id]
        saw = {one.field for one in fields if one.recipient_id == recipient_id}
        now = given.get(recipient_id, frozenset()) if recipient_id else frozenset()
        relation = relations.get(recipient_id) if recipient_id else None
        companies.append(
            Company(
                id=recipient_id,
                name=names[recipient_id],
                saw=labels_of(_listed(saw)),
                times=_times(theirs),
                last_at=max(one.last_at for one in theirs),
                may_see=labels_of(_listed(now)),
                still=_still(len(saw & now), len(saw)),
                paused=relation is not None and relation.paused_at is not None,
            )
        )
    return companies


def _by_detail(
    fields: Sequence[FieldSeen],
    kept: Sequence[str],
    given: Mapping[UUID, frozenset[str]],
    names: Mapping[UUID | None, RecipientName],
) -> list[Detail]:
    """In the catalogue's order; what is no longer declared comes last."""
    may_see = {code for codes in given.values() for code in codes}
    theirs = {code for code in kept if register().field(code).keeper == "person"}
    return [
        Detail(code, label_of(code), code in kept or code in may_see, _onlookers(code, fields, given, names))
        for code in _listed({one.field for one in fields} | theirs | may_see)
    ]


def _onlookers(
    code: str,
    fields: Sequence[FieldSeen],
    given: Mapping[UUID, frozenset[str]],
    names: Mapping[UUID | None, RecipientName],
) -> list[Onlooker]:
    """Those who saw it, whoever looked last first; then those who may and have not."""
    allowed = {recipient_id for recipient_id, codes in given.items() if code in codes}
    saw = [
        Onlooker(one.recipient_id, names[one.recipient_id].name, one.entries, one.last_at, one.recipient_id in allowed)
        for one in fields
        if one.field == code
    ]
    others = allowed - {one.id for one in saw}
    return saw + sorted(
        (Onlooker(each, names[each].name, 0, None, may_see=True) for each in others), key=lambda one: one.name
    )


def _listed(codes: Collection[str]) -> list[str]:
    """In the catalogue's order; what is declared no more comes last."""
    declared = in_order(codes)
    return [*declared, *sorted(set(codes).difference(declared))]


def _names(recipient_ids: Iterable[UUID | None]) -> dict[UUID | None, RecipientName]:
    """Of all of them, of Kliento itself, and of companies that are no more."""
    wanted = set(recipient_ids)
    holder = register().holder.name
    former = RecipientName(_("A former company"), "–", 0, "")
    found = names_of({one for one in wanted if one})
    return {one: found.get(one, former) for one in wanted if one} | {
        None: RecipientName(holder, initials_of(holder), 0, "")
    }


def _times(theirs: Sequence[Looks]) -> str:
    """How often, in words: visits, lists they took along, and other looks."""
    visits = sum(one.entries for one in theirs if one.kind == VISIT)
    files = sum(one.entries for one in theirs if one.kind == EXPORT)
    looks = sum(one.entries for one in theirs) - visits - files
    counted = (
        (visits, ngettext("%(count)d visit", "%(count)d visits", visits)),
        (looks, ngettext("%(count)d look", "%(count)d looks", looks)),
        (files, ngettext("in %(count)d file they took along", "in %(count)d files they took along", files)),
    )
    return ", ".join(words % {"count": count} for count, words in counted if count)


def _still(still: int, saw: int) -> str:
    """Whether they may still see what they saw."""
    if not saw:
        return ""
    if still == saw:
        return _("They may still see it")
    return _("They may still see part of it") if still else _("They see none of it any more")
