"""Counts of pages: by day, with nobody in them, and not for whoever says no."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from kliento.domain.consents.actions import object_to
from kliento.domain.improvement.actions import count_view, purge_counts, write_counts
from kliento.domain.improvement.models import UsageDay
from kliento.domain.improvement.queries import views_since
from kliento.domain.improvement.rules import PageViews, is_counted
from kliento.kernel.actor import Visitor
from tests.world import NOON, aino

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_waits(db):
    write_counts()
    UsageDay.objects.all().delete()


def opens(page: str, by=None, *, at=NOON, **headers: str) -> None:
    count_view(page, headers=headers, by=by or Visitor(), at=at)


def counted() -> dict[str, int]:
    write_counts()
    return {views.page: views.count for views in views_since(TODAY)}


def test_views_add_up_by_day_and_page():
    me = aino()
    for _ in range(3):
        opens("person:activity", me)
    opens("public:notice")
    assert counted() == {"person:activity": 3, "public:notice": 1}
    opens("person:activity", me)
    assert counted() == {"person:activity": 4, "public:notice": 1}
    opens("person:activity", me, at=NOON + DAY)
    assert views_since(TODAY + DAY) == []
    write_counts()
    assert views_since(TODAY + DAY) == [PageViews("person:activity", 1)]


def test_a_row_is_a_day_a_page_and_a_number_and_nothing_else():
    assert {field.name for field in UsageDay._meta.get_fields()} == {"id", "day", "page", "count"}


@pytest.mark.parametrize("page", ["counter:till", "api:post_scans", "partner:today", "signin:sign_in", "demo:demo", ""])
def test_only_peoples_and_public_pages_are_counted(page):
    assert not is_counted(page)


@pytest.mark.parametrize("headers", [{"Sec-GPC": "1"}, {"DNT": "1"}])
def test_a_browser_that_asks_not_to_be_counted_is_not(headers):
    opens("person:card", aino(), **headers)
    opens("public:notice", **headers)
    assert counted() == {}


def test_who_objects_is_not_counted_and_others_are():
    me, before = aino(), counted()
    object_to(me.person_id, "improvement", by=me, at=NOON)
    opens("person:card", me)
    assert counted() == before
    opens("public:notice")
    assert counted() == {"public:notice": 1}


def test_any_number_of_counts_is_written_in_one_statement():
    for number in range(30):
        opens(f"public:page_{number}")
    with CaptureQueriesContext(connection) as captured:
        assert write_counts() == 30
    assert len([one for one in captured if "INSERT" in one["sql"]]) == 1
    with CaptureQueriesContext(connection) as captured:
        assert write_counts() == 0
    assert len(captured) == 0


def test_what_could_not_be_written_waits():
    opens("public:notice")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE improvement_usage_day RENAME TO away")
    with pytest.raises(DatabaseError):
        write_counts()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE away RENAME TO improvement_usage_day")
    opens("public:notice")
    assert counted() == {"public:notice": 2}


def test_counts_are_kept_for_four_hundred_days():
    for days in (399, 400, 401):
        opens("public:notice", at=NOON - days * DAY)
    write_counts()
    assert purge_counts(at=NOON) == 1
    assert sorted(UsageDay.objects.values_list("day", flat=True)) == [TODAY - 400 * DAY, TODAY - 399 * DAY]
