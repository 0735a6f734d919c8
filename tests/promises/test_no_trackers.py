"""No trackers (R-PUR-5): no page asks another site for anything, and every cookie is our own and known by name.

A browser opens every page the address table has, and follows every link from there, as a visitor, as a person and as
an operator; one page of each route.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse
from playwright.sync_api import Browser, BrowserContext, Page, Request

from kliento.interfaces.signin.sessions import cookie_of
from tests.databases import Databases
from tests.office import office
from tests.phone import cookie_for, phone_of, text_of
from tests.portal import portal_of
from tests.serving import Served

# Ours, and what for: forms, sign-in of each audience, the language chosen.
COOKIES = {"csrf", "me", "partner", "counter", "django_language"}
WITHOUT_A_REQUEST = {"data", "blob", "about"}
TABS = 4
# Scripts, styles, pictures, frames and the like, as they stand in the page; links and forms go where somebody clicks.
SOURCES = """() => [...document.querySelectorAll("[src], link[href], [srcset], [ping], object[data], meta[http-equiv]")]
    .flatMap((each) => ["src", "href", "srcset", "ping", "data", "content"].map((name) => each.getAttribute(name)))
    .filter((value) => value && /^(\\w+:)?\\/\\//.test(value.trim()))"""


@dataclass
class Walk:
    """What a browser met on its way."""

    routes: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    cookies: set[tuple[str, str]] = field(default_factory=set)


def walk(context: BrowserContext, url: str, entries: Iterable[str]) -> Walk:
    """Open these and everything linked from there, one page of each route; so many tabs come to rest together."""
    met, host = Walk(), urlsplit(url).netloc
    context.on("request", lambda request: met.foreign.update(_foreign(request, host)))
    tabs, waiting = [context.new_page() for _ in range(TABS)], list(entries)
    while waiting:
        opened = dict(zip(tabs, unmet(waiting, met), strict=False))
        for tab, path in opened.items():
            tab.goto(url + path)
        for tab in opened:
            tab.wait_for_load_state("networkidle")
            met.foreign |= {source for source in tab.evaluate(SOURCES) if urlsplit(source).netloc != host}
            waiting += links_on(tab, host)
    met.cookies = {(cookie["name"], cookie["domain"]) for cookie in context.cookies()}
    return met


def unmet(waiting: list[str], met: Walk) -> Iterator[str]:
    """From the end of the list, paths whose route was not met before; with that it is."""
    while waiting:
        path = waiting.pop()
        route = route_of(path)
        if route is not None and route not in met.routes:
            met.routes.add(route)
            yield path


def links_on(page: Page, host: str) -> list[str]:
    """Paths on our own host that this page links to; downloads are no pages."""
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map((each) => each.getAttribute('href'))")
    addresses = (urlsplit(urljoin(page.url, urldefrag(link)[0])) for link in found)
    return [address.path for address in addresses if address.netloc == host]


def route_of(path: str) -> str | None:
    """The name of the page at this path; None for what is no page of the product."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    no_page = name.startswith("demo:") or name.endswith(("_json", "_csv", "_xlsx"))
    return None if no_page else name


def doors(client: Client, *namespaces: str) -> list[str]:
    """Every page of these audiences that needs nothing in its address and answers this browser."""
    paths = [path for namespace in namespaces for path in _paths(namespace)]
    return [path for path in paths if _is_page(client.get(path))]


def _paths(namespace: str) -> list[str]:
    [names] = [each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == namespace]
    return [reverse(f"{namespace}:{each.name}") for each in names.url_patterns if "<" not in str(each.pattern)]


def _is_page(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def _foreign(request: Request, host: str) -> list[str]:
    address = urlsplit(request.url)
    return [] if address.scheme in WITHOUT_A_REQUEST or address.netloc == host else [request.url]


def assert_nobody_follows(met: Walk) -> None:
    assert met.foreign == set()
    assert {name for name, _domain in met.cookies} <= COOKIES
    assert {domain for _name, domain in met.cookies} <= {"localhost"}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(service_workers="block")
    yield context
    context.close()


def test_no_page_for_everybody_tells_another_site(served: Served, context: BrowserContext) -> None:
    """R-PUR-5: for what is counted no cookie is set, and nobody else is told."""
    entries = doors(Client(), "public", "signin", "partner_signin", "counter")
    met = walk(context, served.url, entries)
    assert {"public:start", "public:notice", "signin:register", "counter:pair"} <= met.routes
    assert_nobody_follows(met)


@pytest.mark.long
def test_no_page_of_a_person_tells_another_site(served: Served, context: BrowserContext) -> None:
    me = office().aino
    context.add_cookies([{**cookie_for(me), "url": served.url}])
    met = walk(context, served.url, doors(phone_of(me), "person", "signin"))
    assert {f"person:{name}" for name in ("company", "entry", "field", "question", "loyalty_card")} <= met.routes
    assert_nobody_follows(met)


@pytest.mark.long
def test_no_page_of_the_portal_tells_another_site(served: Served, context: BrowserContext) -> None:
    owner = portal_of(office().owner)
    cookie = owner.cookies[cookie_of("partner")]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": served.url}])
    met = walk(context, served.url, doors(owner, "partner", "partner_signin"))
    assert {f"partner:{name}" for name in ("today", "visits", "member", "question", "programme")} <= met.routes
    assert_nobody_follows(met)


def test_the_front_page_and_the_register_description_say_so(db: Databases) -> None:
    """R-PUR-5."""
    assert "No trackers." in text_of(Client().get("/"))
    assert "No page loads anything from another site" in text_of(Client().get("/register-description"))
