"""Every page in a real browser: no axe violation in light and dark, no sideways scrolling at 320 px, large targets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings

from kliento.domain.accounts.actions import begin_authenticator
from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import issue_card
from kliento.domain.consents.actions import give_consent, note_refusal, object_to
from kliento.domain.consents.rules import Choice
from kliento.domain.entrance.actions import ask_for_address
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.inbox.actions import post_message
from kliento.domain.inbox.queries import messages_of
from kliento.domain.people.actions import restrict_use
from kliento.domain.policy.queries import register
from kliento.domain.programmes.actions import open_programme
from kliento.domain.questions.actions import close_question, make_question
from kliento.domain.recipients.actions import flag_premises
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.databases import Databases
from tests.declaring import reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.looking import PHONE_DARK, PHONE_LIGHT, faults_of, violations_on
from tests.phone import cookie_for
from tests.serving import Served, serving
from tests.taps import tap
from tests.world import REGISTER_HOLDER, Place, aino, kahvila_kaisa, minna, operator, shares, stores

PUBLIC = [
    "/",
    "/help",
    "/terms",
    "/register-description",
    "/register-description/versions",
    f"/register-description/versions/{register().version}",
    "/record-of-processing",
    "/accessibility",
    "/sign-in/me/",
    "/nowhere",
    "/me/closed",
]
DEMO = ["/demo/", "/demo/phone", "/demo/mail"]
OWN = [
    "/me/",
    "/me/card-number",
    "/me/card-number/paper",
    "/me/carriers",
    "/me/carriers/new",
    "/me/activity",
    "/me/seen",
    "/me/seen?by=detail",
    "/me/sharing",
    "/me/sharing/first-visits",
    "/me/wallet",
    "/me/me",
    "/me/details",
    "/me/details/first_name",
    "/me/details/gender",
    "/me/details/interests",
    "/me/details/preferences",
    "/me/details/allergies/consent",
    "/me/purposes",
    "/me/choices",
    "/me/messages",
    "/me/lost",
    "/me/feedback",
    "/me/download",
    "/me/close",
    "/sign-in/me/security/",
    "/sign-in/me/security/address",
    "/sign-in/me/security/address/code",
    "/sign-in/me/security/address/removal",
    "/sign-in/me/security/password/removal",
    "/sign-in/me/security/authenticator",
    "/sign-in/me/security/recovery-codes",
    "/sign-in/me/recovery",
    "/sign-in/me/address/gone",
]


SUMMARY = Choice("monthly_summary", "email")


@dataclass(frozen=True)
class Aino:
    """Her sign-in, and every page with something on it."""

    cookie: dict[str, str]
    addresses: list[str]
    only_optional: str
    person: PersonActor


@pytest.fixture
def me(db) -> Aino:
    kaisa, person = kahvila_kaisa(at=now()), aino(at=now())
    stores(person, at=now(), first_name="Aino", phone="0401234567", preferences="Kauramaito " * 20)
    issue_card(person.person_id, at=now())
    begin_authenticator(person.account_id, at=now())
    ask_for_address(person, "aino.uusi@example.fi", language="en", at=now())
    shares(person, kaisa, "first_name")
    tap(person, kaisa, at=now())
    flag_premises(kaisa.premises_id, "health", by=REGISTER_HOLDER)
    give_consent(person.person_id, SUMMARY, by=person, at=now())
    note_refusal(person.person_id, SUMMARY._replace(channel="in_service"), by=person, at=now())
    recipient = ThirdPartyRecipient(kaisa.third_party_id)
    with pytest.raises(Refused):
        disclose(person.person_id, to=recipient, purpose="serving", fields=["phone"], at=now())
    entries = [f"/me/activity/{entry.id}" for entry in entries_of([person.person_id], limit=2)]
    visit = next(entry.id for entry in entries_of([person.person_id], limit=9) if entry.kind == "visit")
    company = f"/me/sharing/{kaisa.third_party_id}"
    shop = [company, f"{company}/first_name/end", f"{company}/allergies/consent", f"{company}/visits/consent"]
    asked = [f"/me/activity/{visit}/dispute", f"/me/activity/{visit}/disputed", *question_and_card(kaisa)]
    closed, only_optional = two_more_questions(kaisa)
    post_message("secret_changed", person_id=person.person_id, context={"door": "me"}, at=now())
    own = [*OWN, *(f"/me/messages/{message.id}" for message in messages_of(person, limit=1))]
    addresses = [*PUBLIC, *DEMO, *own, "/me/card/use", *entries, *asked, closed, only_optional, *shop[1:], company]
    return Aino(cookie_for(person), addresses, only_optional, person)


def question_and_card(kaisa: Place) -> list[str]:
    """The pages of a question of the café and of its loyalty card."""
    owner = operator(kaisa)
    asked = make_question(
        owner, purpose="serving", reason="To call you.", needed=["first_name"], optional=["phone", "city"], at=now()
    )
    offered = open_programme(
        name="Kaisan kortti",
        reward="Kahvi",
        stamps_needed=10,
        fields=["first_name"],
        reason="To greet you.",
        by=owner,
        at=now(),
    )
    return [f"/me/questions/{asked.id}", f"/me/questions/{asked.id}/answer", f"/me/wallet/{offered.id}"]


def two_more_questions(kaisa: Place) -> list[str]:
    """One that is closed, and one of which nothing is needed."""
    owner, terms = operator(kaisa, role="manager"), {"purpose": "serving", "needed": [], "at": now()}
    closed = make_question(owner, reason="To write to you.", optional=["city"], **terms)
    close_question(closed.id, owner, at=now())
    open_one = make_question(owner, reason="To call you sometimes.", optional=["phone"], **terms)
    return [f"/me/questions/{each.id}" for each in (closed, open_one)]


@contextmanager
def screen(browser: Browser, served: Served, me: Aino, **options: Any) -> Iterator[Page]:
    """A page of a browser in which she is signed in."""
    context = browser.new_context(service_workers="block", **options)
    context.add_cookies([{**me.cookie, "url": served.url}])
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.mark.parametrize("who", [aino, minna], ids=["restricted", "restricted minor"])
def test_axe_finds_no_violation_with_every_rule_of_ones_own_put_on(
    browser: Browser, served: Served, me: Aino, who: Callable[..., PersonActor]
) -> None:
    person = who(at=now()) if who is minna else me.person
    restrict_use(person.person_id, by=person, at=now())
    for code in register().objections:
        object_to(person.person_id, code, by=person, at=now())
    her = replace(me, cookie=cookie_for(person))
    with screen(browser, served, her) as page:
        for address in ("/me/purposes", "/me/messages", "/me/"):
            page.goto(served.url + address)
            assert not faults_of(page, PHONE_LIGHT, PHONE_DARK), address


def test_axe_finds_no_violation_where_one_is_asked_again_after_the_words_changed(
    browser: Browser, me: Aino, db: Databases, settings: Settings, tmp_path: Path
) -> None:
    text = reworded(reworded(default_text(), SUMMARY.purpose), "serving")
    running_by(text, settings, tmp_path, at=now())
    with serving(db, KLIENTO_POLICY=str(settings.KLIENTO_POLICY)) as served, screen(browser, served, me) as page:
        for address in ("/me/choices/again", "/me/choices", "/register-description/versions"):
            page.goto(served.url + address)
            assert page.url == served.url + address
            assert not faults_of(page, PHONE_LIGHT, PHONE_DARK), address


@pytest.mark.long
def test_axe_finds_no_violation_nothing_scrolls_sideways_at_320_px_and_targets_are_large(
    browser: Browser, served: Served, me: Aino
) -> None:
    found = {}
    with screen(browser, served, me) as page:
        for address in me.addresses:
            page.goto(served.url + address)
            if faults := faults_of(page, PHONE_LIGHT, PHONE_DARK):
                found[address] = faults

    assert found == {}


def test_the_wide_screen_has_a_rail_and_no_violation(browser: Browser, served: Served, me: Aino) -> None:
    with screen(browser, served, me, viewport={"width": 1280, "height": 800}) as page:
        for address in ["/", "/me/", "/me/activity"]:
            page.goto(served.url + address)

            assert violations_on(page) == [], address
        box = page.get_by_role("navigation", name="Main").bounding_box()
        assert box is not None
        assert (box["x"], box["width"], box["height"]) == (0, 232, 800)


def test_a_mistake_takes_the_focus_and_its_link_leads_to_the_input(browser: Browser, served: Served, me: Aino) -> None:
    with screen(browser, served, me) as page:
        page.goto(f"{served.url}/me/details/phone")
        page.get_by_label("Phone number").fill("123")
        page.get_by_role("button", name="Save").click()

        assert page.evaluate("document.activeElement.className") == "error-summary"
        page.get_by_role("alert").get_by_role("link").click()
        assert page.evaluate("document.activeElement.name") == "value"


def test_an_answer_with_nothing_ticked_leads_to_the_first_box(browser: Browser, served: Served, me: Aino) -> None:
    with screen(browser, served, me) as page:
        page.goto(served.url + me.only_optional)
        page.get_by_role("button", name="Share", exact=True).click()

        assert page.evaluate("document.activeElement.className") == "error-summary"
        assert violations_on(page) == []
        page.get_by_role("alert").get_by_role("link").click()
        assert page.evaluate("document.activeElement.value") == "phone"


def test_the_first_stop_of_the_keyboard_skips_to_the_content(browser: Browser, served: Served, me: Aino) -> None:
    with screen(browser, served, me) as page:
        page.goto(f"{served.url}/me/activity")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def test_nothing_moves_where_less_motion_is_asked_for(browser: Browser, served: Served, me: Aino) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter((each) => {
        const style = getComputedStyle(each);
        return style.animationName !== "none" || style.transitionDuration.split(", ").some((time) => time !== "0s");
    }).map((each) => each.className)"""
    with screen(browser, served, me, reduced_motion="reduce") as page:
        for address in ["/", "/me/", "/me/details", me.addresses[-1]]:
            page.goto(served.url + address)

            assert page.evaluate(moving) == [], address
