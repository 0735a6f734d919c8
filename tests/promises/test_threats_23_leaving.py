"""Threat 23: somebody who leaves changes nothing of what is published, nor of what is counted later."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection

from kliento.domain.visits import actions as visits_actions
from kliento.domain.visits.models import LeaversAgain, LeaversOfMonth, MonthCount
from kliento.domain.visits.queries import crowd_of_month
from kliento.domain.visits.rules import counting
from tests.elsewhere import elsewhere, held_back
from tests.promises.test_threats_23_counts import AT, DAYS, PLACES, Came, everything_asked, joined, stored


def regulars() -> list[Came]:
    """A month whose people can be told, and small days besides: some of them come twice a day, or to two places."""
    often = [(day, PLACES[0], who) for day in DAYS[:2] for who in range(12 if day == DAYS[0] else 6)]
    twice = [(DAYS[0], PLACES[1], who) for who in (0, 0, 0, 1, 2, 3)]
    return [*often, *twice, (DAYS[0], PLACES[0], 0), (DAYS[1], PLACES[1], 0)]


@pytest.mark.parametrize("leavers", [(0,), (11,), (0, 1, 2), tuple(range(12))])
def test_whoever_leaves_changes_nothing_of_what_is_published(db, leavers: tuple[int, ...]) -> None:
    analyst = stored(regulars())
    before = everything_asked(analyst)

    for who in leavers:
        visits_actions.erase_person(UUID(int=who + 1), at=AT)
        assert everything_asked(analyst) == before

    assert crowd_of_month(DAYS[0], by=analyst) == counting.Crowd(people=12, came_back=6)
    assert crowd_of_month(DAYS[0], by=replace(analyst, role="owner")) == counting.Crowd(people=12, came_back=6)


def test_whoever_leaves_a_part_at_a_time_changes_nothing_either(db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits_actions.forgetting, "BATCH", 4)
    analyst = stored(regulars())
    before = everything_asked(analyst)

    visits_actions.erase_person(UUID(int=1), at=AT)

    assert everything_asked(analyst) == before


def test_two_erasures_of_one_person_at_once_change_no_more_than_one(db) -> None:
    analyst = stored(regulars())
    before = everything_asked(analyst)

    def leave() -> None:
        visits_actions.erase_person(UUID(int=1), at=AT)

    assert held_back(leave, leave) == ""

    assert LeaversAgain.objects.get(day=DAYS[0], premises_id=PLACES[1]).visits == 2
    assert everything_asked(analyst) == before


@pytest.mark.parametrize("batch", [1000, 2])
@pytest.mark.parametrize("leavers", [(0,), (11,), (0, 1, 2, 3, 4), tuple(range(12))])
def test_whoever_leaves_before_the_month_is_counted_is_counted_in_it(
    db, leavers: tuple[int, ...], batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits_actions.forgetting, "BATCH", batch)
    in_small_days = [(DAYS[3], PLACES[2], who) for who in (0, 11, 40)] + [(DAYS[4], PLACES[2], 40)]
    stayed, left = stored([*regulars(), *in_small_days]), stored([*regulars(), *in_small_days])
    owner = replace(left, role="owner")
    now = [crowd_of_month(day, by=owner) for day in (DAYS[0], DAYS[-1])]

    for who in leavers:
        visits_actions.erase_person(UUID(int=who + 1), at=AT)
        assert [crowd_of_month(day, by=owner) for day in (DAYS[0], DAYS[-1])] == now

    visits_actions.count_months_of(left.third_party_id, at=AT)
    visits_actions.count_months_of(stayed.third_party_id, at=AT)
    figures = ("month", "people", "came_back", "published_people", "published_came_back")
    first, second = (
        list(MonthCount.objects.filter(third_party_id=each.third_party_id).order_by("month").values(*figures))
        for each in (stayed, left)
    )
    assert first == second
    assert not LeaversOfMonth.objects.filter(third_party_id=left.third_party_id).exists()


def test_a_month_has_at_least_the_people_of_its_fullest_published_day(db) -> None:
    analyst = stored([(DAYS[3], PLACES[0], 0)])
    visits_actions.erase_person(UUID(int=1), at=AT)
    joined(analyst, [(DAYS[3], PLACES[0], who) for who in range(1, 6)])

    visits_actions.count_months_of(analyst.third_party_id, at=AT)

    assert crowd_of_month(DAYS[3], by=analyst) == counting.Crowd(people=6, came_back=None)


def test_a_month_is_counted_as_it_stood_at_one_moment(db) -> None:
    analyst = stored(regulars())
    reads: list[str] = []
    with elsewhere(lambda: visits_actions.erase_person(UUID(int=1), at=AT)) as leaving:

        def leaves_meanwhile(execute, sql, params, many, context):
            answer = execute(sql, params, many, context)
            if "visits_visit AS visit" in sql:
                reads.append(sql)
                leaving.answer()
            return answer

        with connection.execute_wrapper(leaves_meanwhile):
            visits_actions.count_months_of(analyst.third_party_id, at=AT)

    assert reads
    month = MonthCount.objects.get(third_party_id=analyst.third_party_id, month=DAYS[0].replace(day=1))
    assert (month.people, month.came_back, month.published_people, month.published_came_back) == (12, 6, 12, 6)


def test_days_are_met_however_the_database_writes_them(db) -> None:
    analyst = stored(regulars())
    before = everything_asked(analyst)
    visits_actions.erase_person(UUID(int=1), at=AT)

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET DateStyle = 'German'")

    assert everything_asked(analyst) == before
