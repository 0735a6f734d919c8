"""R-CRD-3: "Delete my e-mail" leads to a working end: passkeys alone, or closing the account."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from kliento.domain.accounts.models import Account, AddressChange, FormerAddress, Passkey, RecoveryCode, Reset
from kliento.domain.activity.queries import entries_of
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.gate.actions import own_values
from kliento.domain.vault.models import Value
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.authenticator import Authenticator
from tests.door import DOOR, DOORS, letters, signs_in
from tests.interfaces.signin.test_security import adds_passkey
from tests.promises.test_r_crd_2 import OLD, aged, asks, changes, letter_to, link_in
from tests.world import PASSWORD, aino, eino

PAGE = f"{DOOR}security/address/removal"
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def me() -> PersonActor:
    return aino(at=now())


@pytest.fixture
def here(me: PersonActor) -> Client:
    browser = Client()
    assert signs_in(browser)
    return browser


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(settings.KLIENTO_URL)


def codes_of(browser: Client, *, door: str = DOOR) -> list[str]:
    page = browser.post(f"{door}security/recovery-codes").content.decode()
    return re.findall(r'<code class="code-text">([^<]+)</code>', page)


def is_ready(browser: Client, device: Authenticator) -> list[str]:
    """A passkey and recovery codes, as the page asks; the codes."""
    adds_passkey(browser, device)
    return codes_of(browser)


def is_in(browser: Client, *, door: str = DOOR) -> bool:
    return browser.get(f"{door}security/").status_code == 200


def signs_in_by(device: Authenticator, *, door: str = DOOR) -> Client:
    """A browser that came in with this passkey."""
    browser = Client()
    question = browser.post(f"{door}passkey/question").json()
    browser.post(f"{door}passkey", {"answer": json.dumps(device.signs(question))})
    return browser


def test_the_way_there_is_on_the_pages_of_security_and_details(here: Client) -> None:
    assert PAGE in here.get(f"{DOOR}security/").content.decode()
    assert f"{DOOR}security/" in here.get("/me/details").content.decode()


def test_it_takes_a_passkey_and_recovery_codes_first_and_leads_to_both(here: Client, device: Authenticator) -> None:
    page = here.get(PAGE).content.decode()
    assert f"{DOOR}security/passkeys/new" in page
    assert f"{DOOR}security/recovery-codes" in page
    assert here.post(PAGE).url == PAGE
    codes_of(here)
    assert here.post(PAGE).url == PAGE
    assert signs_in(Client())

    adds_passkey(here, device)
    assert "Delete the address" in here.get(PAGE).content.decode()
    assert here.post(PAGE).url == f"{DOOR}security/"
    assert not signs_in(Client())


def test_a_passkey_without_recovery_codes_is_not_enough(here: Client, device: Authenticator) -> None:
    adds_passkey(here, device)
    assert "Delete the address" not in here.get(PAGE).content.decode()
    assert here.post(PAGE).url == PAGE
    assert signs_in(Client())


def test_the_page_says_what_cannot_be_done_by_mail_then_and_offers_closing_as_well(here: Client) -> None:
    page = here.get(PAGE).content.decode()
    for said in ("getting a new one by mail", "you by mail that your sign-in was changed", "Asking us by mail"):
        assert said in page
    assert 'href="/me/close"' in page


def test_the_address_is_gone_from_everything(here: Client, me: PersonActor, device: Authenticator) -> None:
    changes(here, "aino.uusi@example.fi")
    link = link_in(letter_to(OLD))
    FormerAddress.objects.update(revert_until=now())  # no end of a change that can be taken back
    is_ready(here, device)
    Client().post(f"{DOOR}reset/", {"email": "aino.uusi@example.fi"})
    letters()
    asks(here, "aino.kolmas@example.fi")

    assert here.post(PAGE).url == f"{DOOR}security/"

    assert Account.objects.get(id=me.account_id).login_index is None
    for table in (AddressChange, FormerAddress, Reset):
        assert not table.objects.filter(account_id=me.account_id).exists()
    assert not Value.objects.filter(owner_id=me.account_id, field="login_email").exists()
    assert "login_email" not in own_values(me)
    assert Client().post(link).status_code == 404
    assert "@example.fi" not in here.get("/me/details").content.decode()
    assert "@example.fi" not in here.post("/me/download").content.decode()
    assert "With this letter we forget this address" in str(letter_to("aino.uusi@example.fi").body)
    assert [entry.payload for entry in entries_of([me.person_id], limit=2)] == [{}, {"what": "removed"}]  # the download


def test_the_passkey_lets_in_and_the_password_does_not(here: Client, device: Authenticator) -> None:
    elsewhere = Client()
    is_ready(here, device)
    assert signs_in(elsewhere)
    before = here.cookies["me"].value
    here.post(PAGE)
    assert here.cookies["me"].value != before
    assert is_in(here)
    assert not is_in(elsewhere)
    assert not signs_in(Client())
    for door in DOORS.values():
        assert is_in(signs_in_by(device, door=door), door=door)


def test_when_the_passkey_is_lost_a_recovery_code_lets_in_once_and_leads_to_a_new_one(
    here: Client, me: PersonActor, device: Authenticator
) -> None:
    [paper, *_] = is_ready(here, device)
    here.post(PAGE)
    browser = Client()
    assert "recovery" in browser.get(DOOR).content.decode()
    assert browser.post(f"{DOOR}recovery", {"code": paper.lower()}).url == f"{DOOR}security/passkeys/new"
    assert is_in(browser)
    assert not is_in(here)
    assert Client().post(f"{DOOR}recovery", {"code": paper}).status_code == 400
    assert RecoveryCode.objects.filter(account_id=me.account_id).count() == 9
    device_told, used = entries_of([me.person_id], limit=2)
    assert (device_told.kind, used.payload) == ("new_device", {"what": "recovery_code_used"})

    new = Authenticator(settings.KLIENTO_URL)
    adds_passkey(browser, new)
    assert is_in(signs_in_by(new))


def test_a_recovery_code_of_an_account_with_an_address_opens_nothing_by_itself(here: Client) -> None:
    [paper, *_] = codes_of(here)
    answer = Client().post(f"{DOOR}recovery", {"code": paper})
    assert answer.status_code == 400
    for wrong in ("", "nonsense", "0000 0000 0000 0000"):
        assert Client().post(f"{DOOR}recovery", {"code": wrong}).status_code == 400
    assert RecoveryCode.objects.count() == 10


def test_the_last_passkey_stays_and_a_password_asks_for_an_address_first(here: Client, device: Authenticator) -> None:
    is_ready(here, device)
    here.post(PAGE)
    here.post(f"{DOOR}security/passkeys/{Passkey.objects.get().id}/removal")
    assert Passkey.objects.exists()
    assert here.post(f"{DOOR}security/password", {"password": PASSWORD}).url == f"{DOOR}security/address"
    assert here.post(PAGE).url == f"{DOOR}security/"  # once more, in another tab


def test_an_address_can_be_added_again(here: Client, me: PersonActor, device: Authenticator) -> None:
    is_ready(here, device)
    here.post(PAGE)
    changes(here, "aino.taas@example.fi")
    assert own_values(me)["login_email"].text == "aino.taas@example.fi"
    here.post(f"{DOOR}security/password", {"password": PASSWORD})
    assert signs_in(Client(), "aino.taas@example.fi")


def test_several_people_may_have_none_and_the_address_is_free_for_somebody_else(
    here: Client, device: Authenticator
) -> None:
    is_ready(here, device)
    here.post(PAGE)
    eino(at=now())
    other, key = Client(), Authenticator(settings.KLIENTO_URL)
    signs_in(other, "eino@example.fi")
    is_ready(other, key)
    assert other.post(PAGE).url == f"{DOOR}security/"
    aino(at=now())
    assert signs_in(Client(), OLD)


def test_letters_to_an_account_without_an_address_are_forgotten(
    here: Client, me: PersonActor, device: Authenticator
) -> None:
    is_ready(here, device)
    here.post(PAGE)
    sent = len(letters())
    post_letter("secret_changed", owner_id=me.account_id, language="en", context={}, at=now())
    assert len(letters()) == sent


def test_closing_is_the_other_end_and_works_without_an_address_too(
    here: Client, me: PersonActor, device: Authenticator
) -> None:
    is_ready(here, device)
    here.post(PAGE)
    assert here.post("/me/close", {"sure": "yes"}).url == "/me/closed"
    assert not Account.objects.filter(id=me.account_id).exists()
    assert not RecoveryCode.objects.exists()


def test_it_takes_a_sign_in_of_a_moment_ago(here: Client, device: Authenticator) -> None:
    is_ready(here, device)
    aged(here, 16)
    assert here.post(PAGE).url.startswith(f"{DOOR}?next=")
    assert signs_in(Client())
