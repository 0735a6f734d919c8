"""What was shared until not long ago."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from kliento.domain.sharing.models import Grant
from kliento.domain.sharing.rules import Pair, PastGrant
from kliento.kernel.rows import Among


def past_grants(pairs: Collection[Pair], *, since: datetime) -> list[PastGrant]:
    """The choices between these people and third parties that were not ended by then. One statement."""
    rows = Grant.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=since),
        relationship__subject_id__in=Among({pair.subject_id for pair in pairs}),
        relationship__third_party_id__in=Among({pair.third_party_id for pair in pairs}),
    ).select_related("relationship")
    return [
        PastGrant(
            Pair(row.relationship.subject_id, row.relationship.third_party_id),
            row.field,
            row.purpose,
            row.granted_at,
            row.ended_at,
        )
        for row in rows
        if row.relationship.subject_id
    ]
