"""T-22, mass assignment: an unknown key anywhere in a request to the API or in a form of a page is 400, not ignored."""

import copy
import json
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver

from kliento.domain.recipients.actions import make_pairing_code
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests.door import DOOR, begun, code_in, letters
from tests.phone import phone_of
from tests.world import PASSWORD, REGISTER_HOLDER, Place, aino, kahvila_kaisa

BODIES = {
    "pairTerminal": {"code": "AAAA-BBBB-CCCC", "name": "Kassa"},
    "recordScans": {"scans": [{"id": str(new_id()), "code": "x", "occurred_at": "2026-11-22T12:00:00Z"}]},
    "redeemReward": {"id": str(new_id()), "visit_id": str(new_id())},
    "undoRedemption": {"redemption_id": str(new_id())},
    "giveClaimCode": {"visit_id": str(new_id())},
}
QUERIES = {"readMember": {"fields": "first_name", "purpose": "serving"}, "readBlockList": {}}


def _objects(body: object, path: tuple = ()) -> Iterator[tuple]:
    """Where the objects of a body are."""
    if isinstance(body, dict):
        yield path
    items = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in items:
        yield from _objects(value, (*path, key))


def _with_key(body: object, path: tuple) -> object:
    changed = copy.deepcopy(body)
    place = changed
    for step in path:
        place = place[step]
    place["is_approved"] = True
    return changed


@pytest.fixture
def operations(db, client):
    """Every operation the API describes: (operation id, method, path)."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    found = [
        (operation["operationId"], method, path.replace("{number}", "12345678"))
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]
    assert {name for name, _, _ in found} == BODIES.keys() | QUERIES.keys(), "Say here what a request looks like."
    return found


def _send(client, place, method: str, path: str, *, query: dict, body: object):
    content = json.dumps(body) if body is not None else ""
    address = f"{path}?{'&'.join(f'{key}={value}' for key, value in query.items())}"
    headers = {"Authorization": f"Bearer {place.secret}"}
    return client.generic(method.upper(), address, content, content_type="application/json", headers=headers)


def test_threat_22_an_unknown_key_is_refused_and_pointed_at(client, operations):
    place = kahvila_kaisa()
    for name, method, path in operations:
        body, query = BODIES.get(name), QUERIES.get(name, {})
        tries = [(query | {"is_approved": "true"}, body, "/is_approved")]
        for where in _objects(body) if body is not None else ():
            pointer = "".join(f"/{step}" for step in (*where, "is_approved"))
            tries.append((query, _with_key(body, where), pointer))
        for tried_query, tried_body, pointer in tries:
            response = _send(client, place, method, path, query=tried_query, body=tried_body)
            assert response.status_code == 400, (name, tried_query, tried_body)
            assert [mistake["pointer"] for mistake in response.json()["errors"]] == [pointer]


def test_threat_22_the_same_requests_without_it_are_understood(client, operations):
    place = kahvila_kaisa()
    for name, method, path in operations:
        response = _send(client, place, method, path, query=QUERIES.get(name, {}), body=BODIES.get(name))
        assert response.json().get("code") not in {"invalid", "malformed"}, response.content


def test_threat_22_the_description_says_so(client, operations):
    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    for name in ("Pairing", "Scan", "Scans", "Redemption", "Reversal", "ClaimCodeFor"):
        assert described[name]["additionalProperties"] is False


STEPS = {"code": {}, "age": {"age_band": "18_or_over"}, "terms": {"version": "1"}, "secret": {"password": PASSWORD}}
RESETS = {"code": {}, "password": {"password": PASSWORD}}


def _paths(audience: str) -> dict[str, str]:
    """Every address of these pages by name, with an id or a field where one is asked for."""
    [pages] = [each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == audience]
    made = {"uuid": str(UUID(int=7)), "slug": "allergies"}
    return {
        each.name: f"/{pages.pattern}" + re.sub(r"<(\w+):\w+>", lambda part: made[part[1]], str(each.pattern))
        for each in pages.url_patterns
    }


def _at_step(name: str) -> Client:
    """A browser that has come to this page of registering or of a new password; any other page needs nothing."""
    way, _, step = name.partition("_")
    browser = Client()
    if way == "register" and step:
        begun(browser, f"{step}@example.fi")
        for each, answer in STEPS.items():
            if each == (step if step in STEPS else "secret"):
                break
            sent = answer or {"code": code_in(letters()[0])}
            assert browser.post(f"{DOOR}register/{each}", sent).status_code == 302
    if way == "reset" and step:
        browser.post(f"{DOOR}reset/", {"email": "aino@example.fi"})
        if step == "password":
            assert browser.post(f"{DOOR}reset/code", {"code": code_in(letters()[0])}).status_code == 302
    return browser


def _till(place: Place) -> Client:
    """A browser that is a terminal."""
    browser = Client()
    code = make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=now())
    assert browser.post("/counter/pair", {"code": code, "name": "Kassa"}).status_code == 302
    return browser


def _refuses(browser: Client, path: str) -> bool:
    """Whether it is the unknown key that is refused there, or nothing is taken at all."""
    response = browser.post(path, {"is_approved": "true"})
    said = "This form does not take that." in response.content.decode()
    return response.status_code == 405 or (response.status_code == 400 and said)


def test_threat_22_no_page_of_the_door_takes_an_unknown_key(db):
    member = aino()
    for name, path in _paths("signin").items():
        is_open = path.startswith((f"{DOOR}register", f"{DOOR}reset"))
        assert _refuses(_at_step(name) if is_open else phone_of(member), path), name


def test_threat_22_no_page_of_a_person_takes_an_unknown_key(db):
    phone = phone_of(aino())
    for name, path in _paths("person").items():
        assert _refuses(phone, path), name


def test_threat_22_no_page_of_the_counter_takes_an_unknown_key(db):
    till = _till(kahvila_kaisa(at=now()))
    for name, path in _paths("counter").items():
        assert _refuses(till, path), name
