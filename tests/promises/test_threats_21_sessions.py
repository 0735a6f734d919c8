"""Threat 21: a session cannot be planted or kept: new keys at sign-in and credential changes, `__Host-` cookies."""

import re
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.accounts.models import Passkey, Session
from kliento.domain.accounts.rules.sessions import stored_key
from kliento.domain.recipients.actions import open_invitation
from kliento.kernel.clock import now
from tests.authenticator import Authenticator
from tests.config.production import production
from tests.databases import Databases
from tests.door import DOOR, DOORS, PARTNERS, begun, code_in, letters, signs_in
from tests.interfaces.signin.test_security import adds_passkey
from tests.portal import operator
from tests.serving import serving
from tests.world import PASSWORD, aino, eino, kahvila_kaisa

NEW = "uusi ovi, uusi avain"


@pytest.fixture(params=DOORS)
def audience(request: pytest.FixtureRequest) -> str:
    """Whose door it is."""
    return str(request.param)


@pytest.fixture
def planted(audience: str, db: Databases) -> Client:
    """A browser to which somebody gave a session key they know themselves."""
    session = SessionStore(audience=audience)
    session["reset"] = "0"
    session.save()
    return carrying(str(session.session_key), audience)


def key_of(browser: Client, audience: str = "me") -> str:
    return browser.cookies[audience].value


def carrying(key: str, audience: str = "me") -> Client:
    """Another browser that holds this key."""
    browser = Client()
    browser.cookies[audience] = key
    return browser


def is_in(browser: Client, audience: str = "me") -> bool:
    """Whether the browser is signed in at that door, as a page behind it answers."""
    return browser.get(f"{DOORS[audience]}security/").status_code == 200


def signed_in(audience: str) -> Client:
    """Aino's browser, having come in by that door."""
    browser = Client()
    assert signs_in(browser, door=DOORS[audience])
    return browser


def test_signing_in_changes_the_key_and_the_old_one_opens_nothing(audience: str, planted: Client) -> None:
    aino()
    old = key_of(planted, audience)
    assert signs_in(planted, door=DOORS[audience])

    assert key_of(planted, audience) != old
    assert not is_in(carrying(old, audience), audience)
    assert is_in(planted, audience)


@pytest.mark.parametrize("audience", ["me"], indirect=True)
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


@pytest.mark.parametrize("audience", ["partner"], indirect=True)
@pytest.mark.parametrize("known", [True, False], ids=["signed in", "with a new account"])
def test_joining_a_team_changes_the_key(known: bool, planted: Client) -> None:
    if known:
        aino()
        assert signs_in(planted, door=PARTNERS)
    before = key_of(planted, "partner")
    token = open_invitation("kaija@example.fi", "till", by=operator(kahvila_kaisa()), at=now()).token
    planted.get(f"{PARTNERS}join/{token}")
    answer = {"name": "Kaija"} if known else {"name": "Kaija", "password": PASSWORD}
    assert planted.post(f"{PARTNERS}join" if known else f"{PARTNERS}join/new", answer).status_code == 302

    assert key_of(planted, "partner") != before
    assert not is_in(carrying(before, "partner"), "partner")
    assert is_in(planted, "partner")


def test_a_key_nobody_issued_is_not_taken_over(audience: str, db: Databases) -> None:
    aino()
    browser = carrying("a" * 32, audience)
    signs_in(browser, door=DOORS[audience])
    assert key_of(browser, audience) != "a" * 32


def test_the_key_of_one_door_opens_no_other(audience: str, db: Databases) -> None:
    aino()
    key = key_of(signed_in(audience), audience)
    for other in DOORS:
        assert is_in(carrying(key, other), other) is (other == audience)


def test_a_changed_password_changes_this_key_and_ends_every_other_at_every_door(audience: str, db: Databases) -> None:
    aino()
    here, elsewhere = signed_in(audience), {other: signed_in(other) for other in DOORS}
    thief = carrying(key_of(here, audience), audience)

    assert here.post(f"{DOORS[audience]}security/password", {"password": NEW}).status_code == 302

    assert is_in(here, audience)
    assert not is_in(thief, audience)
    assert [other for other, browser in elsewhere.items() if is_in(browser, other)] == []


def test_one_session_is_ended_singly_and_its_key_opens_nothing(audience: str, db: Databases) -> None:
    aino()
    door = DOORS[audience]
    here, lost, other = (signed_in(audience) for _ in range(3))
    listed = re.findall(r"sessions/(\w+)/end", here.get(f"{door}security/").content.decode())
    of_lost = Session.objects.get(session_key=stored_key(key_of(lost, audience))).session_key[:16]
    assert len(listed) == 2  # this one is left by signing out
    assert of_lost in listed

    assert here.post(f"{door}security/sessions/{of_lost}/end").url == f"{door}security/"

    assert [is_in(one, audience) for one in (here, lost, other)] == [True, False, True]
    assert here.post(f"{door}security/sessions/{of_lost}/end").status_code == 404


def test_nobody_ends_the_session_of_another_nor_many_at_once(db: Databases) -> None:
    aino()
    eino()
    hers = signed_in("me")
    stranger = Client()
    assert signs_in(stranger, "eino@example.fi")
    stored = stored_key(key_of(hers))
    own = stored_key(key_of(stranger))
    for session_id in (stored[:16], stored, stored[:1], own[:1], own[:15], "0" * 16):
        assert stranger.post(f"{DOOR}security/sessions/{session_id}/end").status_code == 404
    assert is_in(hers)
    assert is_in(stranger)


@pytest.mark.parametrize("change", ["adds a passkey", "removes a passkey", "removes the password"])
def test_every_change_of_what_signs_in_changes_this_key_and_ends_the_others(change: str, db: Databases) -> None:
    aino()
    here = signed_in("me")
    if change != "adds a passkey":
        adds_passkey(here, Authenticator(settings.KLIENTO_URL))
    elsewhere, thief = {other: signed_in(other) for other in DOORS}, carrying(key_of(here))
    if change == "adds a passkey":
        adds_passkey(here, Authenticator(settings.KLIENTO_URL))
    elif change == "removes a passkey":
        here.post(f"{DOOR}security/passkeys/{Passkey.objects.get().id}/removal")
    else:
        here.post(f"{DOOR}security/password/removal")
    assert is_in(here)
    assert not is_in(thief)
    assert [other for other, browser in elsewhere.items() if is_in(browser, other)] == []


def test_a_reset_password_ends_every_session_at_every_door(audience: str, client: Client, db: Databases) -> None:
    aino()
    thieves = {other: signed_in(other) for other in DOORS}
    client.post(f"{DOORS[audience]}reset/", {"email": "aino@example.fi"})
    client.post(f"{DOORS[audience]}reset/code", {"code": code_in(letters()[0])})
    client.post(f"{DOORS[audience]}reset/password", {"password": NEW})
    assert signs_in(client, password=NEW, door=DOORS[audience])
    assert [other for other, browser in thieves.items() if is_in(browser, other)] == []


def test_reading_the_table_opens_no_session(audience: str, db: Databases) -> None:
    aino()
    browser = signed_in(audience)
    row = Session.objects.get(account__isnull=False)
    assert row.session_key != key_of(browser, audience)
    assert not is_in(carrying(row.session_key, audience), audience)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(audience: str, db: Databases) -> None:
    aino()
    cookie = signed_in(audience).cookies[audience]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_over_tls_every_cookie_is_bound_to_the_host(audience: str, db: Databases, tmp_path: Path) -> None:
    with serving(db, **production(db, tmp_path).environment) as product:
        there = {"Host": "kliento.example", "X-Forwarded-Proto": "https"}
        page = asked(product.url, "GET", f"{DOORS[audience]}reset/", headers=there)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        form = urlencode({"csrfmiddlewaretoken": token[1], "email": "aino@example.fi"})
        sent = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": page.cookies[0].split(";")[0],
            "Referer": f"https://kliento.example{DOORS[audience]}",
        }
        answer = asked(product.url, "POST", f"{DOORS[audience]}reset/", headers=there | sent, body=form)

    assert answer.status == 302
    cookies = [*page.cookies, *answer.cookies]
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-csrf", f"__Host-{audience}"}
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
