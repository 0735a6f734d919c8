"""R-CRD-2: whoever takes a change back is in charge again, whatever was done to the account around it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from kliento.domain.accounts.models import Account, FormerAddress, Passkey, RecoveryCode
from kliento.domain.accounts.models import Authenticator as App
from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import own_values
from kliento.domain.inbox.queries import messages_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.authenticator import Authenticator
from tests.door import DOOR, code_in, letters, signs_in
from tests.interfaces.signin.test_security import adds_passkey
from tests.promises.test_r_crd_2 import NEW, OLD, THIRD, changes, letter_to, link_in
from tests.promises.test_r_crd_3 import PAGE, codes_of, is_ready, signs_in_by
from tests.promises.test_threats_21_second_factor import turns_on
from tests.world import PASSWORD, aino

OWN = "uusi ovi, uusi avain"
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def fresh_windows() -> None:
    cache.clear()


@pytest.fixture
def me() -> PersonActor:
    return aino(at=now())


@pytest.fixture
def thief(me: PersonActor) -> Client:
    """Somebody at a browser that is signed in."""
    browser = Client()
    assert signs_in(browser)
    return browser


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(settings.KLIENTO_URL)


def is_in(browser: Client) -> bool:
    return browser.get(f"{DOOR}security/").status_code == 200


def takes_back(link: str) -> None:
    """The owner presses the link's button and chooses a password of their own."""
    owner = Client()
    assert owner.post(link).url == f"{DOOR}reset/"
    owner.post(f"{DOOR}reset/", {"email": OLD})
    owner.post(f"{DOOR}reset/code", {"code": code_in(letter_to(OLD))})
    assert owner.post(f"{DOOR}reset/password", {"password": OWN}).status_code == 302
    assert signs_in(owner, OLD, OWN)
    assert is_in(owner)


def test_deleting_the_address_is_no_end_of_the_former_ones_way_back(
    thief: Client, me: PersonActor, device: Authenticator
) -> None:
    changes(thief)
    link = link_in(letter_to(OLD))
    is_ready(thief, device)

    page = thief.get(PAGE).content.decode()
    assert "take that back until" in page
    assert "Delete the address" not in page
    assert thief.post(PAGE).url == PAGE
    assert "less than seven days ago" in thief.get(PAGE).content.decode()
    assert signs_in(Client(), NEW)

    takes_back(link)
    assert own_values(me)["login_email"].text == OLD


def test_after_the_seven_days_the_address_can_be_deleted(thief: Client, device: Authenticator) -> None:
    changes(thief)
    is_ready(thief, device)
    FormerAddress.objects.update(revert_until=now() - timedelta(seconds=1))
    assert thief.post(PAGE).url == f"{DOOR}security/"
    assert Account.objects.get().login_index is None


def test_what_was_added_minutes_before_the_change_goes_with_it(
    thief: Client, me: PersonActor, device: Authenticator
) -> None:
    turns_on(thief, me)
    adds_passkey(thief, device)
    changes(thief)

    takes_back(link_in(letter_to(OLD)))

    assert not is_in(signs_in_by(device))
    for table in (App, Passkey, RecoveryCode):
        assert not table.objects.exists()


def test_the_letter_says_what_went(thief: Client, me: PersonActor, device: Authenticator) -> None:
    turns_on(thief, me)
    adds_passkey(thief, device)
    changes(thief)
    Client().post(link_in(letter_to(OLD)))
    told = str(letter_to(OLD).body)
    for said in ("passkeys: 1", "the authenticator app", "the recovery codes"):
        assert said in told
    assert "passkeys" not in str(letter_to(NEW).body)


def test_what_is_older_than_the_seven_days_stays(thief: Client, me: PersonActor, device: Authenticator) -> None:
    turns_on(thief, me)
    adds_passkey(thief, device)
    long_ago = now() - timedelta(days=8)
    App.objects.update(on_since=long_ago)
    Passkey.objects.update(added_at=long_ago)
    RecoveryCode.objects.update(made_at=long_ago)
    changes(thief)
    Client().post(link_in(letter_to(OLD)))
    assert (App.objects.count(), Passkey.objects.count(), RecoveryCode.objects.count()) == (1, 1, 10)
    assert "Removed too" not in str(letter_to(OLD).body)


def test_changing_it_back_by_hand_gives_the_other_address_no_link(thief: Client, me: PersonActor) -> None:
    changes(thief)
    owner = Client()
    assert signs_in(owner, NEW)
    changes(owner, OLD)

    told = str(letter_to(NEW).body)
    assert "less than seven days" in told
    assert "/address/" not in told
    assert not FormerAddress.objects.filter(version=2).exists()

    assert signs_in(Client(), OLD)
    changes(owner, THIRD)  # the owner's own is one that had been the address all along
    Client().post(link_in(letter_to(OLD)))
    assert own_values(me)["login_email"].text == OLD


def test_an_address_added_a_moment_ago_gets_no_link_either(
    thief: Client, me: PersonActor, device: Authenticator
) -> None:
    is_ready(thief, device)
    assert thief.post(PAGE).url == f"{DOOR}security/"
    changes(thief, NEW)
    changes(thief, THIRD)
    assert "/address/" not in str(letter_to(NEW).body)
    assert not FormerAddress.objects.exists()

    Account.objects.update(address_since=now() - timedelta(days=8))
    changes(thief, OLD)
    assert "/address/" in str(letter_to(THIRD).body)


def test_an_app_turned_on_by_somebody_else_is_taken_back_by_the_letter(thief: Client, me: PersonActor) -> None:
    turns_on(thief, me)
    link = link_in(letter_to(OLD))
    assert Client().get(link).status_code == 200
    assert App.objects.exists()
    takes_back(link)
    assert not is_in(thief)
    assert entries_of([me.person_id], limit=3)[-1].payload == {"what": "taken_back"}


def test_a_passkey_and_codes_added_by_somebody_else_are_taken_back_by_the_letter(
    thief: Client, me: PersonActor, device: Authenticator
) -> None:
    adds_passkey(thief, device)
    link = link_in(letter_to(OLD))
    codes_of(thief)
    assert "/address/" in str(letter_to(OLD).body)
    changes(thief)  # the link goes on working

    takes_back(link)
    assert not is_in(signs_in_by(device))
    assert not RecoveryCode.objects.exists()
    assert not signs_in(Client(), NEW)


def test_the_link_stands_in_no_message_of_the_account(thief: Client, me: PersonActor, device: Authenticator) -> None:
    adds_passkey(thief, device)
    assert "/address/" in str(letter_to(OLD).body)
    [message] = messages_of(me, limit=9)
    assert "A passkey has just been added" in message.body
    assert "/address/" not in message.body


def test_where_a_new_password_helps_the_letter_says_so_and_has_no_link(thief: Client) -> None:
    thief.post(f"{DOOR}security/password", {"password": OWN})
    told = str(letters()[0].body)
    assert "ask for a new password at once" in told
    assert "/address/" not in told
    assert not signs_in(Client(), OLD, PASSWORD)


def test_no_way_back_is_listed_as_a_former_address_or_keeps_the_address_from_being_deleted(
    thief: Client, device: Authenticator
) -> None:
    is_ready(thief, device)
    link = link_in(letter_to(OLD))
    assert '"former_addresses": []' in thief.post("/me/download").content.decode()
    assert thief.post(PAGE).url == f"{DOOR}security/"
    assert Client().get(link).status_code == 404
