"""Reading the counts, one's own feedback, and the order of one's own places."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from kliento.domain.cards.queries import subjects_of
from kliento.domain.gate.actions import OwnValue, own_values
from kliento.domain.gate.queries import may_use
from kliento.domain.improvement.models import UsageDay
from kliento.domain.improvement.rules import (
    FEEDBACK,
    INSIGHT,
    PERSONALISATION,
    VISITS_LOOKED_AT,
    InOrder,
    PageViews,
    by_own_visits,
)
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.rules import Relation
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotAllowed


def views_since(day: date) -> list[PageViews]:
    """How often each page was opened on that day and since, the most opened first. One statement."""
    rows = UsageDay.objects.filter(day__gte=day).values_list("page").annotate(views=Sum("count"))
    return [PageViews(page, views) for page, views in rows.order_by("-views", "page")]


def my_feedback(by: PersonActor) -> OwnValue | None:
    """One's own feedback, if there is any."""
    return own_values(by, fields=[FEEDBACK]).get(FEEDBACK)


def reads_feedback_of(by: PersonActor) -> bool:
    """Whether the register holder may read this person's feedback now."""
    return may_use(by.person_id, INSIGHT)


def companies_in_order(person_id: UUID, relations: Sequence[Relation], *, by: PersonActor, at: datetime) -> InOrder:
    """These relationships of the person with the places they go to first, by their own visits of half a year; then by
    name. By name alone for whoever objects to personalisation, is restricted, or while it is not in use.

    One statement besides asking whether it may be done. Raises NotAllowed for anybody but the person.
    """
    if by.person_id != person_id:
        raise NotAllowed(code="only_the_person")
    may = may_use(person_id, PERSONALISATION)
    known = _names_and_visits(
        [relation.third_party_id for relation in relations],
        person_id=person_id,
        since=at - VISITS_LOOKED_AT if may else None,
    )
    return InOrder(by_own_visits(relations, known), by_visits=may)


def _names_and_visits(
    third_party_ids: Sequence[UUID], *, person_id: UUID, since: datetime | None
) -> dict[UUID, tuple[str, int]]:
    """Name and number of this person's visits since then, of each; without `since` no visit is looked at."""
    rows = ThirdParty.objects.filter(id__in=third_party_ids)
    if since is None:
        return {third_party_id: (name, 0) for third_party_id, name in rows.values_list("id", "name")}
    there = Visit.objects.filter(
        subject_id__in=subjects_of(person_id), third_party_id=OuterRef("id"), occurred_at__gt=since
    )
    count = there.order_by().values("third_party_id").annotate(count=Count("id")).values("count")
    counted = rows.annotate(visits=Coalesce(Subquery(count, output_field=IntegerField()), 0))
    return {row[0]: (row[1], row[2]) for row in counted.values_list("id", "name", "visits")}
