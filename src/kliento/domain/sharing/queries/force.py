"""Which choices to share are of force: those made under words that have not changed materially since (R-CON-6)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kliento.domain.policy.queries import register, standing_notices, standing_since
from kliento.domain.sharing.models import Grant


def grant_has_force(purpose: str, notice_number: int, *, at: datetime | None = None) -> bool:
    """Whether a choice to share for this purpose, made under the notice of that number, is one of what stands now.

    0 stands for the notice that was in force `at` the time of the choice; without a time for the first one. A loyalty
    card's rests on its contract, whose terms ask by themselves. R-CON-6.
    """
    if not _rests_on_consent(purpose):
        return True
    notices = standing_notices(purpose, one_field=True)
    if notices is None:
        return False
    if notice_number == 0 and at is not None:
        since = standing_since(purpose, one_field=True)
        return notices[0] == 1 or (since is not None and at >= since)
    return notices[0] <= max(notice_number, 1) <= notices[1]


def without_force(*, at: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Grants made under words that have changed materially since, nobody being told yet: each with its person's id.

    What has run out by then is left out: that is told by itself. At most `limit`; one statement, out of one index.
    """
    rows = Grant.objects.filter(
        of_earlier_words(),
        Q(expires_at__isnull=True) | Q(expires_at__gt=at),
        ended_at__isnull=True,
        outdated_at__isnull=True,
        relationship__subject_id__isnull=False,
    )
    found = rows.values_list("relationship__subject_id", "id")[:limit]
    return [(person_id, grant_id) for person_id, grant_id in found if person_id]


def of_earlier_words() -> Q:
    """Chosen under words that have changed materially since, for any purpose that rests on consent."""
    earlier = Q(pk__in=())
    for purpose in filter(_rests_on_consent, register().purposes):
        notices = standing_notices(purpose, one_field=True)
        if notices is not None and notices[0] > 1:
            since = standing_since(purpose, one_field=True)
            earlier |= Q(purpose=purpose, notice_number__gt=0, notice_number__lt=notices[0])
            earlier |= Q(purpose=purpose, notice_number=0, granted_at__lt=since)
    return earlier


def _rests_on_consent(purpose: str) -> bool:
    declared = register().purposes.get(purpose)
    return declared is not None and declared.basis == "consent"
