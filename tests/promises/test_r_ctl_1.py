"""R-CTL-1: one declaration feeds the notice, the pages' footer, letters and downloads; an incomplete one is refused."""

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from kliento.domain.dispatch.actions import post_letter
from kliento.domain.dispatch.queries import mailbox
from kliento.domain.outbox.actions import work_off
from kliento.domain.rights.actions import download
from kliento.kernel.clock import now
from tests import world
from tests.domain.policy.declarations import DEFAULT, changed, mistakes_in

# The facts of the register description this product has to keep.
SOURCE = ["Kliento Oy", "Annankatu 27 A", "00100", "Helsinki", "support@kliento.net"]
REGISTER_NAME = "Kliento product and service customer register"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_register_description_has_the_facts_of_its_source(client: Client, db: object, language: str) -> None:
    page = client.get("/register-description", {"language": language})
    assert page.status_code == 200
    assert page.headers["Content-Language"] == language
    for fact in SOURCE:
        assert fact in page.content.decode()


def test_the_register_is_called_what_its_source_calls_it(client: Client, db: object) -> None:
    assert REGISTER_NAME in client.get("/register-description", {"language": "en"}).content.decode()


def test_the_same_facts_stand_in_the_json(client: Client, db: object) -> None:
    declared = client.get("/register-description.json").json()["declaration"]
    assert declared["holder"]["name"] == "Kliento Oy"
    assert declared["holder"]["register_name"]["en"] == REGISTER_NAME
    assert declared["contacts"]["register"]["email"] == "support@kliento.net"


@pytest.fixture
def another_declaration(settings: Settings, tmp_path: Path) -> str:
    """A register holder other than the default one; its name."""
    settings.KLIENTO_POLICY = tmp_path / "register.toml"
    settings.KLIENTO_POLICY.write_bytes(changed('name = "Kliento Oy"', 'name = "Osuuskunta Esimerkki"'))
    return "Osuuskunta Esimerkki"


@pytest.mark.parametrize("address", ["/", "/terms", "/accessibility", "/help", "/register-description"])
def test_another_declaration_changes_every_page(
    client: Client, db: object, another_declaration: str, address: str
) -> None:
    page = client.get(address).content.decode()
    assert another_declaration in page
    assert "Kliento Oy" not in page


def test_another_declaration_changes_every_letter(db: object, settings: Settings, another_declaration: str) -> None:
    settings.EMAIL_BACKEND = "kliento.domain.dispatch.actions.mailbox.SealedMailbox"
    somebody = world.aino()
    with transaction.atomic():
        post_letter("secret_changed", owner_id=somebody.account_id, language="en", context={}, at=now())
    work_off(at=now())
    [letter] = mailbox()
    assert another_declaration in letter.text
    assert another_declaration in letter.html
    assert "Kliento Oy" not in letter.text + letter.html


def test_another_declaration_changes_every_download(db: object, another_declaration: str) -> None:
    assert download(world.aino(), at=now())["register"]["holder"] == another_declaration


REQUIRED = ["name = ", "street_address = ", "postcode = ", "city = ", "country = ", "register_name = "]


@pytest.mark.parametrize("start", REQUIRED)
def test_an_incomplete_holder_is_refused(start: str) -> None:
    lines = DEFAULT.read_text("utf-8").splitlines(keepends=True)
    holder = lines.index("[holder]\n")
    gone = next(number for number in range(holder, len(lines)) if lines[number].startswith(start))
    found = mistakes_in("".join(lines[:gone] + lines[gone + 1 :]).encode())
    assert [str(mistake) for mistake in found] == [f"register.toml: holder.{start.split()[0]}: is missing"]


def test_a_register_without_a_contact_address_is_refused() -> None:
    assert "contacts.register" in {
        mistake.key for mistake in mistakes_in(changed("[contacts.register]", "[contacts.other]"))
    }
