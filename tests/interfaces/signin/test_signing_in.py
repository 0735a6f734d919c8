"""Signing in and out, by password and by passkey."""

import json

import pytest
from django.conf import settings
from django.test import Client

from kliento.domain.accounts.models import Passkey, Session
from kliento.domain.people.actions import begin_erasure
from kliento.domain.people.models import Person
from kliento.kernel.clock import now
from tests.authenticator import Authenticator
from tests.door import DOOR, begun, code_in, letters, registered, signs_in
from tests.world import PASSWORD, aino

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(settings.KLIENTO_URL)


@pytest.fixture
def with_passkey(device: Authenticator) -> Client:
    """A browser that registered without a password."""
    browser = Client()
    begun(browser, "aino@example.fi")
    for step, answer in [
        ("code", {"code": code_in(letters()[0])}),
        ("age", {"age_band": "18_or_over"}),
        ("terms", {"version": "1"}),
    ]:
        browser.post(f"{DOOR}register/{step}", answer)
    question = browser.post(f"{DOOR}register/passkey/question").json()
    response = browser.post(f"{DOOR}register/passkey", {"answer": json.dumps(device.creates(question))})
    assert response.url == "/me/"
    return browser


def by_passkey(browser: Client, device: Authenticator) -> str:
    """Where the browser lands."""
    question = browser.post(f"{DOOR}passkey/question").json()
    return browser.post(f"{DOOR}passkey", {"answer": json.dumps(device.signs(question))}).url


def test_a_wrong_password_and_an_unknown_address_do_not_let_in(client: Client) -> None:
    aino()
    assert not signs_in(client, password="not this one")
    assert not signs_in(client, "nobody@example.fi")
    assert not signs_in(client, "no address")
    assert client.get("/me/").url.startswith(DOOR)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/me/activity?before=7", "/me/activity?before=7"),
        ("/sign-in/me/security/", "/sign-in/me/security/"),
        ("https://kliento.example/me/", "/me/"),
        ("//kliento.example/me/", "/me/"),
        ("/\\kliento.example/me/", "/me/"),
        ("javascript:alert(1)", "/me/"),
        ("/console/", "/me/"),
        ("/api/v1/scans", "/me/"),
        ("", "/me/"),
    ],
)
def test_after_signing_in_one_is_where_one_was_going(client: Client, wanted: str, reached: str) -> None:
    aino()
    response = client.post(f"{DOOR}?next={wanted}", {"email": "aino@example.fi", "password": PASSWORD})
    assert response.url == reached


def test_signing_out_ends_the_session_here(client: Client) -> None:
    aino()
    signs_in(client)
    assert client.get(f"{DOOR}out").status_code == 405
    assert client.post(f"{DOOR}out").url == "/"
    assert client.get("/me/").status_code == 302
    assert not Session.objects.exists()


def test_a_person_who_is_leaving_does_not_come_in_and_is_out_at_once(client: Client) -> None:
    person = aino()
    signs_in(client)
    begin_erasure(person.person_id, at=now())
    assert client.get("/me/").url.startswith(DOOR)
    assert not signs_in(Client())


def test_a_restricted_person_comes_in(client: Client) -> None:
    person = aino()
    Person.objects.filter(id=person.person_id).update(state="restricted")
    assert signs_in(client)


def test_a_passkey_registers_and_signs_in(with_passkey: Client, device: Authenticator) -> None:
    assert with_passkey.get("/me/").status_code == 200
    assert by_passkey(Client(), device) == "/me/"
    assert Passkey.objects.get().sign_count == 1
    assert not signs_in(Client(), password="")


def test_an_answer_counts_once(with_passkey: Client, device: Authenticator) -> None:
    browser = Client()
    question = browser.post(f"{DOOR}passkey/question").json()
    answer = {"answer": json.dumps(device.signs(question))}
    assert browser.post(f"{DOOR}passkey", answer).url == "/me/"
    for again in (browser, Client()):
        assert again.post(f"{DOOR}passkey", answer).url == DOOR


def test_an_unknown_passkey_and_nonsense_get_the_same_answer(with_passkey: Client, device: Authenticator) -> None:
    stranger = Authenticator(settings.KLIENTO_URL)
    for answer in (None, "", "{", "[]", "{}", '{"response": 1}', "9" * 5000):
        browser = Client()
        question = browser.post(f"{DOOR}passkey/question").json()
        sent = json.dumps(stranger.signs(question)) if answer is None else answer
        response = browser.post(f"{DOOR}passkey", {"answer": sent}, follow=True)
        assert response.redirect_chain == [(DOOR, 302)]
        assert "This passkey could not be used here" in response.content.decode()


def test_registering_with_an_answer_that_does_not_fit_can_be_tried_again(client: Client, device: Authenticator) -> None:
    begun(client, "aino@example.fi")
    client.post(f"{DOOR}register/code", {"code": code_in(letters()[0])})
    client.post(f"{DOOR}register/age", {"age_band": "18_or_over"})
    client.post(f"{DOOR}register/terms", {"version": "1"})
    client.post(f"{DOOR}register/passkey/question")
    old = client.post(f"{DOOR}register/passkey/question").json()
    device.origin = "https://kliento.example"

    response = client.post(f"{DOOR}register/passkey", {"answer": json.dumps(device.creates(old))}, follow=True)

    assert "could not be used" in response.content.decode()
    assert not Person.objects.exists()


def test_every_spelling_of_an_internationalised_address_signs_in_and_a_look_alike_does_not() -> None:
    registered("Aino@Faß.de")
    for spelling in ("aino@faß.de", "AINO@FAẞ.DE", "aino@xn--fa-hia.de"):
        assert signs_in(Client(), spelling), spelling
    assert not signs_in(Client(), "aino@fass.de")
    assert not signs_in(Client(), "aino\u200b@faß.de")


def test_whoever_is_signed_in_stays_so_where_a_code_would_be_asked_for() -> None:
    browser = registered("aino@example.fi")
    assert browser.get(f"{DOOR}second")["Location"] == "/me/"
    assert browser.get("/me/").status_code == 200
