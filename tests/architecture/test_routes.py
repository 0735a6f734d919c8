"""Every address belongs to an audience, and nobody else gets in. Found from the URL table: new routes need rows here.

A row is a promise about whoever is not meant: the tests below ask each address as each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kliento.domain.activity.queries import entries_of
from tests.databases import Databases
from tests.door import signs_in
from tests.portal import operator, portal_of, signed_in
from tests.world import aino, eino, kahvila_kaisa

EVERYONE, PERSON, TERMINAL, DEMO = "everyone", "the person", "a terminal", "everyone, in development only"
OPERATOR, PARTNER = "an operator whose role holds the right", "anybody signed in at the partners' door"

ROWS = {
    "alive": EVERYONE,
    "ready": EVERYONE,
    "public:*": EVERYONE,
    "signin:register*": EVERYONE,
    "signin:sign_in*": EVERYONE,
    "signin:reset*": EVERYONE,
    "counter:till": EVERYONE,  # the page holds nothing; what it does, it does with the terminal's secret
    "counter:pair": EVERYONE,
    "counter:*": EVERYONE,  # a browser that is no terminal is led to pairing
    "api:openapi-json": EVERYONE,
    "api:api-root": EVERYONE,
    "api:post_terminal": EVERYONE,  # the pairing code is the permission
    "api:post_scans": TERMINAL,
    "api:post_redemption": TERMINAL,
    "api:post_reversal": TERMINAL,
    "api:post_claim_code": TERMINAL,
    "api:get_block_list": TERMINAL,
    "api:get_member": TERMINAL,
    "person:*": PERSON,
    "person:manifest": EVERYONE,  # what a phone needs to install the card; the same for everybody
    "person:service_worker": EVERYONE,
    "person:card_shell": EVERYONE,
    "person:closed": EVERYONE,  # says goodbye to somebody who is no longer signed in
    "signin:language": EVERYONE,
    "language_as_before": EVERYONE,
    "partner_signin:language": EVERYONE,
    "signin:sign_out": EVERYONE,  # whoever is not signed in is so already
    "signin:sessions": PERSON,
    "signin:end_other_sessions": PERSON,
    "signin:address*": PERSON,
    "signin:revert_address": EVERYONE,  # the link's secret is the permission
    "signin:end_session": PERSON,
    "signin:password*": PERSON,
    "signin:authenticator*": PERSON,
    "signin:recovery_codes": PERSON,
    "signin:new_passkey": PERSON,
    "signin:passkey_question": PERSON,
    "signin:remove_passkey": PERSON,
    "partner_signin:sign_in*": EVERYONE,
    "partner_signin:reset*": EVERYONE,
    "partner_signin:sign_out": EVERYONE,
    "partner_signin:join*": EVERYONE,  # an invitation's link is the permission
    "partner_signin:revert_address": EVERYONE,  # as at the other door
    "partner_signin:*": PARTNER,
    "partner:*": OPERATOR,
    "partner:workplaces": PARTNER,
    "partner:close": PARTNER,
    "demo:*": DEMO,
}
SAMPLES = {"uuid": UUID(int=7), "int": 7, "str": "sample", "slug": "sample", "path": "sample"}


@dataclass(frozen=True)
class Route:
    """One address of the table, with values in place of its parameters that belong to nobody."""

    name: str
    path: str

    @property
    def row(self) -> str | None:
        """The most specific row that names this route."""
        fitting = [key for key in ROWS if key == self.name or (key[-1] == "*" and self.name.startswith(key[:-1]))]
        return max(fitting, key=len, default=None)

    @property
    def audience(self) -> str | None:
        return ROWS[self.row] if self.row else None


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", "/"))


def _walk(patterns: list[URLPattern | URLResolver], namespace: str, prefix: str) -> Iterator[Route]:
    for entry in patterns:
        path = prefix + _filled(entry)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, inner, path)
        else:
            yield Route(f"{namespace}{entry.name}", path)


def _filled(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        sample = str(SAMPLES.get(kind, "sample"))
        text = text.replace(f"<{kind}:{name}>", sample).replace(f"<{name}>", sample)
    return text


def of(audience: str) -> list[Route]:
    return [route for route in routes() if route.audience == audience]


def test_every_address_has_a_row() -> None:
    assert [route.name for route in routes() if route.audience is None] == []


def test_every_row_is_about_an_address_there_is() -> None:
    assert set(ROWS) - {route.row for route in routes()} == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_sent_to_sign_in_from_every_page_of_a_person(method: str, db: Databases, client: Client) -> None:
    for route in of(PERSON):
        answer = getattr(client, method)(route.path)

        if answer.status_code != 405:
            assert answer.status_code in {302, 303}, route
            assert answer["Location"].startswith("/sign-in/me/"), route


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["visitor", "person", "terminal"])
def test_the_portal_opens_to_nobody_but_its_operators(who: str, method: str, db: Databases, client: Client) -> None:
    secret = kahvila_kaisa().secret
    aino()
    if who == "person":
        assert signs_in(client)
    headers = {"Authorization": f"Bearer {secret}"} if who == "terminal" else {}
    for route in [*of(OPERATOR), *of(PARTNER)]:
        answer = getattr(client, method)(route.path, headers=headers)

        if answer.status_code != 405:
            assert answer.status_code in {302, 303}, route
            assert answer["Location"].startswith("/sign-in/partner/"), route


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_works_for_nobody_sees_nothing_of_the_portal(method: str, db: Databases) -> None:
    browser = signed_in(aino().account_id)
    for route in of(OPERATOR):
        answer = getattr(browser, method)(route.path)

        assert answer.status_code == 405 or answer["Location"] == reverse("partner:workplaces"), route


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_role_for_tills_sees_nothing_of_the_portal_but_its_start(method: str, db: Databases) -> None:
    browser = portal_of(operator(kahvila_kaisa(), "till"))
    for route in of(OPERATOR):
        if route.name not in {"partner:start", "partner:name", "partner:pin"}:
            assert getattr(browser, method)(route.path).status_code in {403, 405}, route


def test_an_operator_reaches_the_pages_of_their_own_company(db: Databases) -> None:
    browser = portal_of(operator(kahvila_kaisa()))
    for route in [*of(OPERATOR), *of(PARTNER)]:
        answer = browser.get(route.path)
        answer.close()  # a file under way would keep the next one waiting

        assert answer.status_code in {200, 302, 404, 405}, route
        assert not answer.headers.get("Location", "").startswith("/sign-in/partner/?"), route


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("secret", ["", "Bearer nonsense"])
def test_without_a_terminals_secret_its_addresses_answer_nothing(
    secret: str, method: str, db: Databases, client: Client
) -> None:
    headers = {"Authorization": secret} if secret else {}
    for route in of(TERMINAL):
        answer = getattr(client, method)(route.path, {}, headers=headers, content_type="application/json")

        assert answer.status_code in {401, 405}, route


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_terminals_secret_opens_no_page_of_a_person(method: str, db: Databases, client: Client) -> None:
    secret = kahvila_kaisa().secret
    for route in of(PERSON):
        answer = getattr(client, method)(route.path, headers={"Authorization": f"Bearer {secret}"})

        assert answer.status_code in {302, 303, 405}, route


def test_a_signed_in_person_reaches_their_own_pages(db: Databases, client: Client) -> None:
    aino()
    assert signs_in(client)

    for route in of(PERSON):
        answer = client.get(route.path)

        assert answer.status_code in {200, 302, 404, 405}, route
        assert not answer.headers.get("Location", "").startswith("/sign-in/me/?"), route


def test_what_belongs_to_nobody_is_not_found(db: Databases, client: Client) -> None:
    aino()
    assert signs_in(client)

    for route in of(PERSON):
        if str(SAMPLES["uuid"]) in route.path or "sample" in route.path:
            for method in ("get", "post"):
                assert getattr(client, method)(route.path).status_code in {302, 400, 404, 405}, route


def test_an_entry_of_another_person_is_not_found(db: Databases, client: Client) -> None:
    hers, his = (entries_of([person.person_id], limit=1)[0] for person in (aino(), eino()))
    assert signs_in(client, "aino@example.fi")

    assert client.get(reverse("person:entry", args=[hers.id])).status_code == 200
    assert client.get(reverse("person:entry", args=[his.id])).status_code == 404


def test_the_pages_for_everyone_ask_nobody_to_sign_in(db: Databases, client: Client) -> None:
    for route in of(EVERYONE):
        answer = client.get(route.path)

        assert answer.status_code in {200, 302, 404, 405}, route
        assert "/sign-in/me/" not in answer.headers.get("Location", "") or route.name.startswith("signin:"), route
