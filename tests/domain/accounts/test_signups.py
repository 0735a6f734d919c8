"""Sign-ups: no step without the one before, nothing kept of those that end."""

from datetime import timedelta

import pytest

from kliento.domain.accounts.actions import (
    abandon_signup,
    accept_terms,
    answer_age_band,
    create_account,
    open_signup,
    purge_signups,
    verify_signup,
)
from kliento.domain.accounts.models import Account, PendingSignup
from kliento.domain.accounts.queries import signup_step
from kliento.domain.accounts.rules.codes import CODE_GOOD_FOR, LAST_STEP
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.vault.models import DataKey, Value
from kliento.kernel.errors import Conflict, Invalid, NotFound
from tests.world import NOON, aino

SECRET = Password("kolme sanaa ja kukko")
pytestmark = pytest.mark.usefixtures("db")


def test_each_step_asks_for_the_one_before() -> None:
    signup = open_signup("aino@example.fi", at=NOON)
    assert signup_step(signup.id, at=NOON) == "code"
    for step in (
        lambda: answer_age_band(signup.id, is_minor=False, at=NOON),
        lambda: accept_terms(signup.id, version="1", at=NOON),
        lambda: create_account(signup.id, SECRET, language="fi", at=NOON),
    ):
        with pytest.raises(Conflict):
            step()
    verify_signup(signup.id, signup.code or "", at=NOON)
    assert signup_step(signup.id, at=NOON) == "age"
    answer_age_band(signup.id, is_minor=True, at=NOON)
    assert signup_step(signup.id, at=NOON) == "terms"
    with pytest.raises(Conflict):
        create_account(signup.id, SECRET, language="fi", at=NOON)
    accept_terms(signup.id, version="1", at=NOON)
    assert signup_step(signup.id, at=NOON) == "secret"

    account = create_account(signup.id, SECRET, language="fi", at=NOON)

    assert (account.id, account.is_minor, account.terms_version) == (signup.id, True, "1")
    assert Account.objects.get().check_password(SECRET.text)


def test_a_known_address_gets_the_same_rows_and_no_code() -> None:
    aino()
    before = Value.objects.count()
    known, unknown = open_signup("Aino@Example.fi", at=NOON), open_signup("eino@example.fi", at=NOON)
    assert known.code is None
    assert unknown.code is not None
    assert (PendingSignup.objects.count(), Value.objects.count()) == (2, before + 2)
    with pytest.raises(Invalid):
        verify_signup(known.id, unknown.code, at=NOON)


def test_a_code_is_good_for_half_an_hour() -> None:
    signup = open_signup("aino@example.fi", at=NOON)
    with pytest.raises(NotFound):
        verify_signup(signup.id, signup.code or "", at=NOON + CODE_GOOD_FOR)
    with pytest.raises(NotFound):
        signup_step(signup.id, at=NOON + CODE_GOOD_FOR)


def test_the_table_does_not_hold_the_code() -> None:
    signup = open_signup("aino@example.fi", at=NOON)
    assert (signup.code or "").encode() not in bytes(PendingSignup.objects.get().code_hash)


def test_the_purge_takes_only_what_has_run_out() -> None:
    open_signup("aino@example.fi", at=NOON)
    fresh = open_signup("eino@example.fi", at=NOON + timedelta(minutes=20))

    assert purge_signups(at=NOON + CODE_GOOD_FOR + LAST_STEP) == 1

    assert PendingSignup.objects.get().id == fresh.id
    assert DataKey.objects.get().owner_id == fresh.id


def test_an_abandoned_sign_up_is_gone_at_once_and_a_finished_one_stays() -> None:
    abandoned = open_signup("aino@example.fi", at=NOON)
    abandon_signup(abandoned.id, at=NOON)
    assert not Value.objects.exists()

    person = aino()
    abandon_signup(person.account_id, at=NOON)
    assert Value.objects.get().owner_id == person.account_id
