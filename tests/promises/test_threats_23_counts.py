"""Threat 23: who may see counts learns nothing of small groups, whatever ranges and premises they lay side by side.

Shown with two worlds that differ by one person in a withheld cell: everything that is published is the same in both, so
no difference, sum or filter of it can tell which world it is. Who leaves: test_threats_23_leaving.py.
"""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from django.utils.timezone import get_default_timezone
from hypothesis import assume, given
from hypothesis import strategies as st

from kliento.domain.visits import actions as visits_actions
from kliento.domain.visits.models import Visit
from kliento.domain.visits.queries import counts_between, crowd_of_month
from kliento.domain.visits.rules import counting
from kliento.domain.visits.rules.counting import Cell
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import NotAllowed
from kliento.kernel.ids import new_id

FIRST = date(2026, 9, 28)  # a week over the end of a month
DAYS = [FIRST + timedelta(days=step) for step in range(7)]
PLACES = [UUID(int=number) for number in (1, 2, 3)]
TODAY = FIRST + timedelta(days=60)
Came = tuple[date, UUID, int]  # one visit: the day, the premises, who


def cells_of(world: list[Came]) -> list[Cell]:
    found: dict[tuple[date, UUID], list[int]] = defaultdict(list)
    for day, place, who in world:
        found[day, place].append(who)
    return [Cell(day, place, len(came), len(set(came))) for (day, place), came in found.items()]


def ranges() -> list[tuple[date, date]]:
    return [(first, last) for first in DAYS for last in DAYS if first <= last]


def filters() -> list[tuple[UUID, ...]]:
    return [chosen for count in (1, 2, 3) for chosen in combinations(PLACES, count)]


def everything_published(world: list[Came]) -> list[object]:
    """Each count and total of each range and filter."""
    answers: list[object] = []
    for first, last in ranges():
        days = counting.days_between(first, last)
        cells = [cell for cell in cells_of(world) if first <= cell.day <= last]
        for chosen in filters():
            counts = counting.published(cells, days=days, premises=chosen, today=TODAY)
            answers += [counts, counting.total(counts)]
    return answers


def visits(people: int) -> st.SearchStrategy[list[Came]]:
    return st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(PLACES), st.integers(1, people)), max_size=60)


@given(world=visits(9), place=st.sampled_from(PLACES), day=st.sampled_from(DAYS), times=st.integers(1, 3))
def test_one_person_more_or_less_in_a_withheld_cell_changes_nothing_published(
    world: list[Came], place: UUID, day: date, times: int
) -> None:
    stranger = 1000
    assume(len({who for when, where, who in world if (when, where) == (day, place)}) < counting.FEWEST - 1)

    assert everything_published(world) == everything_published([*world, *[(day, place, stranger)] * times])


def test_a_cell_of_five_people_is_shown_and_one_of_four_reads_as_an_empty_one() -> None:
    monday, tuesday, wednesday = DAYS[:3]
    world = [*((monday, PLACES[0], who) for who in range(5)), *((tuesday, PLACES[0], who % 4) for who in range(20))]
    counts = counting.published(cells_of(world), days=DAYS[:3], premises=PLACES[:1], today=TODAY)

    assert [count.visits for count in counts] == [5, None, None]
    assert counting.total(counts) == counting.Total(visits=5, partly=True)
    assert wednesday == counts[2].day


def test_a_day_that_still_grows_is_withheld() -> None:
    world = [(DAYS[0], PLACES[0], who) for who in range(50)]

    assert [
        count.visits for count in counting.published(cells_of(world), days=DAYS[:1], premises=PLACES[:1], today=DAYS[0])
    ] == [None]


@pytest.mark.parametrize(
    ("people", "came_back", "shown"),
    [
        (4, 2, (None, None)),
        (0, 0, (None, None)),
        (9, 5, (9, None)),
        (10, 4, (10, None)),
        (10, 5, (10, 5)),
        (50, 0, (50, None)),
    ],
)
def test_people_are_shown_only_when_neither_side_is_small(people: int, came_back: int, shown: tuple) -> None:
    crowd = counting.crowd(people=people, came_back=came_back)

    assert (crowd.people, crowd.came_back) == shown


def stored(world: list[Came]) -> OperatorActor:
    """The world in the database, as the visits of a third party of its own; and its analyst."""
    analyst = OperatorActor(account_id=new_id(), third_party_id=new_id(), operator_id=new_id(), role="analyst")
    joined(analyst, world)
    return analyst


def joined(analyst: OperatorActor, world: list[Came]) -> None:
    """These visits come to those of the analyst's third party."""
    zone = get_default_timezone()
    Visit.objects.bulk_create(
        Visit(
            terminal_id=new_id(),
            scan_id=new_id(),
            subject_id=UUID(int=who + 1),
            relationship_id=UUID(int=who + 1),
            third_party_id=analyst.third_party_id,
            premises_id=place,
            entry_id=new_id(),
            fields=[],
            occurred_at=datetime.combine(day, time(hour % 24, 30), zone),
        )
        for hour, (day, place, who) in enumerate(world)
    )


AT = datetime.combine(TODAY, time(12), get_default_timezone())


def everything_asked(analyst: OperatorActor) -> list[object]:
    visits_actions.count_months_of(analyst.third_party_id, at=AT)
    counts = [
        counts_between(first, last, premises=chosen, by=analyst, at=AT)
        for first, last in ranges()
        for chosen in filters()
    ]
    return [*counts, *(crowd_of_month(day, by=analyst) for day in (DAYS[0], DAYS[-1]))]


@pytest.mark.parametrize("seed", range(4))
def test_the_portal_answers_alike_in_both_worlds(db, seed: int) -> None:
    chance = random.Random(seed)
    world = [(chance.choice(DAYS), chance.choice(PLACES), chance.randrange(12)) for _ in range(110)]
    small = [cell for cell in cells_of(world) if cell.people < counting.FEWEST - 1]
    cell = chance.choice(small) if small else Cell(DAYS[0], UUID(int=9), 0, 0)

    analyst, elsewhere = stored(world), stored([*world, (cell.day, cell.premises_id, 500)])

    assert everything_asked(analyst) == everything_asked(elsewhere)
    assert any(count.visits for counts in everything_asked(analyst)[:-2] for count in counts)


def test_a_month_tells_its_people_once_it_is_over_and_counted(db) -> None:
    analyst = stored([(day, PLACES[0], who) for day in DAYS[:2] for who in range(12 if day == DAYS[0] else 6)])
    a_week_after = DAYS[3] + timedelta(days=6)

    for day in (DAYS[1], DAYS[3], a_week_after):
        visits_actions.count_months_of(analyst.third_party_id, at=datetime.combine(day, time(23), AT.tzinfo))
        assert crowd_of_month(DAYS[0], by=analyst) is None
    visits_actions.count_months_of(
        analyst.third_party_id, at=datetime.combine(a_week_after + timedelta(days=1), time(1), AT.tzinfo)
    )

    assert crowd_of_month(DAYS[0], by=analyst) == counting.Crowd(people=12, came_back=6)
    assert crowd_of_month(DAYS[-1], by=analyst) is None


def test_a_till_sees_no_counts(db) -> None:
    till = OperatorActor(account_id=new_id(), third_party_id=new_id(), operator_id=new_id(), role="till")

    with pytest.raises(NotAllowed):
        counts_between(DAYS[0], DAYS[1], premises=PLACES, by=till, at=datetime.now(tz=get_default_timezone()))


def test_who_may_see_visits_gets_exact_figures(db) -> None:
    world = [(DAYS[0], PLACES[0], 1), (DAYS[0], PLACES[0], 1), (DAYS[1], PLACES[1], 1), (DAYS[1], PLACES[1], 2)]
    analyst = stored(world)
    owner = replace(analyst, role="owner")
    at = datetime.combine(DAYS[2], time(12), get_default_timezone())
    counts = counts_between(DAYS[0], DAYS[1], premises=PLACES[:2], by=owner, at=at)

    assert [count.visits for count in counts] == [2, 0, 0, 2]
    assert crowd_of_month(DAYS[0], by=owner) == counting.Crowd(people=2, came_back=1)
