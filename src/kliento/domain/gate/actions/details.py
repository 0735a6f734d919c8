"""Everything the catalogue knows of a person, grouped for their own page: what is stored, and what becomes of it."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kliento.domain.consents.actions import SPECIAL_STORAGE
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions.own import OWN_READING, OwnValue, own_values
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Field, Retention, Source, Text
from kliento.domain.sharing.actions import SERVING
from kliento.domain.sharing.queries import companies_of
from kliento.kernel.actor import PersonActor


@dataclass(frozen=True, slots=True)
class Detail:
    """One catalogue item with the person's own value, if one is stored.

    `needs_consent`: a special category without the consent to keep it, which is asked in a step of its own.
    `shared_with`: the third parties that see it now; hiding it takes it from all of them.
    """

    field: Field
    value: OwnValue | None = dataclasses.field(repr=False)
    source: Source | None
    retention: Retention
    needs_consent: bool
    shared_with: tuple[UUID, ...]

    @property
    def editable(self) -> bool:
        """Whether the person writes it, here and now."""
        return self.field.keeper == "person" and self.field.status == "in_use" and not self.needs_consent


@dataclass(frozen=True, slots=True)
class DetailGroup:
    """Details that belong together, in the order of the catalogue."""

    code: str
    label: Text
    details: tuple[Detail, ...]


def details_of(by: PersonActor, *, at: datetime) -> list[DetailGroup]:
    """The whole catalogue, group by group: also what is not stored, what Kliento keeps, and what is not in use yet.

    Values that Kliento itself keeps outside the vault (visits, member numbers, the card's number) are shown by their
    own pages. 5 statements.
    """
    values = own_values(by)
    agreed = standing(by.person_id)
    shared_with: dict[str, list[UUID]] = {}
    for company in companies_of(by.person_id):
        for code in company.granted(SERVING, at=at):
            shared_with.setdefault(code, []).append(company.third_party_id)
    details = [
        _detail(
            known,
            values.get(code),
            agreed=Choice(SPECIAL_STORAGE, field=code) in agreed,
            shared_with=tuple(shared_with.get(code, ())),
        )
        for code, known in register().fields.items()
    ]
    return [
        DetailGroup(code, label, tuple(detail for detail in details if detail.field.group == code))
        for code, label in register().groups.items()
    ]


def _detail(known: Field, value: OwnValue | None, *, agreed: bool, shared_with: tuple[UUID, ...]) -> Detail:
    declared = register()
    purpose = declared.purpose(SPECIAL_STORAGE if known.special else OWN_READING)
    source = value.source if value else next(iter(known.sources), None)
    return Detail(
        field=known,
        value=value,
        source=declared.sources.get(source) if source else None,
        retention=declared.retention[purpose.retention],
        needs_consent=known.special is not None and not agreed,
        shared_with=shared_with,
    )
