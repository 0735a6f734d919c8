"""How what happens between one person and one third party is entered in Activity."""

from collections.abc import Mapping
from datetime import datetime

from kliento.domain.activity.rules import NewEntry
from kliento.domain.policy.queries import register
from kliento.domain.sharing.rules import SERVING, Pair


def entry_about(
    pair: Pair,
    kind: str,
    fields: tuple[str, ...] = (),
    *,
    purpose: str = SERVING,
    until: datetime | None = None,
    payload: Mapping[str, object] | None = None,
    at: datetime,
) -> NewEntry:
    """An entry of the person that names the third party, the purpose and its basis."""
    return NewEntry(
        subject_id=pair.subject_id,
        kind=kind,
        at=at,
        recipient_id=pair.third_party_id,
        purpose=purpose,
        basis=register().purpose(purpose).basis,
        fields=fields,
        until=until,
        payload=payload or {},
    )
