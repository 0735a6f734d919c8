"""Registering: one question a page, and nobody until the last one."""

from datetime import timedelta

import pytest
from django.test import Client

from kliento.domain.accounts.models import Account, PendingSignup
from kliento.domain.cards.models import Card
from kliento.domain.people.models import Person
from kliento.domain.vault.models import Value
from kliento.kernel.clock import now
from tests.door import DOOR, begun, code_in, letters, registered, signs_in
from tests.world import PASSWORD

pytestmark = pytest.mark.usefixtures("db")


def test_the_last_step_makes_an_account_a_person_and_a_card_and_signs_in() -> None:
    browser = registered("aino@example.fi")

    person = Person.objects.get()
    assert Account.objects.get().id == person.account_id
    assert Card.objects.get().person_id == person.id
    assert not PendingSignup.objects.exists()
    assert browser.get("/me/").status_code == 200


@pytest.mark.parametrize("step", ["code", "age", "terms", "secret"])
def test_a_step_out_of_turn_leads_to_the_one_that_is_due(client: Client, step: str) -> None:
    assert client.get(f"{DOOR}register/{step}").url == f"{DOOR}register/"
    begun(client, "aino@example.fi")
    assert client.post(f"{DOOR}register/secret", {"password": PASSWORD}).url == f"{DOOR}register/code"
    assert client.get(f"{DOOR}register/{step}").status_code == (200 if step == "code" else 302)
    assert not Account.objects.exists()


def test_after_five_wrong_codes_the_right_one_does_not_help(client: Client) -> None:
    begun(client, "aino@example.fi")
    code = code_in(letters()[0])
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    answers = [client.post(f"{DOOR}register/code", {"code": wrong}) for _ in range(5)]

    assert "not the code we sent" in answers[0].content.decode()
    assert "too many times" in answers[4].content.decode()
    assert client.post(f"{DOOR}register/code", {"code": code}).status_code == 400
    assert PendingSignup.objects.get().verified_at is None


def test_a_code_may_be_typed_with_a_gap(client: Client) -> None:
    begun(client, "aino@example.fi")
    code = code_in(letters()[0])
    assert client.post(f"{DOOR}register/code", {"code": f" {code[:3]} {code[3:]}"}).url == f"{DOOR}register/age"


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "aino",
        "aino@example",
        "aino@@example.fi",
        "ai no@example.fi",
        "aino@exa mple.fi",
        "aino@example.fi, eino@example.fi",
        "aino@example.fi\r\nBcc: eino@example.fi",
        "aino@example.fi\x00",
        "a" * 300 + "@example.fi",
        "131052-308T@example.fi",
        "aino@-example.fi",
    ],
)
def test_what_is_no_address_is_sent_back_with_words_that_help(client: Client, nonsense: str) -> None:
    response = client.post(f"{DOOR}register/", {"email": nonsense})

    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()
    assert not PendingSignup.objects.exists()
    assert letters() == []


@pytest.mark.parametrize(
    "address", ["AINO@EXAMPLE.FI", "Äijä.Öö@Exämple.FI", "\u202faino@example.fi ", "aino+k@example.fi"]
)
def test_unusual_addresses_get_their_letter_and_let_in(address: str) -> None:
    registered(address)
    assert signs_in(Client(), address.strip())
    assert signs_in(Client(), address.strip().lower())
    assert signs_in(Client(), address.strip().upper())


def test_the_letter_goes_to_the_mailbox_as_it_was_written(client: Client) -> None:
    begun(client, "Äijä@Exämple.FI")
    assert letters()[0].to == ["Äijä@xn--exmple-cua.fi"]


@pytest.mark.parametrize("password", ["🐓 kukkokiekuu 🐓", "كلمة مرور طويلة", "  spaces around  ", "p" * 200])
def test_a_password_may_be_any_text(password: str) -> None:
    browser = Client()
    begun(browser, "aino@example.fi")
    for step, answer in [
        ("code", {"code": code_in(letters()[0])}),
        ("age", {"age_band": "18_or_over"}),
        ("terms", {"version": "1"}),
        ("secret", {"password": password}),
    ]:
        browser.post(f"{DOOR}register/{step}", answer)
    assert signs_in(Client(), password=password)
    assert not signs_in(Client(), password=password.strip() + "x")


@pytest.mark.parametrize("password", ["", "tooshort1", "1234567890123", "password123", "p" * 201])
def test_a_password_that_is_easily_guessed_is_refused(client: Client, password: str) -> None:
    begun(client, "aino@example.fi")
    client.post(f"{DOOR}register/code", {"code": code_in(letters()[0])})
    client.post(f"{DOOR}register/age", {"age_band": "18_or_over"})
    client.post(f"{DOOR}register/terms", {"version": "1"})

    response = client.post(f"{DOOR}register/secret", {"password": password})

    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()
    if password:
        assert password not in response.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize("step", ["", "code", "age", "terms", "secret"])
def test_a_key_no_form_asked_for_is_refused(client: Client, step: str) -> None:
    answers = [
        ("", {"email": "aino@example.fi"}),
        ("code", {}),
        ("age", {"age_band": "18_or_over"}),
        ("terms", {"version": "1"}),
        ("secret", {"password": PASSWORD}),
    ]
    for name, answer in answers:
        sent = answer or {"code": code_in(letters()[0])}
        if name == step:
            assert client.post(f"{DOOR}register/{name}", {**sent, "is_staff": "1"}).status_code == 400
            return
        client.post(f"{DOOR}register/{name}", sent)


def test_who_takes_too_long_begins_again_and_nothing_is_kept(client: Client) -> None:
    begun(client, "aino@example.fi")
    PendingSignup.objects.update(expires_at=now() - timedelta(seconds=1))

    response = client.post(f"{DOOR}register/code", {"code": code_in(letters()[0])}, follow=True)

    assert response.redirect_chain[-1][0] == f"{DOOR}register/"
    assert "Begin again" in response.content.decode()


def test_of_two_sign_ups_for_one_address_the_first_to_finish_stands() -> None:
    late = Client()
    begun(late, "aino@example.fi")
    late.post(f"{DOOR}register/code", {"code": code_in(letters()[0])})
    late.post(f"{DOOR}register/age", {"age_band": "18_or_over"})
    late.post(f"{DOOR}register/terms", {"version": "1"})
    registered("Aino@example.fi")

    response = late.post(f"{DOOR}register/secret", {"password": PASSWORD}, follow=True)

    assert "has an account already" in response.content.decode()
    assert Account.objects.count() == 1


def test_no_page_of_the_door_may_be_cached(client: Client) -> None:
    begun(client, "aino@example.fi")
    for page in ("", "register/", "register/code", "reset/"):
        assert "no-store" in client.get(f"{DOOR}{page}").headers["Cache-Control"]


def test_a_sealed_address_is_owned_by_the_account_it_becomes() -> None:
    registered("aino@example.fi")
    assert [value.owner_id for value in Value.objects.filter(field="login_email")] == [Account.objects.get().id]
