"""Stamps of visits: one insert for any number of them, inside the transaction that records the visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.programmes.rules import Moved, Standing, after_earning, end_of_lot, may_earn
from kliento.domain.sharing.rules import Pair
from kliento.kernel.clock import day_of
from kliento.kernel.ids import new_id
from kliento.kernel.rows import insert_rows

_COLUMNS = (*Moved._fields, "subject_id")


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit that begins now, as far as it may earn something."""

    visit_id: UUID
    member: Pair
    terminal_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Earned:
    """How every member stands after the batch, and after each of its visits.

    `marks`: what the entry of each visit says of the stamp it earned, so that sealing the one seals the other.
    """

    standings: Mapping[Pair, Standing]
    at_visits: Mapping[UUID, Standing]
    marks: Mapping[UUID, dict[str, object]]


def earn(facts: Sequence[VisitFact], standings: Mapping[Pair, Standing], *, at: datetime) -> Earned:
    """A stamp for each of these visits, in their order, for members who may still collect one that day.

    `standings`, by subject and third party, were read in this transaction with the people locked. Whoever is not in
    them earns nothing.
    At most one statement.
    """
    now, at_visits, marks, rows = dict(standings), {}, {}, []
    for fact in facts:
        standing = now.get(fact.member)
        if standing is None:
            continue
        day = day_of(fact.at)
        if may_earn(standing, on=day):
            ends_at = end_of_lot(standing.terms, earned_at=fact.at)
            is_gone = ends_at is not None and ends_at <= at
            standing = now[fact.member] = after_earning(standing, on=day, is_gone=is_gone)
            moved = _moved(fact, standing, ends_at)
            marks[fact.visit_id] = moved.mark
            rows.append((*moved, standing.subject_id))
        at_visits[fact.visit_id] = standing
    insert_rows(LedgerEntry, _COLUMNS, rows)
    return Earned(now, at_visits, marks)


def _moved(fact: VisitFact, after: Standing, ends_at: datetime | None) -> Moved:
    return Moved(
        id=new_id(),
        membership_id=after.membership_id,
        number=after.number,
        kind=LedgerEntry.Kind.EARNED.value,
        amount=1,
        balance=after.balance,
        at=fact.at,
        expires_at=ends_at,
        visit_id=fact.visit_id,
        terminal_id=fact.terminal_id,
    )
