"""R-REG-2: only the login identifier is mandatory."""

import re

from django.test import Client

from kliento.domain.accounts.models import Account
from kliento.domain.cards.models import Card
from kliento.domain.people.models import Person
from kliento.domain.policy.queries import register
from kliento.domain.vault.models import Value
from tests.databases import Databases
from tests.door import DOOR, begun, code_in, letters, registered

# What the steps ask: an address, its code, the age group, which terms were read, what to sign in with.
ASKED = {"email", "code", "age_band", "version", "password", "answer"}


def test_an_address_is_all_that_is_stored_of_who_registers(db: Databases) -> None:
    registered("aino@example.fi")

    assert [value.field for value in Value.objects.all()] == ["login_email"]
    assert Account.objects.count() == Person.objects.count() == Card.objects.count() == 1


def test_no_step_asks_for_anything_else(client: Client, db: Databases) -> None:
    pages = [client.get(f"{DOOR}register/").content.decode()]
    begun(client, "aino@example.fi")
    answers = [
        ("code", {"code": code_in(letters()[0])}),
        ("age", {"age_band": "18_or_over"}),
        ("terms", {"version": "1"}),
        ("secret", {}),
    ]
    for step, answer in answers:
        pages.append(client.get(f"{DOOR}register/{step}").content.decode())
        client.post(f"{DOOR}register/{step}", answer)

    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', "".join(pages)))
    assert names - {"csrfmiddlewaretoken", "language", "next"} == ASKED


def test_the_declaration_makes_nothing_else_mandatory() -> None:
    assert [field.code for field in register().fields.values() if field.mandatory] == ["login_email"]
