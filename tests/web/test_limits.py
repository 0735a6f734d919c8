"""Rate limits count by key and keep nothing that says whose key it is."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from pytest_django import Settings

from kliento.web.limits import Limit, TooManyRequests, address_of, spend

THREE_A_DAY = Limit("tests.three", times=3, window_seconds=86_400)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_the_limit_is_reached_by_counting_past_it() -> None:
    for _ in range(3):
        spend(THREE_A_DAY, "aino@example.fi")
    with pytest.raises(TooManyRequests) as refused:
        spend(THREE_A_DAY, "aino@example.fi")
    assert 0 < refused.value.retry_after_seconds <= 86_400


def test_each_key_has_its_own_count() -> None:
    spend(THREE_A_DAY, "aino", times=3)
    spend(THREE_A_DAY, "eino")
    spend(Limit("tests.other", times=1, window_seconds=86_400), "aino")
    with pytest.raises(TooManyRequests):
        spend(THREE_A_DAY, "aino")


def test_the_cache_holds_no_key_in_clear() -> None:
    spend(THREE_A_DAY, "aino@example.fi")
    assert "aino" not in repr(cache._cache)


def test_an_address_is_a_pseudonym_and_only_the_proxys_own_word_counts(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    make = RequestFactory().get
    plain = address_of(make("/", REMOTE_ADDR="192.0.2.7"))
    assert "192.0.2" not in plain
    assert plain == address_of(make("/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.9"))
    behind = {"secure": True, "REMOTE_ADDR": "127.0.0.1"}
    real = address_of(make("/", HTTP_X_FORWARDED_FOR="203.0.113.1, 192.0.2.7", **behind))
    assert real == plain


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:0001:0002:0:0:0:9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("192.0.2.7", "192.0.2.8", False),
        ("unknown", "unknown", True),
        ("", "unknown", False),
    ],
)
def test_one_connection_counts_once_however_many_addresses_it_has(one: str, other: str, is_same: bool) -> None:
    make = RequestFactory().get
    assert (address_of(make("/", REMOTE_ADDR=one)) == address_of(make("/", REMOTE_ADDR=other))) is is_same
