"""One session cookie for each audience; public pages and the API have none."""

import pytest
from django.test import Client

from kliento.domain.accounts.models import Session
from kliento.domain.recipients.actions import make_pairing_code
from kliento.interfaces.signin.sessions import audience_of
from kliento.kernel.clock import now
from tests.door import DOOR, signs_in
from tests.world import REGISTER_HOLDER, aino, kahvila_kaisa


@pytest.mark.parametrize(
    ("path", "audience"),
    [
        ("/me/", "me"),
        ("/me/activity", "me"),
        ("/sign-in/me/", "me"),
        ("/sign-in/me/register/code", "me"),
        ("/counter/", "counter"),
        ("/partner/visits", "partner"),
        ("/sign-in/partner/", "partner"),
        ("/sign-in/console/", "console"),
        ("/", None),
        ("", None),
        ("/me", "me"),
        ("/mean/", None),
        ("//me/", None),
        ("/sign-in/", None),
        ("/sign-in/nobody/", None),
        ("/register-description", None),
        ("/api/v1/scans", None),
        ("/demo/", None),
    ],
)
def test_the_path_says_whose_pages_these_are(path: str, audience: str | None) -> None:
    assert audience_of(path) == audience


@pytest.fixture
def both(db: object) -> Client:
    """Signed in as a person and paired as a till at the same time."""
    aino()
    place = kahvila_kaisa(at=now())
    browser = Client()
    signs_in(browser)
    code = make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=now())
    assert browser.post("/counter/pair", {"code": code, "name": "Till"}).status_code == 302
    return browser


def test_two_audiences_are_open_in_one_browser_and_end_apart(both: Client) -> None:
    assert {"me", "counter"} <= set(both.cookies)
    assert both.get("/me/activity").status_code == 200
    assert both.get("/counter/").status_code == 200

    both.post(f"{DOOR}out")

    assert both.get("/me/activity").status_code == 302
    assert both.get("/counter/").status_code == 200


def test_the_cookie_of_one_audience_opens_nothing_of_another(both: Client) -> None:
    both.cookies["me"], both.cookies["counter"] = both.cookies["counter"].value, both.cookies["me"].value
    assert both.get("/me/activity").status_code == 302
    assert both.get("/counter/").status_code == 302


@pytest.mark.parametrize("path", ["/", "/terms", "/register-description", "/api/v1/openapi.json", DOOR])
def test_a_page_that_was_only_looked_at_leaves_no_session(client: Client, db: object, path: str) -> None:
    response = client.get(path)
    assert "me" not in response.cookies
    assert not Session.objects.exists()


def test_a_session_is_kept_alive_by_use_and_says_when_that_was(both: Client) -> None:
    session = Session.objects.get(audience="me")
    old = session.last_seen_at
    Session.objects.filter(audience="me").update(last_seen_at=old.replace(year=old.year - 1))

    response = both.get("/me/activity")

    assert response.cookies["me"]["max-age"] == 30 * 24 * 3600
    assert Session.objects.get(audience="me").last_seen_at >= old
    assert "me" not in both.get("/me/activity").cookies


def test_a_session_that_ended_while_a_page_was_made_stays_ended(both: Client) -> None:
    Session.objects.all().delete()
    assert both.get("/me/activity").status_code == 302
    assert both.get("/counter/").status_code == 302
