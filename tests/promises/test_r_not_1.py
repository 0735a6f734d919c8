"""R-NOT-1: the notice of Art. 13 and 14 stands on the site, whole, dated, in three languages, one step away."""

import html
import json
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from kliento.domain.policy.rules import Register
from tests.domain.policy.declarations import default_register

LANGUAGES = ["fi", "sv", "en"]
OBLIGED = {
    "fi": (
        "Mikään laki ei velvoita sinua antamaan tietoja.",
        "ilman niitä tiliä ei voi avata",
        "Kaikki muu on vapaaehtoista",
    ),
    "sv": (
        "Ingen lag förpliktar dig att lämna uppgifter.",
        "utan dem kan inget konto öppnas",
        "Allt annat är frivilligt",
    ),
    "en": ("No law obliges you to give data.", "without them no account can be opened", "Everything else is voluntary"),
}


@pytest.fixture
def register() -> Register:
    return default_register()


@pytest.fixture
def said(client: Client, db: object, language: str) -> str:
    return html.unescape(client.get("/register-description", {"language": language}).content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_who_why_what_to_whom_how_long_and_which_rights(said: str, language: str, register: Register) -> None:
    """Art. 13(1)(a), (c)-(f), 13(2)(a), (b), (d); Art. 14(1)(d), 14(2)(f)."""
    assert register.holder.name in said
    for part in (
        *register.purposes.values(),
        *register.fields.values(),
        *register.recipient_kinds.values(),
        *register.sources.values(),
        *register.rights.values(),
    ):
        assert part.label.inn(language) in said
    for purpose in register.purposes.values():
        assert register.retention[purpose.retention].label.inn(language) in said
        if purpose.reason:
            assert purpose.reason.inn(language) in said
    assert register.supervisor.name.inn(language) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_whether_one_has_to_give_data_and_what_follows_if_one_does_not(said: str, language: str) -> None:
    """Art. 13(2)(e)."""
    for part in OBLIGED[language]:
        assert part in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_dated_and_names_its_version(said: str, language: str, register: Register) -> None:
    assert register.version in said
    assert "2026" in said


@pytest.mark.parametrize("language", ["en"])
def test_what_is_planned_is_called_not_in_use_yet(said: str, language: str, register: Register) -> None:
    for purpose in register.purposes.values():
        title = said.index(purpose.label.en, said.index('id="purposes"'))
        heading = said[title : said.index("</h3>", title)]
        assert ("Not in use yet" in heading) == (purpose.status == "planned"), purpose.code


@pytest.mark.parametrize("address", ["/", "/terms"])
def test_it_is_one_step_away(client: Client, db: object, address: str) -> None:
    assert 'href="/register-description"' in client.get(address).content.decode()


def test_the_proof_names_every_promise_and_calls_unproven_what_nobody_has_shown(
    client: Client, db: object, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "docs").mkdir()
    settings.PROJECT = tmp_path
    (tmp_path / "docs" / "proof.json").write_text(
        json.dumps(
            {
                "R-CTL-1": {
                    "tests": ["tests/promises/test_r_ctl_1.py"],
                    "rules": ["src/kliento/domain/policy/rules/reading.py:read"],
                    "bitten_on": "2026-11-22",
                }
            }
        )
    )
    page = client.get("/register-description?proof&language=en").content.decode()
    assert "tests/promises/test_r_ctl_1.py" in page
    assert "policy/rules/reading.py:read" in page
    assert page.count("test_r_ctl_1.py") == page.count("<code>R-CTL-1</code>") == 3
    assert "Unproven" in page


def test_without_asking_for_proof_no_promise_is_shown(client: Client, db: object) -> None:
    assert "R-CTL-1" not in client.get("/register-description").content.decode()
