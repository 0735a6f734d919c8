"""Following the sealed log: each entry once, whoever does it, after a restoring too; little work without news."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.actions.sealing import begin_epoch
from kliento.domain.activity.rules import Alert
from kliento.domain.alerts import actions
from kliento.domain.alerts.actions import follow_activity, purge_told
from kliento.domain.alerts.models import Follower, Told
from kliento.domain.inbox.queries import known_kinds
from kliento.domain.outbox.actions import run_due
from tests.alerting import alerts_of, many_places, messages, told
from tests.sealed import seal
from tests.taps import aino, later, share, tap
from tests.world import NOON, asked, kahvila_kaisa

DAY = timedelta(days=1)


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa()


@pytest.fixture
def me(kaisa):
    told()
    return aino()


def test_every_alert_is_a_kind_of_message():
    assert set(Alert.__args__) - {""} <= known_kinds().keys()


def test_after_a_restoring_it_goes_on_and_repeats_nothing(me, kaisa):
    tap(me, kaisa)
    assert told() == 1
    asked(kaisa, me, "phone")
    begin_epoch(at=NOON)
    assert told() == 1
    assert told() == 0
    assert alerts_of(me) == ["look_refused", "newly_known"]


def test_what_another_process_told_meanwhile_is_not_told_again(me, kaisa):
    tap(me, kaisa)
    seal(at=NOON)

    def overtaken(execute, sql, params, many, context):
        if sql.startswith('UPDATE "alerts_follower"'):
            execute('UPDATE "alerts_follower" SET "next_index" = "next_index" + 1', (), many, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(overtaken):
        assert follow_activity(at=NOON) == 0
    assert alerts_of(me) == []


@pytest.mark.parametrize(("batch", "at_once"), [(1, 1), (3, 2), (1000, 10)])
def test_in_steps_of_any_size_each_is_told_once(me, kaisa, monkeypatch, batch, at_once):
    monkeypatch.setattr(actions, "BATCH", batch)
    monkeypatch.setattr(actions, "AT_ONCE", at_once)
    for number, place in enumerate(many_places(4)):
        tap(me, place, at=later(minutes=number))
        for _ in range(3):
            asked(place, me, "phone")
    told()
    assert sorted(alerts_of(me)) == ["look_refused"] * 4 + ["newly_known"] * 4
    assert told() == 0


def test_where_nothing_is_new_it_asks_little(me):
    with CaptureQueriesContext(connection) as captured:
        follow_activity(at=NOON)
    assert len(captured) == 3


def test_a_company_one_shares_with_first_is_told_too(me, kaisa):
    share(me, kaisa, "first_name")
    assert told() == 1
    assert "You chose to share something with Kahvila Kaisa" in messages(me)[0].body


def test_the_clock_seals_first_and_follows_then(me):
    ran = run_due(at=NOON)
    assert ran.index("activity.seal") < ran.index("alerts.follow_activity")
    assert Follower.objects.count() == 1


def test_what_was_told_days_ago_is_forgotten(me, kaisa):
    tap(me, kaisa)
    told()
    assert purge_told(at=NOON + DAY) == 0
    assert purge_told(at=NOON + 5 * DAY) == 1
    assert Told.objects.count() == 0
