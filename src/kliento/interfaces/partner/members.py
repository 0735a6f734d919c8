"""Members as portal pages show them: a number, what they share, and their stamps. Values come from the gate alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kliento.domain.gate.actions import disclose_export, disclose_list
from kliento.domain.policy.queries import register
from kliento.domain.programmes.queries import stamps_at
from kliento.domain.programmes.rules import StampsView
from kliento.domain.sharing.queries import members_of
from kliento.domain.sharing.rules import PROGRAMME, SERVING, LiveGrant, Relation
from kliento.interfaces.partner.addresses import Key
from kliento.interfaces.partner.reading import as_read, in_order, shareable
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Invalid
from kliento.web.reading import label_of

NAMES = ("first_name", "last_name")
EXPORTED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the list; `values` stand in the order of the chosen fields, empty where nothing is shared."""

    number: str
    since: datetime
    paused: bool
    values: list[str]
    stamps: StampsView | None
    labels: list[str]

    @property
    def named_values(self) -> list[tuple[str, str]]:
        """Each with the name of its field."""
        return list(zip(self.labels, self.values, strict=True))


@dataclass(frozen=True, slots=True)
class Shared:
    """One field a member shares. `text` is empty where it is shared but nothing may be, or is, shown now."""

    label: str
    text: str
    since: datetime | None
    until: datetime | None


def listable(purpose: str = SERVING) -> list[str]:
    """The fields a list may show: what can be shared for that purpose, special categories left out."""
    declared = register()
    return [code for code in shareable(purpose) if not declared.field(declared.kept_in(code)).special]


def fields_in(request: HttpRequest) -> list[str]:
    """The fields the address asks for; names where it asks for none. Raises Invalid for what no list may show."""
    asked = request.GET.getlist("fields") or NAMES
    for code in asked:
        if code not in listable():
            raise Invalid(code="unknown_field", pointer="fields")
    return in_order(asked)


def members_in(
    relations: Sequence[Relation], fields: Sequence[str], *, by: OperatorActor, at: datetime
) -> list[Member]:
    """These members with what they share of the fields, entered in the Activity of each before it is shown."""
    values = disclose_list(relations, to=by, purpose=SERVING, fields=fields, at=at) if fields else {}
    stamps = stamps_at([relation.relationship_id for relation in relations], at=at)
    return [_member(relation, fields, values, stamps) for relation in relations]


def export_rows(fields: Sequence[str], *, number: str, by: OperatorActor, at: datetime) -> Iterator[list[str | int]]:
    """Every member as a row of a file, newest first; what leaves is entered in Activity batch by batch."""
    before: Key | None = None
    while relations := members_of(by.third_party_id, number=number, before=before, limit=EXPORTED_AT_ONCE):
        values = disclose_export(relations, to=by, purpose=SERVING, fields=fields, at=at) if fields else {}
        stamps = stamps_at([relation.relationship_id for relation in relations], at=at)
        for relation in relations:
            member = _member(relation, fields, values, stamps)
            since = localtime(member.since).strftime("%Y-%m-%d")
            yield [member.number, since, *member.values, member.stamps.balance if member.stamps else ""]
        before = (relations[-1].since_at, relations[-1].relationship_id)


def heading_of(fields: Sequence[str]) -> list[str]:
    """What stands above those rows."""
    return [_("Member"), _("Since"), *(label_of(code) for code in fields), _("Stamps")]


def shared_by(relation: Relation, *, by: OperatorActor, at: datetime) -> dict[str, list[Shared]]:
    """What one member shares, by purpose: to be served, and for the loyalty card in use."""
    return {purpose: _shared(relation, purpose, by=by, at=at) for purpose in (SERVING, PROGRAMME)}


def _shared(relation: Relation, purpose: str, *, by: OperatorActor, at: datetime) -> list[Shared]:
    granted = relation.granted(purpose, at=at)
    fields = [code for code in listable(purpose) if code in granted]
    if not fields:
        return []
    values = disclose_list([relation], to=by, purpose=purpose, fields=fields, at=at)[relation.relationship_id]
    grants = {grant.field: grant for grant in relation.grants if grant.purpose == purpose}
    return [_one(code, values.get(code, ""), grants[code]) for code in fields]


def _one(code: str, text: str, grant: LiveGrant) -> Shared:
    return Shared(label_of(code), as_read(code, text), grant.granted_at, grant.expires_at)


def _member(
    relation: Relation,
    fields: Sequence[str],
    values: Mapping[UUID, Mapping[str, str]],
    stamps: Mapping[UUID, StampsView],
) -> Member:
    known = values.get(relation.relationship_id, {})
    return Member(
        number=relation.member_number,
        since=relation.since_at,
        paused=relation.paused_at is not None,
        values=[as_read(code, known.get(code, "")) for code in fields],
        stamps=stamps.get(relation.relationship_id),
        labels=[label_of(code) for code in fields],
    )
