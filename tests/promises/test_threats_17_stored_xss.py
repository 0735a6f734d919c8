"""Threat 17: what people and companies write is shown as text everywhere; if it ever were not, it could not run."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import issue_card
from kliento.domain.cards.queries import card_number
from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose, own_values
from kliento.domain.policy.queries import register
from kliento.domain.recipients.actions import make_pairing_code
from kliento.domain.sharing.actions import SERVING
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from tests import world
from tests.architecture.test_routes import routes
from tests.phone import cookie_for, phone_of
from tests.serving import Served

# As long as the field allows: the first that fits is stored.
PAYLOADS = [
    "</textarea></title></script><script>window.ran=1</script><img src=x onerror=window.ran=1>'\"><svg onload=ran=1>",
    '"><img src=x onerror=window.ran=1>',
    "<script>ran=1</script>",
    "<img src=x>",
]
SCHEMES = ["javascript:window.ran=1", "data:text/html,<script>window.ran=1</script>"]
TEXTS = [
    field.code
    for field in register().fields.values()
    if field.keeper == "person" and field.status == "in_use" and field.type in {"text", "long_text", "name", "address"}
]
BROKEN_IN = """() => ({
    ran: window.ran ?? 0,
    foreign: document.querySelectorAll("img:not([src^='data:']), svg[onload], script:not([src])").length,
})"""
TYPED = "[...document.querySelectorAll('input, textarea')].map((each) => each.value).join(' ')"


@pytest.fixture
def kaisa(db) -> world.Place:
    return world.place(PAYLOADS[1], "1234567-1", PAYLOADS[2], at=now())


@pytest.fixture
def me(kaisa: world.Place) -> PersonActor:
    person = world.aino(at=now())
    issue_card(person.person_id, at=now())
    give_consent(person.person_id, Choice(SPECIAL_STORAGE, field="allergies"), by=person, at=now())
    for field in TEXTS:
        store(person, field)
    shareable = sorted(set(TEXTS) & register().purpose(SERVING).fields - {"allergies"})
    world.shares(person, kaisa, *shareable)
    disclose(person.person_id, to=ThirdPartyRecipient.at(kaisa.terminal), purpose=SERVING, fields=shareable, at=now())
    with pytest.raises(Refused):
        disclose(
            person.person_id, to=ThirdPartyRecipient.at(kaisa.terminal), purpose=SERVING, fields=["phone"], at=now()
        )
    return person


def store(person: PersonActor, field: str) -> None:
    """The worst payload the field takes; each of these fields takes one."""
    for payload in PAYLOADS:
        try:
            world.stores(person, at=now(), **{field: payload})
        except Invalid:
            continue
        return
    raise AssertionError(f"{field} takes none of the payloads: the test no longer tries it")


@pytest.fixture
def page(browser: Browser, served: Served, me: PersonActor) -> Iterator[Page]:
    """Her browser with the content security policy switched off: escaping has to hold by itself."""
    context = browser.new_context(bypass_csp=True, service_workers="block")
    context.add_cookies([{**cookie_for(me), "url": served.url}])
    opened = context.new_page()
    opened.on("dialog", lambda dialog: pytest.fail(f"A script ran: {dialog.message}"))
    yield opened
    context.close()


def assert_shown_as_text(page: Page, payload: str) -> None:
    page.wait_for_load_state("load")
    assert page.evaluate(BROKEN_IN) == {"ran": 0, "foreign": 0}, page.url
    assert payload in page.locator("body").inner_text() + page.evaluate(TYPED), page.url


def test_the_persons_own_pages_show_it_as_text(page: Page, served: Served, me: PersonActor, kaisa: world.Place) -> None:
    values = own_values(me)
    for address in ["/me/details", f"/me/sharing/{kaisa.third_party_id}", "/me/details/preferences"]:
        page.goto(served.url + address)
        assert_shown_as_text(page, "<script>window.ran=1</script>")
    for field in TEXTS:
        page.goto(f"{served.url}/me/details/{field}")
        assert page.get_by_label(register().field(field).label.en, exact=True).input_value() == values[field].text
    entries = [entry for entry in entries_of([me.person_id], limit=50) if entry.recipient_id is not None]
    newest = [f"/me/activity/{entry.id}" for entry in entries[:3]]
    for address in ["/me/", "/me/activity", "/me/sharing", *newest]:
        page.goto(served.url + address)
        assert_shown_as_text(page, PAYLOADS[1])


def test_a_mistaken_value_comes_back_as_text(page: Page, served: Served, me: PersonActor) -> None:
    for field, label in [("phone", "Phone number"), ("email", "E-mail for contact")]:
        page.goto(f"{served.url}/me/details/{field}")
        page.get_by_label(label).fill(PAYLOADS[0])
        page.get_by_role("button", name="Save").click()
        assert_shown_as_text(page, PAYLOADS[0])


def test_the_till_shows_it_as_text(page: Page, served: Served, me: PersonActor, kaisa: world.Place) -> None:
    code = make_pairing_code(kaisa.premises_id, by=world.REGISTER_HOLDER, at=now())
    page.goto(f"{served.url}/counter/pair")
    page.locator("[name=code]").fill(code)
    page.locator("[name=name]").fill(PAYLOADS[2])
    page.locator("main button").first.click()
    assert_shown_as_text(page, PAYLOADS[2])
    page.locator("[name=code]").fill(card_number(me))
    page.keyboard.press("Enter")
    page.locator(".till-answer h1").filter(has_text="Welcome").wait_for()
    assert_shown_as_text(page, own_values(me)["nickname"].text)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_link_or_form_takes_its_address_from_the_address_bar(page: Page, served: Served, scheme: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{served.url}/sign-in/me/?next={scheme}")
    targets = page.evaluate("[...document.querySelectorAll('a, form')].map((each) => each.href ?? each.action)")

    assert [each for each in targets if not each.startswith((f"{served.url}/", "mailto:"))] == []


def test_every_answer_forbids_foreign_and_inline_scripts(me: PersonActor) -> None:
    phone, visitor = phone_of(me), Client(raise_request_exception=False)
    for route in routes():
        for client in (phone, visitor):
            answer = client.get(route.path)
            policy = answer.headers.get("Content-Security-Policy", "")
            rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if " " in rule.strip())

            assert rules.get("default-src") == "'none'", route
            compiling = " 'wasm-unsafe-eval'" if route.name == "counter:shell" else ""  # it reads codes by camera
            assert rules.get("script-src") == "'self'" + compiling, route
            assert rules.get("style-src") == "'self'", route
            assert rules.get("object-src") == rules.get("base-uri") == "'none'", route
            assert rules.get("form-action") == "'self'", route
            assert policy.count("unsafe") == bool(compiling), route
            assert answer.headers.get("X-Content-Type-Options") == "nosniff", route


def test_a_browser_refuses_what_is_inline(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(served.url)
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = 1";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.ran = 1'>");
    }""")
    page.wait_for_timeout(200)

    assert page.evaluate("window.ran ?? 0") == 0
    page.close()
