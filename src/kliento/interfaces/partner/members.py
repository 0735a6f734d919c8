"""Members as portal pages show them: a number, what they share, and their stamps. Values come from the gate alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kliento.domain.cards.queries import cards_among
from kliento.domain.gate.actions import disclose_export, disclose_list
from kliento.domain.policy.queries import register
from kliento.domain.programmes.events import words_of_stamps
from kliento.domain.programmes.queries import stamps_at
from kliento.domain.programmes.rules import StampsView
from kliento.domain.recipients.queries import operator_of
from kliento.domain.sharing.queries import members_of
from kliento.domain.sharing.rules import PROGRAMME, SERVING, LiveGrant, Relation
from kliento.interfaces.partner.addresses import Key
from kliento.interfaces.partner.reading import as_read, in_order, shareable
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Invalid
from kliento.web.reading import label_of

NAMES = ("first_name", "last_name")
EXPORTED_AT_ONCE = 500
Row = list[str | int]


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the list; `values` stand in the order of the chosen fields, empty where nothing is shared."""

    number: str
    since: datetime
    paused: bool
    values: list[str]
    stamps: StampsView | None
    labels: list[str]
    is_card: bool = False  # used without an account

    @property
    def words(self) -> str:
        """How many stamps are on their card; nothing without a card."""
        return words_of_stamps(self.stamps.balance, self.stamps.needed) if self.stamps else ""

    @property
    def named_values(self) -> list[tuple[str, str]]:
        """Each with the name of its field."""
        return list(zip(self.labels, self.values, strict=True))


@dataclass(frozen=True, slots=True)
class Shared:
    """One field a member shares, as it was released."""

    label: str
    text: str
    since: datetime | None
    until: datetime | None


def listable(purpose: str = SERVING) -> list[str]:
    """The fields a list may show: what can be shared for that purpose, special categories left out."""
    declared = register()
    return [code for code in shareable(purpose) if not declared.field(declared.kept_in(code)).special]


def fields_in(sent: QueryDict) -> list[str]:
    """The fields an address or a form asks for; names where it asks for none. Raises Invalid for what no list shows."""
    asked = sent.getlist("fields") or NAMES
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
    cards = cards_among([relation.subject_id for relation in relations])
    rows = [(relation, _member(relation, fields, values, stamps)) for relation in relations]
    return [replace(row, is_card=relation.subject_id in cards) for relation, row in rows]


def export_rows(fields: Sequence[str], *, number: str, kind: str, by: OperatorActor, at: datetime) -> Iterator[Row]:
    """Every member as a row of a file, newest first; who stands in it is entered in Activity batch by batch.

    The first batch is read, and the act noted with it, before this answers: what is refused is refused at once.
    """
    batches = _batches(fields, number=number, noted=f"{kind} {' '.join(fields)}"[:120], by=by, at=at)
    return chain.from_iterable(chain([next(batches)], batches))


def _batches(fields: Sequence[str], *, number: str, noted: str, by: OperatorActor, at: datetime) -> Iterator[list[Row]]:
    """At least one. The operator is looked up anew for each: whose right has ended meanwhile gets no more."""
    before: Key | None = None
    while True:
        to = operator_of(by.account_id, by.third_party_id)
        relations = members_of(to.third_party_id, number=number, before=before, limit=EXPORTED_AT_ONCE)
        stamps = stamps_at([relation.relationship_id for relation in relations], at=at)
        values = disclose_export(
            relations,
            to=to,
            purpose=SERVING,
            fields=fields,
            at=at,
            with_stamps=stamps.keys(),
            noted="" if before else noted,
        )
        yield [
            _row(_member(relation, fields, values, stamps))
            for relation in relations
            if relation.relationship_id in values
        ]
        if len(relations) < EXPORTED_AT_ONCE:
            return
        before = (relations[-1].since_at, relations[-1].relationship_id)


def _row(member: Member) -> Row:
    since = localtime(member.since).strftime("%Y-%m-%d")
    return [member.number, *member.values, member.stamps.balance if member.stamps else "", since]


def heading_of(fields: Sequence[str]) -> list[str]:
    """What stands above those rows, as above the list."""
    return [_("Member"), *(label_of(code) for code in fields), _("Stamps"), _("Since")]


def shared_by(relation: Relation, *, by: OperatorActor, at: datetime) -> dict[str, list[Shared]]:
    """What one member shares, by purpose: to be served, and for the loyalty card in use.

    What was not released, whatever the reason, is not among it, as if it were not shared (R-VIS-8).
    """
    return {purpose: _shared(relation, purpose, by=by, at=at) for purpose in (SERVING, PROGRAMME)}


def _shared(relation: Relation, purpose: str, *, by: OperatorActor, at: datetime) -> list[Shared]:
    granted = relation.granted(purpose, at=at)
    fields = [code for code in listable(purpose) if code in granted]
    if not fields:
        return []
    values = disclose_list([relation], to=by, purpose=purpose, fields=fields, at=at)[relation.relationship_id]
    grants = {grant.field: grant for grant in relation.grants if grant.purpose == purpose}
    return [_one(code, values[code], grants[code]) for code in fields if code in values]


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
