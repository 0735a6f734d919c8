"""R-CRD-1: whatever of the profile is edited, a sign-in e-mail or password with it is 400 and says where to go."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver

from kliento.domain.accounts.models import Account
from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import own_values
from kliento.domain.policy.queries import register
from kliento.domain.vault.models import Value
from kliento.kernel.clock import now
from tests.phone import phone_of
from tests.world import PASSWORD, aino, stores

NEW = {"login_email": "other@example.fi", "email": "other@example.fi", "password": "uusi ovi, uusi avain"}
SAID = "Change them under Me, Security."
pytestmark = pytest.mark.usefixtures("db")


def pages_of_a_person() -> dict[str, str]:
    """Every address under /me/ by name; the profile's with each field of the catalogue in it."""
    [person] = [each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "person"]
    codes = [field.code for field in register().fields.values() if field.keeper == "person"]
    found = {}
    for each in person.url_patterns:
        path = "/me/" + str(each.pattern).replace("<slug:code>", "{code}")
        path = re.sub(r"<uuid:\w+>", str(UUID(int=7)), path)
        path = re.sub(r"<slug:\w+>", "email", path)
        for code in codes if path.startswith("/me/details/") else codes[:1]:
            found[f"{each.name} {code}"] = path.format(code=code)
    return found


@pytest.fixture
def browser() -> Client:
    return phone_of(stores(aino(at=now()), at=now(), first_name="Aino"))


@pytest.mark.parametrize("key", NEW)
def test_every_form_of_a_person_refuses_it_says_where_to_go_and_saves_nothing(key: str) -> None:
    me = stores(aino(at=now()), at=now(), first_name="Aino")
    phone = phone_of(me)
    before = list(Value.objects.order_by("id").values())
    entries = len(entries_of([me.person_id], limit=99))
    refused = 0
    for name, path in pages_of_a_person().items():
        answer = phone.post(path, {"value": "Kaisa", key: NEW[key]})
        if answer.status_code == 405:
            continue
        assert answer.status_code == 400, name
        refused += 1

        alone = phone.post(path, {key: NEW[key]})
        assert (alone.status_code, SAID in alone.content.decode()) == (400, True), name

    assert refused > 100
    assert list(Value.objects.order_by("id").values()) == before
    assert len(entries_of([me.person_id], limit=99)) == entries
    assert Account.objects.get(id=me.account_id).check_password(PASSWORD)
    assert own_values(me)["login_email"].text == "aino@example.fi"


@pytest.mark.parametrize("code", ["login_email", "password"])
@pytest.mark.parametrize("page", ["", "/removal", "/hiding", "/showing", "/consent", "/withdrawal"])
def test_neither_is_a_detail_that_could_be_edited_by_its_name(browser: Client, code: str, page: str) -> None:
    before = list(Value.objects.order_by("id").values())
    form = {"value": NEW[code]} if not page else {}
    answer = browser.post(f"/me/details/{code}{page}", form)
    assert (answer.status_code, SAID in answer.content.decode()) == (400, True)
    assert list(Value.objects.order_by("id").values()) == before


def test_no_operation_of_the_api_takes_either(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    taken = set()
    for operations in described["paths"].values():
        for operation in operations.values():
            taken |= {parameter["name"] for parameter in operation.get("parameters", [])}
            content = operation.get("requestBody", {}).get("content", {})
            taken |= _properties(described, [each["schema"] for each in content.values()])
    assert "code" in taken
    assert not taken & {*NEW, "passkey", "account"}


def _properties(described: dict, schemas: list[dict]) -> set[str]:
    """Every key such a body may have, at any depth."""
    found: set[str] = set()
    while schemas:
        schema = schemas.pop()
        if "$ref" in schema:
            schemas.append(described["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        found |= schema.get("properties", {}).keys()
        schemas += [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
        if "items" in schema:
            schemas.append(schema["items"])
    return found
