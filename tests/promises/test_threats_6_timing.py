"""Threat 6: the password hasher runs on every path of signing in, exactly once. Calls are counted, not milliseconds."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from pytest_django import Settings

from kliento.domain.accounts.actions import create_invited_account
from kliento.domain.accounts.models import Account
from kliento.domain.accounts.queries import login_index
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.people.actions import begin_erasure
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests.databases import Databases
from tests.door import DOORS, signs_in
from tests.world import PASSWORD, aino, eino, minna

runs: list[str] = []


class CountingHasher(MD5PasswordHasher):
    """The hasher of the tests, counted: checking a password is one run, making a hash is one."""

    def encode(self, password: str, salt: str) -> str:
        runs.append(password)
        return super().encode(password, salt)


@pytest.fixture
def counted(db: Databases, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.{CountingHasher.__qualname__}"]


@pytest.mark.parametrize("audience", DOORS)
@pytest.mark.parametrize(
    ("address", "password", "gets_in"),
    [
        ("aino@example.fi", PASSWORD, True),
        ("aino@example.fi", "wrong, I fear", False),
        ("AINO@EXAMPLE.FI", "wrong, I fear", False),
        ("nobody@example.fi", "wrong, I fear", False),
        ("no address", "wrong, I fear", False),
        ("eino@example.fi", "has passkeys only", False),
        ("minna@example.fi", PASSWORD, False),
        ("kaija@example.fi", PASSWORD, "partner"),
    ],
    ids=[
        "right",
        "wrong",
        "wrong, other spelling",
        "unknown",
        "no address",
        "without a password",
        "leaving",
        "for work alone",
    ],
)
def test_one_hash_whoever_knocks(
    audience: str, address: str, password: str, gets_in: bool | str, counted: None, client: Client
) -> None:
    aino()
    index = login_index("kaija@example.fi")
    create_invited_account(new_id(), Password(PASSWORD), login_index=index, language="en", at=now())
    leaving = minna()
    begin_erasure(leaving.person_id, at=now())
    without = Account.objects.get(id=eino().account_id)
    without.set_unusable_password()
    without.save()
    runs.clear()

    assert signs_in(client, address, password, door=DOORS[audience]) is (gets_in in (True, audience))
    assert runs == [password]
