"""T-22, mass assignment: an unknown key anywhere in any request to the API is 400, never ignored."""

import copy
import json
from collections.abc import Iterator

import pytest

from kliento.kernel.ids import new_id
from tests.world import kahvila_kaisa

BODIES = {
    "pairTerminal": {"code": "AAAA-BBBB-CCCC", "name": "Kassa"},
    "recordScans": {"scans": [{"id": str(new_id()), "code": "x", "occurred_at": "2026-11-22T12:00:00Z"}]},
}
QUERIES = {"readMember": {"fields": "first_name", "purpose": "serving"}}


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
    for name in ("Pairing", "Scan", "Scans"):
        assert described[name]["additionalProperties"] is False
