"""Threat 21: where an authenticator app is on, neither a stolen password nor a stolen mailbox opens a session."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from kliento.domain.accounts.models import Authenticator, RecoveryCode, Session
from kliento.domain.accounts.queries import authenticator_of
from kliento.domain.accounts.rules.totp import code_at
from kliento.domain.activity.queries import entries_of
from kliento.domain.entrance.queries import authenticator_secret
from kliento.interfaces.signin.limits import APP_CODES_A_DAY_OF, APP_CODES_OF
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.web.limits import spend
from tests.authenticator import Authenticator as Passkeys
from tests.door import DOOR, DOORS, PARTNERS, code_in, letters, signs_in
from tests.interfaces.signin.test_security import adds_passkey
from tests.promises.test_r_crd_2 import changes, letter_to, link_in
from tests.world import PASSWORD, aino

NEW = "uusi ovi, uusi avain"
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def fresh_windows() -> None:
    cache.clear()


@pytest.fixture
def me() -> PersonActor:
    return aino(at=now())


def shown(me: PersonActor, *, at: datetime | None = None) -> str:
    """What the app shows now, as if half a minute had passed since its last code."""
    app = authenticator_of(me.account_id)
    assert app is not None
    if at is None:
        Authenticator.objects.filter(account_id=me.account_id).update(last_step=0)
    return code_at(authenticator_secret(me.account_id, app), at=at or now())


def turns_on(browser: Client, me: PersonActor, *, door: str = DOOR) -> list[str]:
    """Set up an app; the recovery codes it gives."""
    assert browser.post(f"{door}security/authenticator/new").url == f"{door}security/authenticator"
    answer = browser.post(f"{door}security/authenticator", {"code": shown(me)})
    return codes_on(answer.content.decode())


def codes_on(page: str) -> list[str]:
    return re.findall(r'<code class="code-text">([^<]+)</code>', page)


@pytest.fixture
def here(me: PersonActor) -> Client:
    browser = Client()
    assert signs_in(browser)
    return browser


def begins(browser: Client, *, door: str = DOOR, password: str = PASSWORD) -> str:
    """The password; where it leads."""
    return browser.post(door, {"email": "aino@example.fi", "password": password}).url


def is_in(browser: Client, *, door: str = DOOR) -> bool:
    return browser.get(f"{door}security/").status_code == 200


def test_turning_it_on_takes_a_code_ends_the_others_and_is_told(here: Client, me: PersonActor) -> None:
    elsewhere, before = Client(), here.cookies["me"].value
    assert signs_in(elsewhere)
    here.post(f"{DOOR}security/authenticator/new")
    assert signs_in(Client())  # nothing asks for it before it is on
    elsewhere_again = Client()
    assert signs_in(elsewhere_again)
    assert here.post(f"{DOOR}security/authenticator", {"code": "000000"}).status_code == 400
    assert not codes_on(here.get(f"{DOOR}security/recovery-codes").content.decode())

    answer = here.post(f"{DOOR}security/authenticator", {"code": shown(me)})

    assert len(set(codes_on(answer.content.decode()))) == 10
    assert "no-store" in answer["Cache-Control"]
    assert here.cookies["me"].value != before
    assert is_in(here)
    assert not is_in(elsewhere)
    assert not is_in(elsewhere_again)
    assert "asks for its code too" in str(letters()[0].body)
    assert entries_of([me.person_id], limit=1)[0].payload == {"what": "authenticator_on"}


@pytest.mark.parametrize("audience", DOORS)
def test_a_password_alone_opens_nothing_at_either_door(here: Client, me: PersonActor, audience: str) -> None:
    turns_on(here, me)
    door, browser = DOORS[audience], Client()
    assert begins(browser, door=door) == f"{door}second"
    assert not is_in(browser, door=door)
    page = browser.get(f"{door}second")
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert browser.post(f"{door}second", {"code": "000000"}).status_code == 400
    assert not is_in(browser, door=door)
    for other in set(DOORS) - {audience}:
        assert not is_in(browser, door=DOORS[other])

    before = browser.cookies[audience].value
    assert browser.post(f"{door}second", {"code": shown(me)}).status_code == 302
    assert is_in(browser, door=door)
    assert browser.cookies[audience].value != before


def test_the_second_step_leads_where_one_was_going(here: Client, me: PersonActor) -> None:
    turns_on(here, me)
    browser = Client()
    wanted = browser.get("/me/activity").url
    step = browser.post(wanted, {"email": "aino@example.fi", "password": PASSWORD}).url
    assert browser.post(step, {"code": shown(me)}).url == "/me/activity"
    assert browser.post(f"{DOOR}?next=//evil.example/", {"email": "aino@example.fi", "password": PASSWORD})
    assert browser.post(f"{DOOR}second?next=//evil.example/", {"code": shown(me)}).url == "/me/"


def test_a_code_is_good_once(here: Client, me: PersonActor) -> None:
    turns_on(here, me)
    code = shown(me)
    first, thief = Client(), Client()
    for browser in (first, thief):
        begins(browser)
    assert first.post(f"{DOOR}second", {"code": code}).status_code == 302
    assert thief.post(f"{DOOR}second", {"code": code}).status_code == 400
    earlier = shown(me, at=now() - timedelta(seconds=30))
    assert thief.post(f"{DOOR}second", {"code": earlier}).status_code == 400


def test_tries_are_limited_by_account_and_a_recovery_code_gets_in_all_the_same(here: Client, me: PersonActor) -> None:
    [paper, *_] = turns_on(here, me)
    cache.clear()
    thief = Client()
    begins(thief)
    statuses = [thief.post(f"{DOOR}second", {"code": "000000"}).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]
    owner = Client()
    begins(owner)
    assert owner.post(f"{DOOR}second", {"code": shown(me)}).status_code == 429
    assert owner.post(f"{DOOR}second", {"code": paper}).status_code == 302
    assert is_in(owner)
    cache.clear()  # the next quarter of an hour
    begins(thief)
    assert thief.post(f"{DOOR}second", {"code": shown(me)}).status_code == 302


def test_a_day_has_fifty_tries(here: Client, me: PersonActor) -> None:
    turns_on(here, me)
    cache.clear()
    spend(APP_CODES_A_DAY_OF, me.account_id, times=50)
    browser = Client()
    begins(browser)
    assert browser.post(f"{DOOR}second", {"code": "000000"}).status_code == 429
    assert APP_CODES_OF.times < APP_CODES_A_DAY_OF.times


@pytest.mark.parametrize("padding", ["-" * 12, "." * 12, "ABCDEFGHJK", "-ABCD-EFGH-JK", " - " * 4])
def test_however_a_code_is_written_it_is_counted_or_not_tried(here: Client, me: PersonActor, padding: str) -> None:
    turns_on(here, me)
    cache.clear()
    browser = Client()
    begins(browser)
    spend(APP_CODES_OF, me.account_id, times=APP_CODES_OF.times)
    assert browser.post(f"{DOOR}second", {"code": shown(me) + padding}).status_code in {400, 429}
    assert not is_in(browser)


def test_a_recovery_code_works_once_ends_the_other_sessions_and_is_told(here: Client, me: PersonActor) -> None:
    [paper, *_] = turns_on(here, me)
    browser, again = Client(), Client()
    begins(browser)
    assert browser.post(f"{DOOR}second", {"code": paper.lower()}).status_code == 302
    assert is_in(browser)
    assert not is_in(here)
    assert any("recovery code of your account has just been used" in str(letter.body) for letter in letters())
    begins(again)
    assert again.post(f"{DOOR}second", {"code": paper}).status_code == 400
    assert RecoveryCode.objects.count() == 9


def test_a_passkey_asks_for_no_code(here: Client, me: PersonActor) -> None:
    device = Passkeys(settings.KLIENTO_URL)
    adds_passkey(here, device)
    turns_on(here, me)
    browser = Client()
    question = browser.post(f"{DOOR}passkey/question").json()
    answer = device.signs(question)
    assert browser.post(f"{DOOR}passkey", {"answer": json.dumps(answer)}).url == "/me/"
    assert is_in(browser)


def test_a_mailbox_alone_resets_nothing(here: Client, me: PersonActor) -> None:
    [paper, *_] = turns_on(here, me)
    thief = Client()
    thief.post(f"{DOOR}reset/", {"email": "aino@example.fi"})
    thief.post(f"{DOOR}reset/code", {"code": code_in(letters()[0])})
    assert 'name="code"' in thief.get(f"{DOOR}reset/password").content.decode()
    for answer in ({"password": NEW}, {"password": NEW, "code": ""}, {"password": NEW, "code": "000000"}):
        assert thief.post(f"{DOOR}reset/password", answer).status_code == 400
    assert begins(Client()) == f"{DOOR}second"  # the password is what it was
    assert is_in(here)

    assert thief.post(f"{DOOR}reset/password", {"password": NEW, "code": paper}).url == DOOR
    assert begins(Client(), password=NEW) == f"{DOOR}second"
    assert not is_in(here)
    assert {"recovery code of your account", "The password of your account"} == {
        said
        for said in ("recovery code of your account", "The password of your account")
        if any(said in str(letter.body) for letter in letters())
    }


def test_the_half_way_in_runs_out_and_ends_with_every_other_session(here: Client, me: PersonActor) -> None:
    turns_on(here, me)
    browser = Client()
    begins(browser)
    assert Session.objects.filter(account_id=me.account_id, signed_in_at=None).count() == 1
    assert here.get(f"{DOOR}security/").content.decode().count("Signed in ") == 1
    here.post(f"{DOOR}security/password", {"password": NEW})
    assert browser.post(f"{DOOR}second", {"code": shown(me)}).url == DOOR
    assert not is_in(browser)
    assert Client().get(f"{DOOR}second").url == DOOR


def test_turning_it_off_takes_a_fresh_sign_in_and_a_code(here: Client, me: PersonActor) -> None:
    turns_on(here, me)
    assert here.post(f"{DOOR}security/authenticator/off", {"code": "000000"}).status_code == 400
    assert Authenticator.objects.exists()
    before = here.cookies["me"].value
    assert here.post(f"{DOOR}security/authenticator/off", {"code": shown(me)}).url == f"{DOOR}security/"
    assert here.cookies["me"].value != before
    assert "turned off: a password alone signs in again" in str(letters()[0].body)
    assert signs_in(Client())
    assert not RecoveryCode.objects.exists()


def test_the_key_is_shown_while_the_app_is_set_up_and_never_again(here: Client, me: PersonActor) -> None:
    here.post(f"{DOOR}security/authenticator/new")
    page = here.get(f"{DOOR}security/authenticator").content.decode()
    [key] = codes_on(page)
    picture = here.get(f"{DOOR}security/authenticator.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]
    here.post(f"{DOOR}security/authenticator", {"code": shown(me)})
    assert here.get(f"{DOOR}security/authenticator.svg").status_code == 404
    assert key not in here.get(f"{DOOR}security/authenticator", follow=True).content.decode()


def test_new_recovery_codes_replace_the_old_ones_and_end_the_other_sessions(here: Client, me: PersonActor) -> None:
    [paper, *_] = turns_on(here, me)
    elsewhere = Client()
    begins(elsewhere)
    elsewhere.post(f"{DOOR}second", {"code": shown(me)})
    assert is_in(elsewhere)
    assert len(codes_on(here.post(f"{DOOR}security/recovery-codes").content.decode())) == 10
    assert not codes_on(here.get(f"{DOOR}security/recovery-codes").content.decode())
    assert not is_in(elsewhere)
    begins(elsewhere)
    assert elsewhere.post(f"{DOOR}second", {"code": paper}).status_code == 400


def test_an_address_taken_back_leaves_an_app_from_before_and_removes_a_thief_s(here: Client, me: PersonActor) -> None:
    changes(here, "varas@example.fi")
    turns_on(here, me)
    assert Client().post(link_in(letter_to("aino@example.fi"))).status_code == 302
    assert not Authenticator.objects.exists()
    assert not RecoveryCode.objects.exists()

    owner = Client()
    owner.post(f"{DOOR}reset/", {"email": "aino@example.fi"})
    owner.post(f"{DOOR}reset/code", {"code": code_in(letter_to("aino@example.fi"))})
    assert owner.post(f"{DOOR}reset/password", {"password": NEW}).url == DOOR
    assert signs_in(owner, password=NEW)
    turns_on(owner, me)
    Authenticator.objects.update(on_since=now() - timedelta(days=8))
    RecoveryCode.objects.update(made_at=now() - timedelta(days=8))
    changes(owner, "aino.uusi@example.fi")
    assert Client().post(link_in(letter_to("aino@example.fi"))).status_code == 302
    assert Authenticator.objects.exists()
    assert RecoveryCode.objects.count() == 10


def test_at_the_partners_door_it_is_the_same_app(here: Client, me: PersonActor) -> None:
    office = Client()
    assert signs_in(office, door=PARTNERS)
    turns_on(office, me, door=PARTNERS)
    assert begins(Client()) == f"{DOOR}second"
    assert not is_in(here)
