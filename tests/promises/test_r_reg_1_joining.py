"""R-REG-1: a claim code entered before there is an account survives the sign-up and brings nothing unasked."""

import pytest
from django.test import Client

from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.cards.models import Claim
from kliento.domain.claiming.actions import claim_card
from kliento.domain.visits.models import Visit
from kliento.interfaces.signin.limits import CLAIM_CODES_FROM
from kliento.interfaces.signin.sessions import cookie_of
from kliento.kernel.clock import now
from kliento.web.claim_codes import WAITING
from tests import programmes, taps
from tests.blanks import blank_card, code_for
from tests.door import DOOR, begun, code_in, letters, signs_in
from tests.phone import text_of
from tests.windows import begins_with_room
from tests.world import PASSWORD, kahvila_kaisa

CLAIM = f"{DOOR}register/claim"
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def code() -> str:
    """Of a card with one visit to Kahvila Kaisa, and the stamp of it."""
    at = now()
    kaisa = kahvila_kaisa(at=at)
    programmes.coffee_card(programmes.owner_of(kaisa), at=at)
    return code_for(blank_card(at=at), kaisa, at=at)


def walks(browser: Client, *, last: str = "secret") -> str:
    """From the code in the mail to the end of the sign-up; where that led."""
    answers = {
        "code": {"code": code_in(letters()[0])},
        "age": {"age_band": "18_or_over"},
        "terms": {"version": "1"},
        "secret": {"password": PASSWORD},
    }
    led_to = ""
    for step, answer in answers.items():
        led_to = browser.post(f"{DOOR}register/{step}", answer).url
        if step == last:
            break
    return led_to


def test_a_code_entered_before_registering_waits_until_the_person_decides(client, code):
    assert client.get("/me/claim").url == CLAIM
    assert client.post(CLAIM, {"code": code.lower()}).url == CLAIM
    assert "Your card waits" in text_of(client.get(CLAIM))
    begun(client, "uusi@example.fi")
    assert walks(client) == "/me/claim/waiting"
    seen = text_of(client.get("/me/claim/waiting"))
    assert "Kahvila Kaisa" in seen
    assert "1 of 3 stamps" in seen
    assert code not in seen
    assert not Claim.objects.exists()
    assert "A card waits" in text_of(client.get("/me/claim"))
    assert client.post("/me/claim/waiting", {"way": "beside"}).url == "/me/claims"
    assert Claim.objects.count() == 1
    assert client.get("/me/claim/waiting").url == "/me/claim"
    assert "A card waits" not in text_of(client.get("/me/claim"))


def test_a_code_typed_after_the_session_ended_waits_and_registering_comes_first(client, code):
    assert client.post("/me/claim", {"code": code, "way": "beside"}).url == CLAIM
    assert client.get("/me/claim/waiting").url == CLAIM
    page = client.get(CLAIM).content.decode()
    assert "Your card waits" in page
    assert 0 < page.index("Register and bring it along") < page.index("I have an account: sign in")
    assert client.post("/me/claim", {"code": "7K3M"}).url == CLAIM  # a slip makes the other one wait no less
    begun(client, "uusi@example.fi")
    assert walks(client) == "/me/claim/waiting"
    assert not Claim.objects.exists()


def test_another_tab_and_another_code_from_the_mail_find_the_card_waiting(client, code):
    client.post(CLAIM, {"code": code})
    begun(client, "uusi@example.fi")
    begun(client, "toinen@example.fi")
    assert walks(client) == "/me/claim/waiting"


def test_what_a_browser_keeps_is_not_the_code(client, code):
    client.post(CLAIM, {"code": code})
    kept = SessionStore(client.cookies[cookie_of("me")].value, audience="me").load()
    assert list(kept) == [WAITING]
    assert code not in str(kept)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Enter the claim code"), ("7K3M Q2ZT 9V4B Y", "a letter or digit is wrong"), ("used", "Ask for a new one")],
)
def test_a_bad_code_says_what_to_do_and_the_sign_up_goes_on(client, code, typed, said):
    if typed == "used":
        claim_card(code, by=taps.cardholder(at=now()), at=now())
    begun(client, "uusi@example.fi")
    answer = client.post(CLAIM, {"code": code if typed == "used" else typed})
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert walks(client) == "/me/"


def test_a_code_that_somebody_used_meanwhile_costs_nothing_but_the_card(client, code):
    client.post(CLAIM, {"code": code})
    begun(client, "uusi@example.fi")
    assert walks(client, last="terms") == f"{DOOR}register/secret"
    claim_card(code, by=taps.cardholder(at=now()), at=now())
    assert client.post(f"{DOOR}register/secret", {"password": PASSWORD}).url == "/me/claim/waiting"
    assert "This code is not good" in text_of(client.get("/me/claim/waiting", follow=True))
    assert client.get("/me/").status_code == 200


def test_whoever_has_an_account_finds_it_after_signing_in(client, code):
    aino = taps.cardholder(at=now())
    client.post(CLAIM, {"code": code})
    assert "Your card waits" in text_of(client.get(DOOR))
    begun(client, "aino@example.fi")
    assert signs_in(client, "aino@example.fi")
    assert client.get("/me/claim/waiting").status_code == 200
    assert client.get(CLAIM).url == "/me/claim"
    assert not Visit.objects.filter(subject_id=aino.person_id).exists()


def test_signing_out_forgets_it(client, code):
    taps.cardholder(at=now())
    client.post(CLAIM, {"code": code})
    assert signs_in(client, "aino@example.fi")
    client.post(f"{DOOR}out")
    assert signs_in(client, "aino@example.fi")
    assert client.get("/me/claim/waiting").url == "/me/claim"


def test_guessing_at_the_door_is_slowed_down(client):
    begins_with_room(CLAIM_CODES_FROM)
    answers = [client.post(CLAIM, {"code": "7K3M Q2ZT 9V4B X"}).status_code for _guess in range(61)]
    assert set(answers[:60]) == {400}
    assert answers[60] == 429
