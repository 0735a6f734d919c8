"""Security: one's password, passkeys and sessions."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.accounts.models import Passkey
from kliento.domain.activity.queries import entries_of
from kliento.kernel.clock import now
from tests.authenticator import Authenticator
from tests.door import DOOR, letters, signs_in
from tests.world import aino, eino

NEW = "uusi ovi, uusi avain"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def here() -> Client:
    aino()
    browser = Client(headers={"User-Agent": LINUX})
    assert signs_in(browser)
    return browser


def adds_passkey(browser: Client, device: Authenticator) -> str:
    question = browser.post(f"{DOOR}security/passkeys/question").json()
    return browser.post(f"{DOOR}security/passkeys/new", {"answer": json.dumps(device.creates(question))}).url


def test_the_page_lists_where_one_is_signed_in_and_ends_it_elsewhere(here: Client) -> None:
    phone = Client(headers={"User-Agent": PHONE})
    signs_in(phone)

    page = here.get(f"{DOOR}security/").content.decode()
    assert "Chrome, Linux" in page
    assert "Firefox, Android" in page
    assert page.count("This device") == 1

    assert here.post(f"{DOOR}security/other-sessions").url == f"{DOOR}security/"
    assert here.get("/me/activity").status_code == 200
    assert phone.get("/me/").status_code == 302
    assert "Sign out everywhere else" not in here.get(f"{DOOR}security/").content.decode()


def test_a_change_is_told_by_mail_and_in_activity(here: Client) -> None:
    assert here.post(f"{DOOR}security/password", {"password": NEW}).status_code == 302
    assert "has just been changed" in str(letters()[0].body)
    assert "You changed how you sign in" in here.get("/me/activity").content.decode()


def test_an_old_sign_in_cannot_change_anything(here: Client) -> None:
    session = SessionStore(here.cookies["me"].value, audience="me")
    session["signed_in_at"] = (now() - timedelta(hours=1)).isoformat()
    session.save()

    assert here.get(f"{DOOR}security/").status_code == 200
    for answer in (
        here.post(f"{DOOR}security/password", {"password": NEW}),
        here.get(f"{DOOR}security/passkeys/new"),
        here.post(f"{DOOR}security/passkeys/question"),
    ):
        assert answer.url.startswith(f"{DOOR}?next=")
    assert not signs_in(Client(), password=NEW)


def test_passkeys_are_added_and_removed_and_each_change_signs_out_elsewhere(here: Client) -> None:
    phone, device = Client(), Authenticator(settings.KLIENTO_URL)
    signs_in(phone)
    assert adds_passkey(here, device) == f"{DOOR}security/"
    assert phone.get("/me/").status_code == 302
    assert Passkey.objects.get().device == "Chrome, Linux"
    assert adds_passkey(here, device) == f"{DOOR}security/passkeys/new"  # the same one again

    assert here.post(f"{DOOR}security/passkeys/{Passkey.objects.get().id}/removal").status_code == 302
    assert not Passkey.objects.exists()


def test_the_last_way_in_stays(here: Client) -> None:
    adds_passkey(here, Authenticator(settings.KLIENTO_URL))
    passkey = Passkey.objects.get()
    passkey.account.set_unusable_password()
    passkey.account.save()

    page = here.post(f"{DOOR}security/passkeys/{passkey.id}/removal", follow=True).content.decode()

    assert "only way to sign in" in page
    assert Passkey.objects.exists()


def test_the_password_goes_where_a_passkey_stays_and_a_letter_says_so(here: Client) -> None:
    page = here.post(f"{DOOR}security/password/removal", follow=True).content.decode()
    assert "only way to sign in" in page
    assert signs_in(Client())

    adds_passkey(here, Authenticator(settings.KLIENTO_URL))
    assert "only your passkeys sign in" in here.get(f"{DOOR}security/password/removal").content.decode()
    assert here.post(f"{DOOR}security/password/removal").url == f"{DOOR}security/"
    assert not signs_in(Client())
    body = str(letters()[0].body)
    assert "has just been removed; passkeys alone sign in" in body
    assert f"{settings.KLIENTO_URL}{DOOR}reset/" in body
    assert "Password removed" in here.get("/me/activity").content.decode()
    assert "Set a password" in here.get(f"{DOOR}security/").content.decode()


def test_nobody_removes_the_passkey_of_another(here: Client) -> None:
    adds_passkey(here, Authenticator(settings.KLIENTO_URL))
    person = eino()
    stranger = Client()
    signs_in(stranger, "eino@example.fi")

    assert stranger.post(f"{DOOR}security/passkeys/{Passkey.objects.get().id}/removal").status_code == 404
    assert Passkey.objects.exists()
    assert [entry.kind for entry in entries_of([person.person_id], limit=9)] == ["new_device", "person_registered"]


@pytest.mark.parametrize("page", ["security/", "security/password", "security/passkeys/new"])
def test_visitors_sign_in_first(client: Client, page: str) -> None:
    assert client.get(f"{DOOR}{page}").url.startswith(f"{DOOR}?next=")
