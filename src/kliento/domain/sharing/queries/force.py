"""Which choices to share are of force: those made under words that have not changed materially since (R-CON-6)."""

from uuid import UUID

from django.db.models import Q

from kliento.domain.policy.queries import register, standing_notices
from kliento.domain.sharing.models import Grant


def grant_has_force(purpose: str, notice_number: int) -> bool:
    """Whether a choice to share for this purpose, made under the notice of that number, is one of what stands now.

    A loyalty card's rests on its contract, whose terms ask by themselves. R-CON-6.
    """
    if not _rests_on_consent(purpose):
        return True
    notices = standing_notices(purpose, one_field=True)
    return notices is not None and notices[0] <= notice_number <= notices[1]


def without_force(*, limit: int) -> list[tuple[UUID, UUID]]:
    """Grants made under words that have changed materially since, nobody being told yet: each with its person's id.

    At most `limit`; one statement, out of one index.
    """
    rows = Grant.objects.filter(
        of_earlier_words(), ended_at__isnull=True, outdated_at__isnull=True, relationship__subject_id__isnull=False
    )
    found = rows.values_list("relationship__subject_id", "id")[:limit]
    return [(person_id, grant_id) for person_id, grant_id in found if person_id]


def of_earlier_words() -> Q:
    """Chosen under words that have changed materially since, for any purpose that rests on consent."""
    earlier = Q(pk__in=())
    for purpose in filter(_rests_on_consent, register().purposes):
        notices = standing_notices(purpose, one_field=True)
        if notices is not None:
            earlier |= Q(purpose=purpose, notice_number__lt=notices[0])
    return earlier


def _rests_on_consent(purpose: str) -> bool:
    declared = register().purposes.get(purpose)
    return declared is not None and declared.basis == "consent"
