"""R-CRD-2: the sign-in address has a flow of its own: proved anew, told to the old one, taken back by a link."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from kliento.domain.accounts import tasks
from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.accounts.models import AddressChange, FormerAddress, Passkey, Reset
from kliento.domain.accounts.queries import account_at
from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import own_values
from kliento.domain.vault.models import Value
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from tests.authenticator import Authenticator
from tests.door import DOOR, DOORS, code_in, letters, signs_in
from tests.interfaces.signin.test_security import adds_passkey
from tests.world import PASSWORD, aino, person

OLD, NEW, THIRD = "aino@example.fi", "aino.uusi@example.fi", "aino.kolmas@example.fi"
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def me() -> PersonActor:
    return aino(at=now())


@pytest.fixture
def here(me: PersonActor) -> Client:
    browser = Client()
    assert signs_in(browser)
    return browser


def letter_to(address: str) -> EmailMessage:
    """The newest one."""
    return next(letter for letter in letters() if letter.to == [address])


def asks(browser: Client, address: str = NEW, *, door: str = DOOR) -> str:
    """Ask for a change; the id of the change, as the next page's form holds it."""
    assert browser.post(f"{door}security/address", {"email": address}).url == f"{door}security/address/code"
    found = re.search(r'name="change" value="([^"]+)"', browser.get(f"{door}security/address/code").content.decode())
    assert found
    return found[1]


def changes(browser: Client, address: str = NEW, *, door: str = DOOR) -> None:
    """The whole flow."""
    change = asks(browser, address, door=door)
    form = {"change": change, "code": code_in(letter_to(address))}
    assert browser.post(f"{door}security/address/code", form).url == f"{door}security/"


def link_in(letter: EmailMessage) -> str:
    """The page that takes the change back."""
    found = re.search(r"^http\S+(/sign-in/\w+/address/\S+)$", str(letter.body), re.MULTILINE)
    assert found, letter.body
    return found[1]


def aged(browser: Client, minutes: int, audience: str = "me") -> None:
    """The browser signed in so long ago."""
    session = SessionStore(browser.cookies[audience].value, audience=audience)
    session["signed_in_at"] = (now() - timedelta(minutes=minutes)).isoformat()
    session.save()


def test_the_new_address_counts_once_its_code_is_given_and_the_old_one_no_more(here: Client) -> None:
    change = asks(here)
    assert signs_in(Client(), OLD)
    assert not signs_in(Client(), NEW)

    here.post(f"{DOOR}security/address/code", {"change": change, "code": code_in(letter_to(NEW))})

    assert signs_in(Client(), NEW)
    assert not signs_in(Client(), OLD)
    assert NEW in here.get(f"{DOOR}security/").content.decode()


def test_it_takes_a_sign_in_of_a_moment_ago_at_every_step(here: Client) -> None:
    change = asks(here)
    code = code_in(letter_to(NEW))
    aged(here, 16)
    for answer in (
        here.get(f"{DOOR}security/address"),
        here.post(f"{DOOR}security/address", {"email": THIRD}),
        here.get(f"{DOOR}security/address/code"),
        here.post(f"{DOOR}security/address/code", {"change": change, "code": code}),
    ):
        assert answer.url.startswith(f"{DOOR}?next=")
    assert not signs_in(Client(), NEW)


@pytest.mark.parametrize("audience", DOORS)
def test_every_other_session_ends_and_this_one_gets_a_new_key(me: PersonActor, audience: str) -> None:
    door, browsers = DOORS[audience], {each: Client() for each in DOORS}
    here = Client()
    for browser, at in [(here, door), *((browsers[each], DOORS[each]) for each in DOORS)]:
        assert signs_in(browser, door=at)
    before = here.cookies[audience].value
    changes(here, door=door)

    assert here.cookies[audience].value != before
    assert here.get(f"{door}security/").status_code == 200
    thief = Client()
    thief.cookies[audience] = before
    assert thief.get(f"{door}security/").status_code == 302
    for each, browser in browsers.items():
        assert browser.get(f"{DOORS[each]}security/").status_code == 302


def test_the_old_address_is_told_at_once_with_a_link_that_shows_before_it_does(here: Client) -> None:
    changes(here)
    letter = letter_to(OLD)
    assert "does not any more" in str(letter.body)
    assert NEW not in str(letter.body)

    page = Client().get(link_in(letter))  # as a mail program fetches it
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert signs_in(Client(), NEW)


def test_taking_it_back_restores_the_address_ends_every_session_and_asks_for_a_new_password(
    here: Client, me: PersonActor
) -> None:
    adds_passkey(here, Authenticator(settings.KLIENTO_URL))
    Passkey.objects.update(added_at=now() - timedelta(days=8))
    early = Passkey.objects.get()
    changes(here)
    adds_passkey(here, Authenticator(settings.KLIENTO_URL))
    owner = Client()

    assert owner.post(link_in(letter_to(OLD))).url == f"{DOOR}reset/"

    assert here.get("/me/").status_code == 302
    assert [one.id for one in Passkey.objects.all()] == [early.id]
    for address in (OLD, NEW):
        assert not signs_in(Client(), address)
    assert own_values(me)["login_email"].text == OLD
    assert "Choose a new password" in str(letter_to(OLD).body)
    assert "does not sign in any more" in str(letter_to(NEW).body)

    owner.post(f"{DOOR}reset/", {"email": OLD})
    owner.post(f"{DOOR}reset/code", {"code": code_in(letter_to(OLD))})
    owner.post(f"{DOOR}reset/password", {"password": "uusi ovi, uusi avain"})
    assert signs_in(owner, OLD, "uusi ovi, uusi avain")


def test_the_link_works_once_and_for_seven_days(here: Client) -> None:
    changes(here)
    link = link_in(letter_to(OLD))
    assert Client().post(link).status_code == 302
    for answer in (Client().get(link), Client().post(link), Client().get(f"{DOOR}address/nonsense")):
        assert answer.status_code == 404


def test_after_seven_days_the_old_address_is_nowhere_and_the_link_does_nothing(here: Client, me: PersonActor) -> None:
    changes(here)
    link = link_in(letter_to(OLD))
    FormerAddress.objects.update(revert_until=now() - timedelta(seconds=1))
    assert Client().post(link).status_code == 404

    assert Value.objects.filter(owner_id=me.account_id, field="login_email").count() == 2
    tasks.purge_former_addresses(now())
    assert not FormerAddress.objects.exists()
    assert [value.superseded_at for value in Value.objects.filter(owner_id=me.account_id, field="login_email")] == [
        None
    ]
    assert own_values(me)["login_email"].text == NEW


def test_an_earlier_change_can_still_be_taken_back_and_takes_the_later_ones_along(
    here: Client, me: PersonActor
) -> None:
    changes(here, NEW)
    first = link_in(letter_to(OLD))
    changes(here, THIRD)
    assert FormerAddress.objects.count() == 1

    assert Client().post(first).status_code == 302
    assert own_values(me)["login_email"].text == OLD
    assert not FormerAddress.objects.exists()
    assert Value.objects.filter(owner_id=me.account_id, field="login_email").count() == 1


def test_a_code_sent_to_the_old_address_resets_nothing_after_the_change(here: Client) -> None:
    visitor = Client()
    visitor.post(f"{DOOR}reset/", {"email": OLD})
    code = code_in(letter_to(OLD))
    changes(here)
    assert visitor.post(f"{DOOR}reset/code", {"code": code}).url == f"{DOOR}reset/"
    assert not Reset.objects.exists()


def test_a_newer_change_replaces_the_one_of_another_tab(here: Client) -> None:
    first = asks(here, NEW)
    code = code_in(letter_to(NEW))
    second = asks(here, THIRD)
    assert AddressChange.objects.count() == 1
    assert here.post(f"{DOOR}security/address/code", {"change": first, "code": code}).url == f"{DOOR}security/address"
    answer = here.post(f"{DOOR}security/address/code", {"change": second, "code": code})
    assert answer.status_code == 400
    assert not signs_in(Client(), NEW)

    form = {"change": second, "code": code_in(letter_to(THIRD))}
    assert here.post(f"{DOOR}security/address/code", form).url == f"{DOOR}security/"
    assert signs_in(Client(), THIRD)


def test_a_code_is_tried_five_times_and_for_half_an_hour(here: Client) -> None:
    change = asks(here)
    for _ in range(5):
        assert here.post(f"{DOOR}security/address/code", {"change": change, "code": "nocode"}).status_code == 400
    answer = here.post(f"{DOOR}security/address/code", {"change": change, "code": code_in(letter_to(NEW))})
    assert answer.status_code == 400
    assert not signs_in(Client(), NEW)

    change = asks(here)
    AddressChange.objects.update(expires_at=now() - timedelta(seconds=1))
    answer = here.post(f"{DOOR}security/address/code", {"change": change, "code": code_in(letter_to(NEW))})
    assert answer.url == f"{DOOR}security/address"
    tasks.purge_address_changes(now())
    assert not AddressChange.objects.exists()


def test_nobody_gives_the_code_of_another(here: Client) -> None:
    change = asks(here)
    code = code_in(letter_to(NEW))
    person("eino@example.fi", at=now())
    stranger = Client()
    signs_in(stranger, "eino@example.fi")
    assert stranger.post(f"{DOOR}security/address/code", {"change": change, "code": code}).url.endswith("/address")
    assert not signs_in(Client(), NEW)


def test_an_address_that_came_to_have_an_account_meanwhile_is_not_taken_over(here: Client) -> None:
    change = asks(here)
    code = code_in(letter_to(NEW))
    other = person(NEW, at=now())
    answer = here.post(f"{DOOR}security/address/code", {"change": change, "code": code})
    assert answer.url == f"{DOOR}security/address"
    assert account_at(NEW, at=now()) == other.account_id
    assert signs_in(Client(), OLD)


def test_a_former_address_somebody_registered_with_is_theirs(here: Client) -> None:
    changes(here)
    person(OLD, at=now())
    answer = Client().post(link_in(letter_to(OLD)))
    assert answer.status_code == 409
    assert signs_in(Client(), NEW)
    assert here.get("/me/activity").status_code == 200


def test_each_step_stands_in_activity_without_any_address(here: Client, me: PersonActor) -> None:
    changes(here)
    Client().post(link_in(letter_to(OLD)))
    steps = [entry for entry in entries_of([me.person_id], limit=20) if entry.kind == "address_changed"]
    assert [step.payload["what"] for step in steps] == ["reverted", "changed", "asked"]
    assert OLD not in repr(steps)
    assert NEW not in repr(steps)


def test_the_address_is_sealed_wherever_it_waits(here: Client, me: PersonActor) -> None:
    asks(here)
    assert NEW.encode() not in bytes(AddressChange.objects.get().sealed)
    assert NEW not in repr(AddressChange.objects.values())


def test_no_password_and_no_signed_in_browser_is_needed_to_take_it_back(here: Client) -> None:
    changes(here)
    link = link_in(letter_to(OLD))
    here.post(f"{DOOR}security/password", {"password": "varkaan oma salasana"})
    assert Client().post(link).status_code == 302
    assert not signs_in(Client(), OLD, "varkaan oma salasana")
    assert not signs_in(Client(), OLD, PASSWORD)


def test_what_is_no_address_and_the_one_in_use_are_refused_in_words(here: Client) -> None:
    for typed, said in (("nothing", "e-mail"), (OLD.upper(), "already")):
        answer = here.post(f"{DOOR}security/address", {"email": typed})
        assert answer.status_code == 400
        assert said in answer.content.decode()
    with pytest.raises(NotFound):
        account_at("nothing@example.fi", at=now())
