"""R-ROP-1: the record of processing (Art. 30) is rendered from the declaration, as page, JSON and PDF."""

import html
import re
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Purpose, Register
from tests.declaring import reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.world import NOON

PAGE = "/record-of-processing"


def flat(text: str) -> str:
    """Without the breaks a page or a line makes."""
    return re.sub(r"[\s\u00ad-]+", "", html.unescape(text))


def as_page(client: Client, language: str) -> str:
    return flat(client.get(f"{PAGE}?language={language}").content.decode())


def as_json(client: Client, language: str) -> str:
    return flat(client.get(f"{PAGE}.json").content.decode().replace('\\"', '"'))


def as_pdf(client: Client, language: str) -> str:
    answer = client.get(f"{PAGE}.pdf?language={language}")
    assert answer["Content-Type"] == "application/pdf"
    return flat("".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages))


def said_of(purpose: Purpose, declared: Register, language: str) -> list[str]:
    """What Art. 30(1) asks for about one purpose."""
    whole = purpose.fields == frozenset(declared.fields)
    said = [purpose.label, purpose.description, declared.retention[purpose.retention].label]
    said += [declared.subjects[code].label for code in purpose.subjects]
    said += [declared.recipient_kinds[code].label for code in purpose.recipient_kinds]
    said += [] if whole else [declared.detail(code).label for code in purpose.fields]
    return [text.inn(language) for text in said]


@pytest.mark.parametrize("form", [as_page, as_json, as_pdf])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_r_rop_1_every_purpose_stands_in_it_with_what_the_law_asks_for(db, client, form, language):
    text, declared = form(client, language), register()
    assert flat(declared.holder.name) in text
    assert flat(declared.contacts["register"].email) in text
    for purpose in declared.purposes.values():
        for said in said_of(purpose, declared, language):
            assert flat(said) in text, (purpose.code, said)


@pytest.mark.parametrize("form", [as_page, as_json, as_pdf])
def test_r_rop_1_it_follows_the_declaration(db, client, settings, tmp_path, form):
    assert flat("Now otherwise") not in form(client, "en")
    running_by(reworded(default_text(), "serving"), settings, tmp_path, at=NOON)
    assert flat("Now otherwise: A third party may see") in form(client, "en")


def test_r_rop_1_what_is_not_in_use_yet_is_said_to_be_so(db, client):
    text = client.get(f"{PAGE}?language=en").content.decode()
    for purpose in register().purposes.values():
        part = text.split(f'<section id="{purpose.code}">')[1].split("</section>")[0]
        assert ("Not in use yet" in part) == (purpose.status == "planned"), purpose.code


@pytest.mark.parametrize("page", ["/register-description", PAGE])
def test_r_rop_1_what_needs_explicit_consent_names_both_places_in_the_law(client, db, page):
    read = client.get(f"{page}?language=en").content.decode()
    basis = dict(re.findall(r"<h3>\s*([^<]+?)\s*<.*?Legal basis</dt>\s*<dd>(.*?)</dd>", read, re.DOTALL))
    explicit = "Explicit consent, GDPR Art. 6(1)(a) and 9(2)(a)"
    assert (basis["Keeping details about health"], basis["Sensitive visits"]) == (explicit, explicit)
    assert basis["Serving you"] == "Consent, GDPR Art. 6(1)(a); explicit consent of its own, Art. 9(2)(a): Allergies"
    assert basis["Direct marketing"] == "Consent, GDPR Art. 6(1)(a)"
