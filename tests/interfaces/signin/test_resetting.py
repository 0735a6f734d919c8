"""A new password by a code."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from kliento.domain.accounts.models import Reset
from kliento.kernel.clock import now
from tests.door import DOOR, code_in, letters, signs_in
from tests.world import PASSWORD, aino

NEW = "uusi ovi, uusi avain"
pytestmark = pytest.mark.usefixtures("db")


def asked(browser: Client, address: str = "aino@example.fi") -> None:
    assert browser.post(f"{DOOR}reset/", {"email": address}).url == f"{DOOR}reset/code"


def test_the_code_leads_to_a_new_password_and_everybody_is_out(client: Client) -> None:
    aino()
    elsewhere = Client()
    signs_in(elsewhere)
    asked(client, "AINO@Example.fi")
    assert client.post(f"{DOOR}reset/code", {"code": code_in(letters()[0])}).url == f"{DOOR}reset/password"
    assert client.post(f"{DOOR}reset/password", {"password": NEW}).url == DOOR

    assert elsewhere.get("/me/").status_code == 302
    assert "has just been changed" in str(letters()[0].body)
    assert f"{settings.KLIENTO_URL}{DOOR}reset/" in str(letters()[0].body)
    assert signs_in(Client(), password=NEW)
    assert not signs_in(Client(), password=PASSWORD)
    assert not Reset.objects.exists()


def test_nobody_gets_a_letter_because_somebody_mistyped_an_address(client: Client) -> None:
    aino()
    asked(client, "aini@example.fi")
    assert letters() == []


def test_without_the_code_there_is_no_new_password(client: Client) -> None:
    aino()
    asked(client)
    assert client.post(f"{DOOR}reset/password", {"password": NEW}).url == f"{DOOR}reset/code"
    code = code_in(letters()[0])
    for _ in range(5):
        client.post(f"{DOOR}reset/code", {"code": f"{(int(code) + 1) % 1_000_000:06}"})
    assert client.post(f"{DOOR}reset/code", {"code": code}).status_code == 400
    assert not signs_in(Client(), password=NEW)


@pytest.mark.parametrize("step", ["code", "password"])
def test_a_reset_that_has_run_out_begins_again(client: Client, step: str) -> None:
    aino()
    assert client.get(f"{DOOR}reset/{step}").url == f"{DOOR}reset/"
    asked(client)
    Reset.objects.update(expires_at=now() - timedelta(seconds=1))
    assert client.get(f"{DOOR}reset/{step}").url == f"{DOOR}reset/"


def test_a_code_of_one_reset_does_not_open_another(client: Client) -> None:
    aino()
    first = Client()
    asked(first)
    code = code_in(letters()[0])
    asked(client)
    if code_in(letters()[0]) != code:
        assert client.post(f"{DOOR}reset/code", {"code": code}).status_code == 400
