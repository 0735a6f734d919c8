"""Accounts that were there before addresses could be changed and deleted are as they were, there and back."""

import pytest
from django.db import connection
from django.test import Client

from kliento.kernel.clock import now
from tests.door import signs_in
from tests.migrating import migrated_fully, migrated_to
from tests.world import aino

pytestmark = pytest.mark.usefixtures("db")


def test_an_account_of_before_signs_in_after() -> None:
    me = aino(at=now())
    migrated_to("accounts", "0002_reset_by_index")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_account WHERE login_index IS NOT NULL")
        assert cursor.fetchone() == (1,)
    migrated_fully()
    assert me.account_id
    assert signs_in(Client())
