"""Threat 21: a sign-in with a browser the account has not used is told by letter and in Activity."""

import json

import pytest
from django.conf import settings
from django.test import Client

from kliento.domain.accounts.models import Session
from kliento.domain.activity.queries import entries_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.authenticator import Authenticator
from tests.door import DOOR, DOORS, PARTNERS, letters, registered, signs_in
from tests.interfaces.signin.test_security import LINUX, PHONE, adds_passkey
from tests.world import aino, eino

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def me() -> PersonActor:
    return aino(at=now())


def told() -> list[str]:
    """The letters about new devices, newest first."""
    return [str(letter.body) for letter in letters() if letter.subject == "Signed in on a new device"]


def entered(me: PersonActor) -> list[object]:
    return [entry.payload["device"] for entry in entries_of([me.person_id], limit=20) if entry.kind == "new_device"]


@pytest.mark.parametrize("audience", DOORS)
def test_a_new_browser_is_told_with_two_words_and_a_way_to_security(me: PersonActor, audience: str) -> None:
    browser = Client(headers={"User-Agent": PHONE}, REMOTE_ADDR="192.0.2.77")
    assert signs_in(browser, door=DOORS[audience])
    [body] = told()
    assert "with Firefox, Android, which" in body
    assert f"{settings.KLIENTO_URL}{DOORS[audience]}security/" in body
    assert entered(me) == ["Firefox, Android"]
    assert "192.0.2.77" not in body + repr(list(Session.objects.values()))


def test_the_same_browser_is_not_told_again_at_either_door(me: PersonActor) -> None:
    browser = Client(headers={"User-Agent": LINUX})
    for door in (DOOR, DOOR, PARTNERS):
        assert signs_in(browser, door=door)
        browser.post(f"{door}out")
    assert len(told()) == 1
    assert signs_in(Client(headers={"User-Agent": LINUX}))  # another one of the same kind
    assert len(told()) == 2


def test_registering_tells_nothing_and_makes_the_browser_known() -> None:
    browser = registered("tuija@example.fi")
    browser.post(f"{DOOR}out")
    assert signs_in(browser, "tuija@example.fi")
    assert told() == []


def test_a_passkey_is_told_as_well(me: PersonActor) -> None:
    first, device = Client(), Authenticator(settings.KLIENTO_URL)
    signs_in(first)
    adds_passkey(first, device)
    browser = Client(headers={"User-Agent": PHONE})
    question = browser.post(f"{DOOR}passkey/question").json()
    browser.post(f"{DOOR}passkey", {"answer": json.dumps(device.signs(question))})
    assert entered(me) == ["Firefox, Android", ""]
    assert "with a browser that was not used for it before" in told()[1]


def test_whoever_is_not_let_in_is_told_of_to_nobody(me: PersonActor) -> None:
    browser = Client()
    assert not signs_in(browser, password="not the one")
    assert (told(), entered(me)) == ([], [])
    assert "device" not in browser.cookies


def test_a_browser_knows_each_of_its_accounts_and_no_others(me: PersonActor) -> None:
    other = eino(at=now())
    browser = Client()
    signs_in(browser)
    signs_in(browser, "eino@example.fi")
    assert len(entered(other)) == 1
    signs_in(browser)
    assert len(entered(me)) == 1


def test_the_cookie_names_nobody_and_cannot_be_made_up(me: PersonActor) -> None:
    browser = Client()
    signs_in(browser)
    cookie = browser.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 400 * 24 * 60 * 60
    for secret in (str(me.account_id), me.account_id.hex, "aino"):
        assert secret not in cookie.value
    forged = Client()
    forged.cookies["device"] = cookie.value[:-2] + "xx"
    assert signs_in(forged)
    assert len(entered(me)) == 2


def test_activity_says_it_in_words(me: PersonActor) -> None:
    browser = Client(headers={"User-Agent": LINUX})
    signs_in(browser)
    page = browser.get("/me/activity").content.decode()
    assert "Signed in on a new device" in page
    assert "Chrome, Linux" in page
