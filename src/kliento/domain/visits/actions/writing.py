"""Writing what a batch of scans came to: the scans whose answer is final, and the visits that began."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from kliento.domain.gate import actions as gate
from kliento.domain.visits.actions.batch import Batch, Begun
from kliento.domain.visits.actions.scans import Answer, Shown
from kliento.domain.visits.models import OtherMedium, Scan, Visit
from kliento.domain.visits.queries import ScanKey
from kliento.kernel import sets
from kliento.kernel.rows import insert_new_rows, insert_rows
from kliento.kernel.statements import write

_SCAN = ("terminal_id", "id", "body_hash", "outcome", "visit_id", "first_at", "occurred_at", "received_at")
_OTHER = ("visit_id", "medium_id", "occurred_at")
_VISIT = (
    "id",
    "terminal_id",
    "scan_id",
    "subject_id",
    "relationship_id",
    "third_party_id",
    "premises_id",
    "entry_id",
    "fields",
    "occurred_at",
    "medium_id",
    "level",
    "operator_id",
)


def insert_scans(fresh: Iterable[Shown], answers: Mapping[ScanKey, Answer], *, at: datetime) -> None:
    """Remember the scans and their answers, so that a repeat gets the same; at most one statement."""
    insert_rows(Scan, _SCAN, [_scan(one, answers[one.key], at) for one in fresh if one.judgement.outcome.final])


def insert_visits(batch: Batch, disclosures: Mapping[UUID, gate.SealedDisclosure]) -> None:
    """The visits that began with this batch; at most one statement."""
    insert_rows(Visit, _VISIT, [_visit(begun, batch, disclosures[begun.visit.id]) for begun in batch.begun])


def change_visits(batch: Batch) -> None:
    """Those that came to their end, those by which a surer medium was shown, those in which another one was.

    At most a statement each.
    """
    _change("left_at", "timestamptz", batch.left)
    _change("level", "text", batch.raised)
    insert_new_rows(OtherMedium, _OTHER, [(*key, at) for key, at in sorted(batch.others.items())])


def _change(column: str, kind: str, values: Mapping[UUID, object]) -> None:
    if not values:
        return
    table, parameters = sets.given(connection, {"id": "uuid", column: kind}, sorted(values.items()))
    write(
        f"UPDATE visits_visit SET {column} = given.{column} FROM {table} AS given"  # noqa: S608 - our own names
        " WHERE visits_visit.id = given.id",
        parameters,
    )


def _scan(one: Shown, answer: Answer, at: datetime) -> tuple[object, ...]:
    return (
        one.by.terminal_id,
        one.id,
        one.body_hash,
        answer.outcome.value,
        answer.visit_id,
        answer.first_at,
        one.occurred_at,
        at,
    )


def _visit(begun: Begun, batch: Batch, disclosure: gate.SealedDisclosure) -> tuple[object, ...]:
    visit, one = begun.visit, begun.by
    relation = batch.relations.get(one.pair) if one.pair else None
    return (
        visit.id,
        one.by.terminal_id,
        one.id,
        visit.subject_id,
        relation.relationship_id if relation else None,
        one.by.third_party_id,
        one.by.premises_id,
        visit.entry_id,
        disclosure.released,
        visit.occurred_at,
        one.medium.medium_id if one.medium else None,
        one.medium.level if one.medium else "",
        one.by.operator_id,
    )
