"""R-TRM-1: the terms of use are versioned, and a document of their own, apart from every consent."""

import pytest
from django.test import Client

from kliento.domain.policy.rules import read
from tests.domain.policy.declarations import changed, default_register, mistakes_in


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_terms_say_their_version_and_all_of_their_text(client: Client, db: object, language: str) -> None:
    page = client.get("/terms", {"language": language}).content.decode()
    terms = default_register().terms
    assert f" {terms.version}" in page
    assert "2026" in page
    for section in terms.sections:
        assert section.heading.inn(language) in page


def test_terms_without_a_version_or_a_date_are_refused() -> None:
    assert [m.key for m in mistakes_in(changed('[terms]\nversion = "1"\n', "[terms]\n"))] == ["terms.version"]
    assert [m.key for m in mistakes_in(changed("effective_on = 2026-11-22\n", ""))] == ["terms.effective_on"]


def test_the_terms_say_that_accepting_them_is_no_consent() -> None:
    said = " ".join(section.body.en for section in default_register().terms.sections)
    assert "not a consent to marketing or to disclosing data" in said


def test_changed_terms_are_another_version_of_the_declaration() -> None:
    after = read(changed("Finnish law applies.", "The law of Finland applies."), name="register.toml")
    assert after.version != default_register().version
