"""Threat 15: the download of one's data cannot leak by a link, for it has none: fresh sign-in, no store."""

from datetime import timedelta

import pytest
from django.test import Client

from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.activity.queries import entries_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.door import DOOR, signs_in
from tests.phone import phone_of
from tests.world import aino, stores

PAGE = "/me/download"
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def me() -> PersonActor:
    return stores(aino(at=now()), at=now(), first_name="Aino-Kaarina")


def aged(browser: Client, **ago: int) -> Client:
    """The browser, whose sign-in was so long ago."""
    session = SessionStore(browser.cookies["me"].value, audience="me")
    session["signed_in_at"] = (now() - timedelta(**ago)).isoformat()
    session.save()
    return browser


def downloads(me: PersonActor) -> int:
    return [entry.kind for entry in entries_of([me.person_id], limit=50)].count("data_downloaded")


def holds_data(answer) -> bool:
    return b"Aino-Kaarina" in answer.content or "attachment" in answer.get("Content-Disposition", "")


def test_threat_15_a_visitor_is_sent_to_sign_in(me: PersonActor, client: Client) -> None:
    for answer in (client.get(PAGE), client.post(PAGE)):
        assert answer.url.startswith(f"{DOOR}?next=")
    assert downloads(me) == 0


@pytest.mark.parametrize("minutes", [15, 60])
def test_threat_15_a_sign_in_of_earlier_is_not_enough_and_nothing_is_entered(me: PersonActor, minutes: int) -> None:
    browser = aged(phone_of(me), minutes=minutes)
    answer = browser.post(PAGE)
    assert answer.url == f"{DOOR}?next=%2Fme%2Fdownload&again=yes"
    assert not holds_data(answer)
    assert downloads(me) == 0


def test_threat_15_signing_in_once_more_leads_back_and_the_download_is_entered(me: PersonActor) -> None:
    browser = aged(phone_of(me), hours=2)
    door = browser.post(PAGE).url
    assert browser.get(door).status_code == 200  # signed in as one is, one is asked again
    assert browser.post(door, {"email": "aino@example.fi", "password": "kolme sanaa ja kukko"}).url == PAGE
    assert holds_data(browser.post(PAGE))
    assert downloads(me) == 1


def test_threat_15_no_address_answers_with_the_data_however_it_is_asked_for(me: PersonActor) -> None:
    browser = phone_of(me)
    assert holds_data(browser.post(PAGE))
    for answer in (
        browser.get(PAGE),
        browser.head(PAGE),
        browser.get(f"{PAGE}?csrfmiddlewaretoken=x&download=1"),
        browser.get(PAGE, headers={"Range": "bytes=0-"}),
        browser.put(PAGE),
    ):
        assert not holds_data(answer)
    assert downloads(me) == 1


def test_threat_15_each_download_is_asked_for_and_entered_anew(me: PersonActor) -> None:
    browser = phone_of(me)
    for made in (1, 2):
        assert holds_data(browser.post(PAGE))
        assert downloads(me) == made


def test_threat_15_another_site_cannot_ask_for_it(me: PersonActor) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["me"] = phone_of(me).cookies["me"].value
    assert browser.post(PAGE).status_code == 403
    assert downloads(me) == 0


def test_threat_15_nothing_on_the_way_keeps_it(me: PersonActor) -> None:
    answer = phone_of(me).post(PAGE)
    assert {"no-store", "private"} <= {part.strip() for part in answer["Cache-Control"].split(",")}
    assert "Cookie" in answer["Vary"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_threat_15_a_session_that_ended_downloads_nothing(me: PersonActor) -> None:
    browser, elsewhere = phone_of(me), Client()
    assert signs_in(elsewhere)
    elsewhere.post(f"{DOOR}security/other-sessions")
    assert browser.post(PAGE).url.startswith(f"{DOOR}?next=")
    assert downloads(me) == 0
