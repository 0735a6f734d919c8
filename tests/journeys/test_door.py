"""The door in a real browser: a passkey from registering to removing it, and every step without scripts."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.door import DOOR
from tests.looking import faults_of
from tests.serving import Served
from tests.walking import newest_code, with_fingerprints

ADDRESS = "Äijä.Ovella@Exämple.FI"
PASSWORD = "uusi ovi, uusi avain"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone with a fingerprint reader, in software."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    yield with_fingerprints(context.new_page())
    context.close()


def walks_to_the_last_step(page: Page, url: str, *, at_each: Callable[[str], object] = str) -> None:
    page.goto(f"{url}{DOOR}register/")
    at_each("address")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    at_each("code")
    page.get_by_label("Code").fill(newest_code())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="How old are you?")).to_be_visible()
    at_each("age")
    page.get_by_label("18 or over").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Terms of use")).to_be_visible()
    at_each("terms")
    page.get_by_role("button", name="Accept the terms").click()
    expect(page.get_by_role("heading", name="How will you sign in?")).to_be_visible()
    at_each("secret")


def test_every_step_is_accessible_and_narrow(page: Page, served: Served) -> None:
    """Blank or with a mistake."""
    found = {}

    def judge(name: str) -> None:
        if faults := faults_of(page, (320, 640, "light"), (320, 640, "dark")):
            found[name] = faults

    walks_to_the_last_step(page, served.url, at_each=judge)
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Use this password").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    judge("a mistake")
    page.get_by_role("button", name="Create a passkey").click()
    page.wait_for_url(f"{served.url}/me/")
    for path in ("", "reset/", "security/", "security/password", "security/passkeys/new"):
        page.goto(f"{served.url}{DOOR}{path}")
        judge(path)

    assert found == {}


def test_a_passkey_registers_signs_in_and_is_removed(page: Page, served: Served) -> None:
    walks_to_the_last_step(page, served.url)
    page.get_by_role("button", name="Create a passkey").click()
    page.wait_for_url(f"{served.url}/me/")

    page.context.clear_cookies()
    page.goto(f"{served.url}/me/activity")
    passkey, password = page.get_by_role("button", name="Sign in with a passkey"), page.get_by_label("Password")
    expect(passkey).to_be_visible()
    assert (passkey.bounding_box() or {})["y"] < (password.bounding_box() or {})["y"]
    passkey.click()
    page.wait_for_url(f"{served.url}/me/activity")

    page.goto(f"{served.url}{DOOR}security/")
    page.get_by_role("button", name=re.compile("^Remove")).click()
    expect(page.get_by_role("alert")).to_contain_text("only way to sign in")
    page.get_by_role("link", name="Set a password").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    page.get_by_role("button", name=re.compile("^Remove")).click()
    expect(page.get_by_text("The passkey is removed")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{served.url}{DOOR}")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey could not be used here")).to_be_visible()
    page.get_by_label("E-mail address").fill(ADDRESS.upper())
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{served.url}/me/")


def test_an_authenticator_that_says_no_leaves_the_other_ways_open(page: Page, served: Served) -> None:
    page.goto(f"{served.url}{DOOR}")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("sign in with your password", timeout=20_000)


def test_everything_but_passkeys_works_without_scripts(browser: Browser, served: Served) -> None:
    page = browser.new_context(java_script_enabled=False, locale="en-GB").new_page()
    walks_to_the_last_step(page, served.url)
    expect(page.get_by_role("button", name="Create a passkey")).to_be_hidden()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Use this password").click()
    page.wait_for_url(f"{served.url}/me/")

    page.goto(f"{served.url}/me/me")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{served.url}{DOOR}reset/")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill(newest_code(after=1))
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Password").fill(f"{PASSWORD}!")
    page.get_by_role("button", name="Save the password").click()
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password").fill(f"{PASSWORD}!")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{served.url}/me/")
