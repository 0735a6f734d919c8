"""Rows as the seal sees them, for those who seal and those who verify alike."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kliento.domain.activity.models import Epoch
from kliento.domain.activity.rules.leaves import Sealable, digest_of_row, moment

SEALED_COLUMNS = (
    "seq",
    "id",
    "xid",
    "subject_id",
    "number",
    "kind",
    "recipient_id",
    "purpose",
    "basis",
    "fields",
    "at",
    "until",
    "salt",
    "payload",
)


def sealable(row: tuple[Any, ...]) -> Sealable:
    """A row of SEALED_COLUMNS."""
    named = dict(zip(SEALED_COLUMNS, row, strict=True))
    if named["salt"] is not None:
        named["salt"] = bytes(named["salt"])
    return Sealable(**named)


def epoch_digest(epoch: Epoch) -> str:
    """The hash of an epoch's row, every column of it, which its entry carries."""
    return digest_of_row(
        {
            "begun_at": moment(epoch.begun_at),
            "entry": str(epoch.entry_id),
            "first_size": epoch.first_size,
            "floor_seq": epoch.floor_seq,
            "floor_xid": epoch.floor_xid,
            "number": epoch.number,
            "origin": epoch.origin,
        }
    )


def notice_entry_id(number: int) -> UUID:
    """The entry that seals the notice of this number: the number itself, as an id."""
    return UUID(int=number)


def notice_digest(row: Mapping[str, Any]) -> str:
    """The hash of a published notice's row, every column of it, which its entry carries."""
    return digest_of_row(
        {**row, "dated": row["dated"].isoformat(), "published_at": moment(row["published_at"])},
    )
