"""Counting views of pages without anybody in them, and one's own feedback.

Counts wait in this process until the background worker writes them, once a minute and when it stops: a page is not
slower for being counted. What waits when the process is killed is lost.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from kliento.domain.gate.actions import read_for_holder
from kliento.domain.gate.queries import keepers_of, may_use
from kliento.domain.improvement.models import UsageDay
from kliento.domain.improvement.rules import COUNTS_KEPT, FEEDBACK, IMPROVEMENT, INSIGHT, is_counted, refuses_counting
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import remove_value, set_value
from kliento.kernel import sets
from kliento.kernel.actor import Actor, PersonActor, SystemActor
from kliento.kernel.clock import day_of
from kliento.kernel.errors import NotAllowed

_COLUMNS = {"day": "date", "page": "text", "count": "integer"}
_waiting: Counter[tuple[date, str]] = Counter()
_lock = threading.Lock()
AT_A_TIME = 500


def count_view(page: str, *, headers: Mapping[str, str], by: Actor, at: datetime) -> None:
    """Count that this page was opened, and nothing else about it.

    Not for whoever objects to improvement or is restricted, nor for a browser that asks not to be counted. Pages for
    everybody have no session: who opens one is not known there, so only the browser's word counts.
    """
    if is_counted(page) and not refuses_counting(headers) and _may_count(by):
        with _lock:
            _waiting[day_of(at), page] += 1


def write_counts() -> int:
    """Add the counts that wait in this process to the table; how many days and pages there were. One statement.

    What cannot be written now waits on.
    """
    with _lock:
        counted = dict(_waiting)
        _waiting.clear()
    try:
        _add(counted)
    except DatabaseError:
        with _lock:
            _waiting.update(counted)
        raise
    return len(counted)


def purge_counts(*, at: datetime) -> int:
    """Delete the days that are past their time; how many rows there were."""
    deleted, _ = UsageDay.objects.filter(day__lt=day_of(at - COUNTS_KEPT)).delete()
    return deleted


def send_feedback(person_id: UUID, text: str, *, by: Actor, at: datetime) -> None:
    """Tell the register holder something about the service. A new text takes the place of the one before.

    Kept as the person's own detail `feedback`, sealed like every other. Raises what `profile.set_value` raises.
    """
    set_value(person_id, FEEDBACK, text, by=by, at=at)


def take_back_feedback(person_id: UUID, *, by: Actor, at: datetime) -> None:
    """Delete one's feedback with its earlier versions. Raises NotFound when there is none."""
    remove_value(person_id, FEEDBACK, by=by, at=at)


def read_feedback(*, by: Actor, at: datetime, at_a_time: int = AT_A_TIME) -> Iterator[str]:
    """Everybody's feedback, texts alone, for the register holder; entered in each writer's Activity before it is read,
    so many writers at a time.

    Who objects to insight, is restricted or hides the text is passed over. Raises NotAllowed for anybody but Kliento's
    own programs.
    """
    if not isinstance(by, SystemActor):
        raise NotAllowed(code="not_the_register_holder")
    after: UUID | None = None
    while writers := keepers_of(FEEDBACK, after=after, limit=at_a_time):
        after = writers[-1]
        read = read_for_holder(writers, purpose=INSIGHT, fields=[FEEDBACK], at=at)
        yield from (values[FEEDBACK] for values in read.values())


def _add(counted: Mapping[tuple[date, str], int]) -> None:
    if not counted:
        return
    rows, parameters = sets.given(connection, _COLUMNS, [(*key, count) for key, count in sorted(counted.items())])
    statement = f"""
        INSERT INTO improvement_usage_day (day, page, count) SELECT day, page, count FROM {rows} AS counted WHERE true
        ON CONFLICT (day, page) DO UPDATE SET count = improvement_usage_day.count + excluded.count
    """  # noqa: S608 - made of the constants above and placeholders
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _may_count(by: Actor) -> bool:
    if isinstance(by, PersonActor):
        return may_use(by.person_id, IMPROVEMENT, state=by.state)
    return register().purpose(IMPROVEMENT).status == "in_use"
