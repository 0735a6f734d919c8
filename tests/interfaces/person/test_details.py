"""My details, page by page: each kept on its own, and the page says no where the declaration does."""

import re

import pytest

from kliento.domain.consents.queries import standing
from kliento.domain.gate.actions import own_values
from kliento.domain.policy.queries import register
from kliento.kernel.clock import now
from tests.choosing import agree
from tests.phone import phone_of, text_of
from tests.world import aino, eino, stores

OWN = [field for field in register().fields.values() if field.keeper == "person" and field.status == "in_use"]
NOT_OWN = [field for field in register().fields.values() if field not in OWN]


@pytest.fixture
def me(db):
    return aino(at=now())


def kept(person, code: str) -> str | None:
    value = own_values(person, fields=[code]).get(code)
    return value.text if value else None


def test_a_detail_is_added_corrected_and_removed_on_its_own(me):
    stores(me, at=now(), city="Helsinki")
    phone = phone_of(me)

    assert phone.post("/me/details/first_name", {"value": " Aino "}).status_code == 302
    assert "Saved: First name." in text_of(phone.get("/me/details"))
    phone.post("/me/details/first_name", {"value": "Aino Maria"})
    assert kept(me, "first_name") == "Aino Maria"
    phone.post("/me/details/first_name/removal")
    assert (kept(me, "first_name"), kept(me, "city")) == (None, "Helsinki")


def test_a_detail_is_hidden_and_shown_again(me):
    stores(me, at=now(), first_name="Aino")
    phone = phone_of(me)

    phone.post("/me/details/first_name/hiding")
    assert "Hidden from everybody else" in text_of(phone.get("/me/details"))
    phone.post("/me/details/first_name/showing")
    assert not own_values(me)["first_name"].hidden


@pytest.mark.parametrize("field", [field for field in OWN if not field.special], ids=lambda field: field.code)
def test_every_field_of_ones_own_has_a_question_with_a_labelled_input(me, field):
    page = text_of(phone_of(me).get(f"/me/details/{field.code}"))

    assert f">{field.label.en}" in page.split("<main")[1]
    named = re.findall(r'<(?:input|select|textarea)[^>]* name="value"[^>]*?id="([^"]+)"', page)
    assert named
    assert all(f'for="{each}"' in page for each in named)


@pytest.mark.parametrize("field", NOT_OWN, ids=lambda field: field.code)
def test_what_is_not_the_persons_to_write_has_no_such_page(me, field):
    expected = 400 if field.keeper == "account" else 404
    assert phone_of(me).post(f"/me/details/{field.code}", {"value": "x"}).status_code == expected


@pytest.mark.parametrize(
    ("code", "text", "advice"),
    [
        ("phone", "123", "Enter the phone number with the area code, like 040 123 4567."),
        ("email", "aino", "Enter the e-mail address in full, like aino@example.com."),
        ("birth_date", "31.2.1990", "Enter the date as day, month and year, like 14.2.1990."),
        ("first_name", "a" * 10_000, "Shorten this to at most 100 characters."),
        ("first_name", "Ai\u202eno", "Remove the characters that cannot be seen and try again."),
        ("preferences", "131052-308T", "Do not write a personal identity code here."),
        ("gender", "nonsense", "Choose"),
        ("first_name", "", "Write something"),
    ],
)
def test_a_mistake_gets_a_summary_that_takes_the_focus_and_nothing_is_kept(me, code, text, advice):
    answer = phone_of(me).post(f"/me/details/{code}", {"value": text})
    page = text_of(answer)

    assert answer.status_code == 400
    assert 'class="error-summary" role="alert" tabindex="-1" autofocus' in page
    assert page.count(advice) >= 2 or code == "gender"
    assert kept(me, code) is None


def test_a_form_that_carries_more_than_was_asked_is_refused(me):
    answer = phone_of(me).post("/me/details/first_name", {"value": "Aino", "login_email": "other@example.fi"})

    assert answer.status_code == 400
    assert kept(me, "first_name") is None


def test_a_special_detail_is_asked_for_only_after_its_own_consent(me):
    phone = phone_of(me)

    assert phone.get("/me/details/allergies")["Location"] == "/me/details/allergies/consent"
    assert phone.post("/me/details/allergies", {"value": "Pähkinät"})["Location"] == "/me/details/allergies/consent"
    phone.post("/me/details/allergies/consent", {"answer": "refuse"})
    assert not standing(me.person_id)
    agree(phone, "/me/details/allergies/consent")
    phone.post("/me/details/allergies", {"value": "Pähkinät"})
    assert kept(me, "allergies") == "Pähkinät"
    phone.post("/me/details/allergies/withdrawal")
    assert kept(me, "allergies") is None
    assert not standing(me.person_id)


def test_the_sign_in_address_is_shown_beside_its_source_and_cannot_be_written(me):
    page = text_of(phone_of(me).get("/me/details"))

    assert "aino@example.fi" in page
    assert "/me/details/login_email" not in page


def test_what_was_typed_is_not_lost_and_not_executed(me):
    page = text_of(phone_of(me).post("/me/details/phone", {"value": '"><script>alert(1)</script>'}))

    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_somebody_elses_details_are_nowhere(me):
    stores(eino(at=now()), at=now(), first_name="Eino")

    assert "Eino" not in text_of(phone_of(me).get("/me/details"))


def test_what_kliento_writes_says_once_how_long_it_is_kept(me):
    rows = text_of(phone_of(me).get("/me/details")).split("Kept by Kliento")[1].split("<dt")[1:]
    told = {
        label: row
        for row in rows
        for label in ("Sign-in e-mail", "Activity", "Visits", "Messages")
        if f">{label}<" in row
    }
    long = {label: row.count("How long: ") and row.split("How long: ")[1].split("<")[0] for label, row in told.items()}

    retention = register().retention
    assert long == {
        "Sign-in e-mail": 0,  # as long as the account is open, as the page says below
        "Activity": 0,
        "Visits": retention["visits"].label.en,
        "Messages": retention["messages"].label.en,
    }
