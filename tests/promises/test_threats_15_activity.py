"""Threat 15: a file of one's Activity cannot leak by a link, it has none: fresh sign-in, no store, entered first."""

from datetime import timedelta

import pytest
from django.test import Client

from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.activity.queries import entries_of
from kliento.domain.people.actions import restrict_use
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.door import DOOR
from tests.phone import phone_of
from tests.world import aino, stores

FILE = "/me/activity/file"
KINDS = ["csv", "json"]
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def me() -> PersonActor:
    return stores(aino(at=now()), at=now(), first_name="Aino")


def aged(browser: Client, *, minutes: int) -> Client:
    """The browser, whose sign-in was so long ago."""
    session = SessionStore(browser.cookies["me"].value, audience="me")
    session["signed_in_at"] = (now() - timedelta(minutes=minutes)).isoformat()
    session.save()
    return browser


def files(me: PersonActor) -> int:
    return [entry.kind for entry in entries_of([me.person_id], limit=50)].count("activity_downloaded")


def is_file(answer) -> bool:
    return "attachment" in answer.get("Content-Disposition", "")


@pytest.mark.parametrize("kind", KINDS)
def test_threat_15_a_visitor_is_sent_to_sign_in(me: PersonActor, client: Client, kind: str) -> None:
    assert client.post(FILE, {"kind": kind}).url.startswith(f"{DOOR}?next=")
    assert files(me) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_threat_15_a_sign_in_of_earlier_is_not_enough_and_what_was_looked_for_stays(me: PersonActor, kind: str) -> None:
    browser = aged(phone_of(me), minutes=60)
    answer = browser.post(FILE, {"kind": kind, "what": "details", "q": "name"})
    assert answer.url == f"{DOOR}?next=%2Fme%2Factivity%3Fq%3Dname%26what%3Ddetails&again=yes"
    assert files(me) == 0
    back = {"email": "aino@example.fi", "password": "kolme sanaa ja kukko"}
    assert browser.post(answer.url, back).url == "/me/activity?q=name&what=details"
    assert is_file(browser.post(FILE, {"kind": kind, "what": "details", "q": "name"}))
    assert files(me) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_threat_15_a_file_is_entered_before_its_first_byte_and_kept_nowhere(me: PersonActor, kind: str) -> None:
    answer = phone_of(me).post(FILE, {"kind": kind})
    assert files(me) == 1  # nothing of it was read yet
    assert {"no-store", "private"} <= {part.strip() for part in answer["Cache-Control"].split(",")}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    answer.close()


def test_threat_15_no_address_answers_with_the_file_and_another_site_cannot_ask_for_it(me: PersonActor) -> None:
    browser = phone_of(me)
    for answer in (browser.get(f"{FILE}?kind=csv"), browser.head(FILE), browser.put(FILE), browser.post(FILE)):
        assert not is_file(answer)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["me"] = browser.cookies["me"].value
    assert strict.post(FILE, {"kind": "csv"}).status_code == 403
    assert files(me) == 0


@pytest.mark.parametrize("form", [{"kind": "xlsx"}, {"kind": "csv", "person": "x"}, {"kind": "csv", "from": "x"}])
def test_threat_15_what_cannot_be_asked_for_makes_no_file(me: PersonActor, form: dict[str, str]) -> None:
    answer = phone_of(me).post(FILE, form)
    assert (answer.status_code, is_file(answer), files(me)) == (400, False, 0)


def test_threat_15_whoever_restricted_the_use_of_their_data_gets_it_still(me: PersonActor) -> None:
    restrict_use(me.person_id, by=me, at=now())
    assert is_file(phone_of(me).post(FILE, {"kind": "csv"}))
