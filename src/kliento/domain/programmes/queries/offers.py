"""Programmes as people and their own third party read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kliento.domain.programmes.models import Programme
from kliento.domain.programmes.rules import Terms
from kliento.domain.recipients.queries import approved_now, approved_third_parties
from kliento.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """What somebody sees before they take the card into use: the stamps, and exactly which fields go where and why.

    `version` is to be sent back with the answer, so that nobody agrees to what they did not see.
    """

    id: UUID
    third_party_id: UUID
    terms: Terms
    fields: tuple[str, ...]
    reason: str
    version: int
    opened_at: datetime
    closed_at: datetime | None
    changed_at: datetime | None = None
    changed_from: Mapping[str, object] | None = None  # the terms before that


def open_programmes() -> list[ProgrammeView]:
    """The programmes of approved third parties whose card can be taken into use, by the third party's name."""
    order = {third_party.id: place for place, third_party in enumerate(approved_third_parties())}
    rows = Programme.objects.filter(closed_at=None, third_party_id__in=order)
    return sorted((view_of_programme(row) for row in rows), key=lambda view: order[view.third_party_id])


def programme_of(programme_id: UUID) -> ProgrammeView:
    """An open programme of an approved third party. Raises NotFound."""
    row = Programme.objects.filter(approved_now("third_party__"), id=programme_id, closed_at=None).first()
    if row is None:
        raise NotFound(code="unknown_programme")
    return view_of_programme(row)


def programme_by(third_party_id: UUID) -> ProgrammeView | None:
    """The third party's open programme, for its own pages; None when it has none."""
    row = Programme.objects.filter(third_party_id=third_party_id, closed_at=None).first()
    return None if row is None else view_of_programme(row)


def view_of_programme(row: Programme) -> ProgrammeView:
    """A row as it is read."""
    return ProgrammeView(
        id=row.id,
        third_party_id=row.third_party_id,
        terms=terms_of(row),
        fields=tuple(row.fields),
        reason=row.reason,
        version=row.version,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        changed_at=row.changed_at,
        changed_from=row.changed_from,
    )


def terms_of(row: Programme) -> Terms:
    """What the programme gives for what."""
    return Terms(row.name, row.reward, row.stamps_needed, row.most_a_day, row.stamps_last_days)
