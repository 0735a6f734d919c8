"""R-CON-4: taking a consent back takes no more steps than giving it, and works at once."""

import re

import pytest

from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.recipients.actions import flag_premises
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.choosing import agree
from tests.declaring import MARKETING, in_use, running_by
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of
from tests.world import NOON, REGISTER_HOLDER, Place, aino, eino, kahvila_kaisa

PAGE, SWITCH = "/me/purposes", "/me/choices/direct_marketing/email"
EXPLICIT = "/me/choices/explicit/withdrawal"


def test_r_con_4_one_press_of_the_same_button_takes_it_back(db, settings, tmp_path):
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    me = aino()
    phone = phone_of(me)
    agree(phone, PAGE, at=SWITCH)
    assert standing(me.person_id)
    button = phone.get(PAGE).content.decode().split(f'action="{SWITCH}"')[1].split("</form>")[0]
    assert 'name="answer" value="withdraw"' in button
    assert phone.post(SWITCH, {"answer": "withdraw"})["Location"] == PAGE  # no words need be read again for a no
    assert standing(me.person_id) == frozenset()


def test_r_con_4_of_two_tabs_the_last_word_counts_and_both_are_kept(db, settings, tmp_path):
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    me = aino()
    first, second = phone_of(me), phone_of(me)
    agree(first, PAGE, at=SWITCH)
    second.post(SWITCH, {"answer": "refuse"})  # its page still shows the switch off
    assert standing(me.person_id) == frozenset()
    agree(first, PAGE, at=SWITCH)
    assert len(standing(me.person_id)) == 1
    said = phone_of(me).get("/me/choices").content.decode()
    assert said.count("You agreed:") == 2
    assert said.count("You took it back:") == 1


@pytest.mark.parametrize("about", ["storage", "recipient", "visits"])
def test_r_con_4_an_explicit_consent_is_taken_back_on_my_rules_by_one_press(db, about):
    me, kaisa = taps.cardholder(at=now()), kahvila_kaisa()
    if about == "visits":
        flag_premises(kaisa.premises_id, "health", by=REGISTER_HOLDER)
    shop = f"/me/sharing/{kaisa.third_party_id}"
    keeping = "/me/details/allergies/consent"
    asks = {"storage": keeping, "recipient": f"{shop}/allergies/consent", "visits": f"{shop}/visits/consent"}[about]
    phone = phone_of(me)
    if about == "recipient":
        agree(phone, keeping)
        phone.post("/me/details/allergies", {"value": "Pähkinät"})
        taps.tap(me, kaisa, at=now())
    before = standing(me.person_id)
    agree(phone, asks)  # one press, on a page that asks for nothing else
    [given] = standing(me.person_id) - before
    [form] = [each for each in forms_on(phone.get(PAGE).content.decode()) if each == form_of(given)]
    assert shows_allergies(me, kaisa) == (about == "recipient")
    assert phone.post(EXPLICIT, form)["Location"] == PAGE
    assert standing(me.person_id) == before
    assert not shows_allergies(me, kaisa)
    assert form not in forms_on(phone.get(PAGE).content.decode())
    assert phone.post(EXPLICIT, form)["Location"] == PAGE  # a second press, in another tab, changes nothing


def test_r_con_4_nobody_takes_back_for_another(db):
    me = aino(at=now())
    agree(phone_of(me), "/me/details/allergies/consent")
    [given] = standing(me.person_id)
    phone_of(eino(at=now())).post(EXPLICIT, form_of(given))
    assert standing(me.person_id) == {given}


def shows_allergies(me: PersonActor, kaisa: Place) -> bool:
    """Whether the till there, where the person is, gets them now."""
    to = ThirdPartyRecipient.at(kaisa.terminal)
    try:
        return "allergies" in disclose(me.person_id, to=to, purpose="serving", fields=["allergies"], at=now()).values
    except Refused:
        return False


def form_of(choice: Choice) -> dict[str, str]:
    recipient = str(choice.recipient_id) if choice.recipient_id else ""
    return {"purpose": choice.purpose, "field": choice.field, "recipient": recipient}


def forms_on(page: str) -> list[dict[str, str]]:
    """What the switches of explicit consents on a page carry."""
    forms = [each.split("</form>")[0] for each in page.split(f'action="{EXPLICIT}"')[1:]]
    return [dict(re.findall(r'name="(purpose|field|recipient)" value="([^"]*)"', each)) for each in forms]
