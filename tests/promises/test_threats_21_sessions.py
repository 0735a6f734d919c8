"""Threat 21: a session cannot be planted or kept: new keys at sign-in and credential changes, `__Host-` cookies."""

import re
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client

from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.accounts.models import Session
from tests.config.production import production
from tests.databases import Databases
from tests.door import DOOR, begun, code_in, letters, registered, signs_in
from tests.serving import serving
from tests.world import PASSWORD, aino

NEW = "uusi ovi, uusi avain"


@pytest.fixture
def planted(db: Databases) -> Client:
    """A browser to which somebody gave a session key they know themselves."""
    session = SessionStore(audience="me")
    session["reset"] = "0"
    session.save()
    browser = Client()
    browser.cookies["me"] = session.session_key
    return browser


def key_of(browser: Client) -> str:
    return browser.cookies["me"].value


def test_signing_in_changes_the_key_and_the_old_one_opens_nothing(planted: Client) -> None:
    aino()
    old = key_of(planted)
    assert signs_in(planted)

    thief = Client()
    thief.cookies["me"] = old
    assert key_of(planted) != old
    assert thief.get("/me/activity").status_code == 302
    assert planted.get("/me/activity").status_code == 200


def test_registering_changes_the_key(planted: Client) -> None:
    seen = {key_of(planted)}
    begun(planted, "aino@example.fi")
    seen.add(key_of(planted))
    planted.post(f"{DOOR}register/code", {"code": code_in(letters()[0])})
    planted.post(f"{DOOR}register/age", {"age_band": "18_or_over"})
    planted.post(f"{DOOR}register/terms", {"version": "1"})
    planted.post(f"{DOOR}register/secret", {"password": PASSWORD})
    seen.add(key_of(planted))

    assert len(seen) == 3
    assert [row.audience for row in Session.objects.exclude(account=None)] == ["me"]


def test_a_key_nobody_issued_is_not_taken_over(client: Client, db: Databases) -> None:
    aino()
    client.cookies["me"] = "a" * 32
    signs_in(client)
    assert key_of(client) != "a" * 32


def test_a_changed_password_changes_this_key_and_ends_every_other(db: Databases) -> None:
    here, elsewhere, thief = registered(), Client(), Client()
    signs_in(elsewhere)
    thief.cookies["me"] = key_of(here)

    assert here.post(f"{DOOR}security/password", {"password": NEW}).status_code == 302

    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert thief.get("/me/").status_code == 302


def test_a_reset_password_ends_every_session(client: Client, db: Databases) -> None:
    thief = registered()
    client.post(f"{DOOR}reset/", {"email": "aino@example.fi"})
    client.post(f"{DOOR}reset/code", {"code": code_in(letters()[0])})
    client.post(f"{DOOR}reset/password", {"password": NEW})
    assert thief.get("/me/").status_code == 302


def test_reading_the_table_opens_no_session(db: Databases) -> None:
    browser, thief = registered(), Client()
    row = Session.objects.get(account__isnull=False)
    assert row.session_key != key_of(browser)
    thief.cookies["me"] = row.session_key
    assert thief.get("/me/").status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(db: Databases) -> None:
    cookie = registered().cookies["me"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_over_tls_every_cookie_is_bound_to_the_host(db: Databases, tmp_path: Path) -> None:
    with serving(db, **production(db, tmp_path).environment) as product:
        there = {"Host": "kliento.example", "X-Forwarded-Proto": "https"}
        page = asked(product.url, "GET", f"{DOOR}register/", headers=there)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        form = urlencode({"csrfmiddlewaretoken": token[1], "email": "aino@example.fi"})
        sent = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": page.cookies[0].split(";")[0],
            "Referer": f"https://kliento.example{DOOR}",
        }
        answer = asked(product.url, "POST", f"{DOOR}register/", headers=there | sent, body=form)

    assert answer.status == 302
    cookies = [*page.cookies, *answer.cookies]
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-csrf", "__Host-me"}
    for cookie in cookies:
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert {"secure", "path=/", "httponly", "samesite=lax"} <= parts
        assert not any(part.startswith("domain") for part in parts)


@dataclass(frozen=True)
class Answer:
    """What a browser would see."""

    status: int
    cookies: list[str]
    text: str


def asked(url: str, method: str, path: str, *, headers: dict[str, str], body: str = "") -> Answer:
    """One request on this machine, redirects not followed."""
    with closing(HTTPConnection(url.removeprefix("http://"), timeout=30)) as connection:
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        cookies = response.headers.get_all("Set-Cookie") or []
        return Answer(response.status, cookies, response.read().decode())
