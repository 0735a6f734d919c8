"""R-REG-3: one neutral age-band question; only `is_minor` is stored. Under 13: no registration."""

import pytest
from django.test import Client

from kliento.domain.accounts.models import Account, PendingSignup
from kliento.domain.people.models import Person
from kliento.domain.vault.models import DataKey, Value
from tests import canary
from tests.databases import Databases
from tests.door import DOOR, begun, code_in, letters, registered

YOUNG = "liian.nuori@example.fi"


@pytest.mark.parametrize(("age_band", "is_minor"), [("13_to_17", True), ("18_or_over", False)])
def test_of_the_age_only_whether_somebody_is_a_minor_is_kept(age_band: str, is_minor: bool, db: Databases) -> None:
    registered("aino@example.fi", age_band=age_band)

    assert Person.objects.get().is_minor is is_minor
    assert [value.field for value in Value.objects.all()] == ["login_email"]
    assert canary.finds({"band": age_band}, db) == []


def test_under_13_nobody_registers_and_nothing_stays(client: Client, db: Databases) -> None:
    begun(client, YOUNG)
    client.post(f"{DOOR}register/code", {"code": code_in(letters()[0])})

    page = client.post(f"{DOOR}register/age", {"age_band": "under_13"})

    assert "for people aged 13 or over" in page.content.decode()
    assert client.get(f"{DOOR}register/terms").url == f"{DOOR}register/"
    for table in (Account, Person, PendingSignup, Value, DataKey):
        assert not table.objects.exists()
    assert canary.finds({"address": YOUNG}, db) == []


def test_the_question_is_neutral(client: Client, db: Databases) -> None:
    """Nothing is chosen beforehand, and nothing on the page tells which answer leads on."""
    begun(client, "aino@example.fi")
    client.post(f"{DOOR}register/code", {"code": code_in(letters()[0])})
    page = client.get(f"{DOOR}register/age").content.decode()

    assert page.count('type="radio"') == 3
    assert "checked" not in page
    assert "13 or over" not in page
    assert client.post(f"{DOOR}register/age", {}).status_code == 400
    assert client.post(f"{DOOR}register/age", {"age_band": "36"}).status_code == 400
