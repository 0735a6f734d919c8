"""Codes of an authenticator app, and recovery codes."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from kliento.domain.accounts import tasks
from kliento.domain.accounts.actions import (
    begin_authenticator,
    renew_recovery_codes,
    turn_authenticator_on,
    use_recovery_code,
    use_step,
)
from kliento.domain.accounts.models import Authenticator, RecoveryCode
from kliento.domain.accounts.queries import authenticator_of, describe_person
from kliento.domain.accounts.rules.recovery import for_reading, new_codes, recovery_code_in
from kliento.domain.accounts.rules.totp import address_for_apps, code_at, fitting_step, in_groups, new_secret
from kliento.domain.entrance.queries import authenticator_secret
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict
from tests.world import NOON, aino, eino

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("second", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_rfc_6238(second: int, digits: str) -> None:
    at = datetime.fromtimestamp(second, tz=UTC)
    assert code_at(RFC_SECRET, at=at) == digits
    assert fitting_step(RFC_SECRET, digits, at=at, after=0) == second // 30


def test_a_clock_may_be_half_a_minute_off_and_no_more() -> None:
    secret = new_secret()
    for seconds, fits in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        typed = code_at(secret, at=NOON + timedelta(seconds=seconds))
        assert (fitting_step(secret, typed, at=NOON, after=0) is not None) is fits


def test_a_step_that_was_used_or_lies_before_one_fits_no_more() -> None:
    secret = new_secret()
    here = int(NOON.timestamp()) // 30
    before, now_typed = (code_at(secret, at=NOON - timedelta(seconds=30)), code_at(secret, at=NOON))
    assert fitting_step(secret, now_typed, at=NOON, after=here) is None
    assert fitting_step(secret, before, at=NOON, after=here) is None
    assert fitting_step(secret, before, at=NOON, after=here - 2) == here - 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "१२३४५६", "🂡" * 6])
def test_what_is_no_code_fits_nothing(typed: str) -> None:
    assert fitting_step(RFC_SECRET, typed, at=NOON, after=0) is None


def test_apps_get_the_secret_in_the_form_they_know() -> None:
    address = address_for_apps(RFC_SECRET, name="aino+1@example.fi", issuer="Kliento Oy & co")
    assert address.startswith("otpauth://totp/Kliento%20Oy%20%26%20co:aino%2B1%40example.fi?secret=GEZD")
    assert address.endswith("issuer=Kliento%20Oy%20%26%20co")
    assert in_groups(RFC_SECRET)[:9] == "GEZD GNBV"
    assert len({new_secret() for _ in range(9)}) == 9


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    codes = new_codes()
    assert len(set(codes)) == 10
    assert recovery_code_in(for_reading(codes[0]).lower().replace(" ", "-")) == codes[0]
    assert recovery_code_in("OIL0 1234 5678 9ABC") == "0110123456789ABC"
    for typed in ("", "123456", codes[0][:-1], codes[0] + "0", "U" * 16):
        assert recovery_code_in(typed) is None


def test_the_secret_is_sealed_and_opens_for_its_account_alone(db: object) -> None:
    me, other = aino(at=now()), eino(at=now())
    begin_authenticator(me.account_id, at=now())
    app = authenticator_of(me.account_id)
    assert app is not None
    secret = authenticator_secret(me.account_id, app)
    assert len(secret) == 32
    assert secret.encode() not in app.sealed
    begin_authenticator(other.account_id, at=now())
    Authenticator.objects.filter(account_id=other.account_id).update(sealed=app.sealed)
    moved = authenticator_of(other.account_id)
    assert moved is not None
    with pytest.raises(Exception, match="cannot_open"):
        authenticator_secret(other.account_id, moved)


def test_a_step_is_used_once_and_an_app_turned_on_once(db: object) -> None:
    me = aino(at=now())
    begin_authenticator(me.account_id, at=now())
    app = authenticator_of(me.account_id)
    assert app is not None
    assert [use_step(app.id, step) for step in (7, 7, 6, 8)] == [True, False, False, True]
    turn_authenticator_on(me.account_id, app.id, keep="", at=now())
    with pytest.raises(Conflict):
        turn_authenticator_on(me.account_id, app.id, keep="", at=now())
    with pytest.raises(Conflict):
        begin_authenticator(me.account_id, at=now())


def test_a_recovery_code_is_good_once_for_its_account_and_kept_hashed(db: object) -> None:
    me, other = aino(at=now()), eino(at=now())
    first = renew_recovery_codes(me.account_id, at=now())
    codes = renew_recovery_codes(me.account_id, at=now())
    assert not use_recovery_code(me.account_id, first[0])
    assert not use_recovery_code(other.account_id, codes[0])
    assert not any(code.encode() in bytes(row.code_hash) for code in codes for row in RecoveryCode.objects.all())
    assert use_recovery_code(me.account_id, for_reading(codes[0]))
    assert not use_recovery_code(me.account_id, codes[0])
    account = describe_person(me.person_id)["account"]
    assert (account["recovery_codes_left"], account["authenticator_since"]) == (9, None)


def test_an_app_nobody_finished_setting_up_is_forgotten_after_a_day_and_one_that_is_on_stays(db: object) -> None:
    me, other = aino(at=now()), eino(at=now())
    for each in (me, other):
        begin_authenticator(each.account_id, at=now())
    app = authenticator_of(other.account_id)
    assert app is not None
    turn_authenticator_on(other.account_id, app.id, keep="", at=now())
    tasks.purge_authenticators(now() + timedelta(hours=23))
    assert Authenticator.objects.count() == 2
    tasks.purge_authenticators(now() + timedelta(hours=25))
    assert [row.account_id for row in Authenticator.objects.all()] == [other.account_id]
