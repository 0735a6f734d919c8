"""One company as the person sees it: what it may see, since when and until when, and what could be shared besides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import OwnValue
from kliento.domain.recipients.queries import PremisesView
from kliento.domain.sharing.queries import companies_of
from kliento.domain.sharing.rules import SERVING, LiveGrant, Relation
from kliento.interfaces.person.shown import Shown, shareable, shown
from kliento.web.reading import labels_of


@dataclass(frozen=True, slots=True)
class Switch:
    """A detail or derived fact and whether this company may see it now; `since` and `until` where it may."""

    shown: Shown
    on: bool
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TellingPlace:
    """Premises where a visit tells more about somebody than that they were out."""

    name: str
    telling: str


def switches_of(relation: Relation | None, values: Mapping[str, OwnValue], *, at: datetime) -> list[Switch]:
    """One for each shareable part that has a value or is shared, in the catalogue's order."""
    granted = grants_of(relation, SERVING, at=at)
    return [
        _switch(part, granted.get(part.code))
        for part in shown(shareable(SERVING), values)
        if part.code in granted or not part.missing
    ]


def grants_of(relation: Relation | None, purpose: str, *, at: datetime) -> dict[str, LiveGrant]:
    """The choices that stand for that purpose, by field; those of a paused company too."""
    grants = relation.grants if relation else ()
    return {grant.field: grant for grant in grants if grant.purpose == purpose and grant.stands(at=at)}


def agreed_grant(
    person_id: UUID, third_party_id: UUID, field: str, *, purpose: str = SERVING, at: datetime
) -> LiveGrant | None:
    """A special category that is shared with this company now: the choice and the explicit consent both stand."""
    if Choice(purpose, field=field, recipient_id=third_party_id) not in standing(person_id):
        return None
    return grants_of(relation_with(companies_of(person_id), third_party_id), purpose, at=at).get(field)


def seen_by(relation: Relation, *, at: datetime) -> frozenset[str]:
    """Every detail and fact the company may see now, for any purpose."""
    purposes = {grant.purpose for grant in relation.grants}
    return frozenset().union(*(relation.granted(purpose, at=at) for purpose in purposes))


def end_chosen_before(
    person_id: UUID, third_party_id: UUID, field: str, *, purpose: str = SERVING, at: datetime
) -> datetime | None:
    """Until when it was shared there, by words that have changed since: who shares it again had chosen that end."""
    relation = relation_with(companies_of(person_id), third_party_id)
    ends = [each for each in (relation.outdated if relation else ()) if (each.field, each.purpose) == (field, purpose)]
    return next((each.expires_at for each in ends if each.stands(at=at)), None)


def outdated_labels(relation: Relation) -> str:
    """What was shared there under words that have changed since (R-CON-6)."""
    return labels_of(sorted(grant.field for grant in relation.outdated))


def relation_with(relations: list[Relation], third_party_id: UUID) -> Relation | None:
    """The one with this company, if there is one."""
    return next((relation for relation in relations if relation.third_party_id == third_party_id), None)


def telling_places(premises: list[PremisesView]) -> list[TellingPlace]:
    """Those where a visit tells about health, union or belief (R-VIS-7)."""
    words = {
        "health": _("a visit tells about your health"),
        "union": _("a visit tells that you belong to a union"),
        "belief": _("a visit tells about your belief"),
    }
    return [TellingPlace(place.name, words[place.reveals]) for place in premises if place.reveals]


def _switch(part: Shown, grant: LiveGrant | None) -> Switch:
    return Switch(part, grant is not None, grant and grant.granted_at, grant and grant.expires_at)
