"""Threat 17 in the portal and in mail: what members and companies wrote is shown there as text."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page
from pytest_django import Settings

from kliento.domain.dispatch import actions as dispatch
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.dispatch.rules import LETTERS
from kliento.domain.outbox.actions import work_off
from kliento.domain.sharing.actions import SERVING
from kliento.domain.vault.actions import NewValue, seal_values
from kliento.interfaces.partner.members import listable
from kliento.interfaces.signin.sessions import cookie_of
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import world
from tests.mailing import Postbox, mail_server
from tests.office import Office, office
from tests.portal import portal_of
from tests.promises.test_threats_17_stored_xss import BROKEN_IN, PAYLOADS, TEXTS, TYPED, assert_shown_as_text, store
from tests.serving import Served
from tests.taps import share

LETTER_TEMPLATES = Path(dispatch.__file__).parents[1] / "templates" / "dispatch"


@pytest.fixture
def kaisa(db) -> Office:
    made = office(world.place(PAYLOADS[1], "1234567-1", PAYLOADS[2], at=now()), written=PAYLOADS[1])
    shareable = [field for field in TEXTS if field in listable(SERVING)]
    for field in shareable:
        store(made.aino, field)
    share(made.aino, made.place, *shareable, at=now())
    return made


@pytest.fixture
def page(browser: Browser, served: Served, kaisa: Office) -> Iterator[Page]:
    """The owner's browser with the content security policy switched off: escaping has to hold by itself."""
    context = browser.new_context(bypass_csp=True, service_workers="block")
    name = cookie_of("partner")
    value = portal_of(kaisa.owner).cookies[name].value
    context.add_cookies([{"name": name, "value": value, "url": served.url}])
    opened = context.new_page()
    opened.on("dialog", lambda dialog: pytest.fail(f"A script ran: {dialog.message}"))
    yield opened
    context.close()


def test_every_page_of_the_portal_shows_it_as_text(page: Page, served: Served, kaisa: Office) -> None:
    everything = "&".join(f"fields={field}" for field in listable())
    member = f"members/{kaisa.number}"
    for address in [f"members?{everything}", member]:
        page.goto(f"{served.url}/partner/{address}")
        assert_shown_as_text(page, "<script>window.ran=1</script>")
    for address in ["today", "visits", f"questions/{kaisa.question_id}", "questions", "programme", f"{member}/asking"]:
        page.goto(f"{served.url}/partner/{address}")
        assert_shown_as_text(page, PAYLOADS[1])
    for address in ["questions/new", "programme/change", "notices", "premises", "terminals", "team", "audit"]:
        page.goto(f"{served.url}/partner/{address}")
        assert_nothing_ran(page)


def test_a_mistaken_question_comes_back_as_text(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/partner/questions/new")
    page.locator("textarea").fill(PAYLOADS[0])
    page.locator("main form button").last.click()

    page.get_by_role("alert").wait_for()
    assert_nothing_ran(page)
    assert PAYLOADS[0] in page.evaluate(TYPED)


def assert_nothing_ran(page: Page) -> None:
    """Pictures of our own making, with data of our own, are no foreign ones."""
    page.wait_for_load_state("load")
    assert page.evaluate(BROKEN_IN)["ran"] == 0, page.url
    assert page.evaluate("document.querySelectorAll('img[src=x], svg[onload], script:not([src])').length") == 0, (
        page.url
    )


@pytest.fixture
def server(db, settings: Settings) -> Iterator[Postbox]:
    with mail_server() as postbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        yield postbox


@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_every_letter_shows_it_as_text(browser: Browser, server: Postbox, kind: str) -> None:
    owner_id = new_id()
    with transaction.atomic():
        seal_values([NewValue(owner_id, "login_email", "aino@example.fi", "person")], at=now())
        post_letter(kind, owner_id=owner_id, language="en", context=everything_in(kind), at=now())
    work_off(at=now())
    body = server.messages[0].get_body(("html",))
    assert body is not None
    opened = browser.new_page()
    opened.set_content(str(body.get_content()))

    assert opened.evaluate(BROKEN_IN) == {"ran": 0, "foreign": 0}
    opened.close()


def everything_in(kind: str) -> dict[str, str]:
    """Whatever the letter's templates name, set to a payload."""
    text = "".join(path.read_text() for path in LETTER_TEMPLATES.glob(f"{kind}.*"))
    names = re.findall(r"{{\s*(\w+)|=(\w+)", text)
    written = {name for pair in names for name in pair} - {"", "holder", "contact", "url"}
    return {name: "made-by-us" if name == "token" else PAYLOADS[1] for name in written}
