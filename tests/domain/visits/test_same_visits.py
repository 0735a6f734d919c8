"""Rows of one visit with several cards are told apart by what was shortly around them, however far apart they are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.queries import subjects_of
from kliento.domain.visits.models import Visit
from kliento.domain.visits.queries.once import entries_of_same_visits, same_visits
from tests import taps
from tests.blanks import blank_card, claimed, shown
from tests.world import NOON, kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


def rows_read(act: Callable[[], object]) -> int:
    """How many rows of visits its statements gave."""
    asked = []

    def noticed(execute, sql, params, many, context):
        if sql.startswith("SELECT") and '"visits_visit"' in sql:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noticed):
        act()
    rows = 0
    for sql, params in asked:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows += len(cursor.fetchall())
    return rows


def test_of_two_visits_far_apart_those_between_are_not_read():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    shown(number := blank_card(), kaisa)
    claimed(number, kaisa, aino, at=NOON)
    for day in range(1, 40):
        taps.tap(aino, kaisa, at=NOON + timedelta(days=day))
    shown(second := blank_card(), kaisa, at=NOON + timedelta(days=39, minutes=5))
    claimed(second, kaisa, aino, at=NOON + timedelta(days=39, minutes=6))

    visits = list(Visit.objects.order_by("occurred_at"))
    far = [visits[0], visits[-2], visits[-1]]
    found = {}
    subjects, times = subjects_of(aino.person_id), {visit.entry_id: visit.occurred_at for visit in far}
    assert rows_read(lambda: found.update(rows=same_visits(far))) <= 6
    assert rows_read(lambda: found.update(lines=entries_of_same_visits(subjects, times))) <= 6
    assert found == {"rows": {visits[-1].id}, "lines": {visits[-1].entry_id}}
    assert visits[-1].entry_id in {entry.id for entry in entries_of(subjects, limit=9)}
