"""Sessions: stored under a hash, bound to an audience, ended by account."""

from datetime import timedelta

import pytest

from kliento.domain.accounts.actions import close_account_credentials, end_sessions, purge_sessions
from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.accounts.models import Account, Session
from kliento.domain.accounts.queries import describe_person, sessions_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.world import aino, eino

pytestmark = pytest.mark.usefixtures("db")


def session_of(person: PersonActor, *, audience: str = "me", device: str = "Chrome, Linux") -> SessionStore:
    session = SessionStore(audience=audience)
    session.update({"account_id": str(person.account_id), "signed_in_at": now().isoformat(), "device": device})
    session.save()
    return session


def test_a_session_opens_with_its_own_key_for_its_own_audience() -> None:
    key = session_of(aino()).session_key
    assert "account_id" in SessionStore(key, audience="me")
    assert "account_id" not in SessionStore(key, audience="partner")
    assert "account_id" not in SessionStore(Session.objects.get().session_key, audience="me")


def test_a_session_that_has_run_out_opens_nothing_and_is_purged() -> None:
    key = session_of(aino()).session_key
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert "account_id" not in SessionStore(key, audience="me")
    assert purge_sessions(at=now()) == 1


def test_sessions_end_by_account_except_the_one_that_asks() -> None:
    person, other = aino(), eino()
    here, other_session = session_of(person), session_of(other)
    session_of(person, audience="partner")

    assert end_sessions(person.account_id, keep=here.session_key) == 1

    assert [view.is_this for view in sessions_of(person.account_id, this=here.session_key, at=now())] == [True]
    assert "account_id" in SessionStore(other_session.session_key, audience="me")
    assert end_sessions(person.account_id) == 1


def test_closing_an_account_leaves_no_way_in() -> None:
    person = aino()
    session_of(person)
    close_account_credentials(person.account_id)
    close_account_credentials(person.account_id)
    assert not Account.objects.exists()
    assert not Session.objects.exists()


def test_a_person_is_told_all_about_their_account_but_no_hash_and_no_key() -> None:
    person = aino()
    key = session_of(person).session_key
    described = describe_person(person.person_id)

    assert described["account"]["sign_ins"][0]["device"] == "Chrome, Linux"
    account, session = Account.objects.get(), Session.objects.get()
    for secret in (key, session.session_key, account.password, account.login_index):
        assert str(secret) not in str(described)
