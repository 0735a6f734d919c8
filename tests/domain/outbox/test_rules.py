from datetime import UTC, datetime, timedelta

from kliento.domain.outbox.rules import next_try

AT = datetime(2026, 11, 22, tzinfo=UTC)


def test_the_first_tries_follow_within_minutes_and_the_last_after_a_day() -> None:
    assert next_try(1, at=AT) == AT + timedelta(seconds=10)
    assert next_try(2, at=AT) == AT + timedelta(minutes=1)
    assert next_try(8, at=AT) == AT + timedelta(hours=24)


def test_it_outlives_a_weekend_and_then_stops() -> None:
    waits = [next_try(attempts, at=AT) for attempts in range(1, 9)]
    assert sum((again - AT for again in waits if again), timedelta()) > timedelta(hours=48)
    assert next_try(9, at=AT) is None
