"""The team: inviting by mail, joining with or without an account, roles, ending, and the audit of it all."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from kliento.domain.accounts.models import Account
from kliento.domain.people.models import Person
from kliento.domain.recipients.actions import purge_invitations
from kliento.domain.recipients.models import Invitation, Operator
from kliento.domain.recipients.queries import acts_of, team_of
from kliento.domain.vault.models import DataKey
from kliento.kernel.clock import now
from tests.authenticator import Authenticator
from tests.door import letters
from tests.phone import text_of
from tests.portal import DOOR, appointed, operator, portal_of, signed_in
from tests.world import PASSWORD, aino, kahvila_kaisa, kuntosali_kunto

JOIN = f"{DOOR}join"


@pytest.fixture
def kaisa(db):
    cache.clear()
    return kahvila_kaisa(at=now())


@pytest.fixture
def owner(kaisa):
    return operator(kaisa)


def invites(owner, address: str = "matti@example.fi", role: str = "manager"):
    answer = portal_of(owner).post("/partner/team/invitation", {"email": address, "role": role})
    assert (answer.status_code, answer["Location"]) == (302, "/partner/team")
    return link_in(letters()[0])


def link_in(letter) -> str:
    found = re.search(rf"{settings.KLIENTO_URL}(\S+join/\S+)", str(letter.body))
    assert found, letter.body
    return found[1]


def follows(link: str, browser: Client | None = None) -> Client:
    browser = browser or Client()
    assert browser.get(link)["Location"] == JOIN
    return browser


def test_somebody_without_an_account_joins_and_is_no_person(owner):
    before = Person.objects.count()
    browser = follows(invites(owner))
    page = text_of(browser.get(JOIN))
    assert "Kahvila Kaisa invites you" in page
    assert "Manager" in page

    answer = browser.post(f"{JOIN}/new", {"name": "Matti", "password": PASSWORD})

    assert answer["Location"] == "/partner/"
    assert "Kahvila Kaisa" in text_of(browser.get("/partner/premises"))
    assert Person.objects.count() == before
    assert Operator.objects.get(role="manager").account_id is not None
    assert Client().post(DOOR, {"email": "matti@example.fi", "password": PASSWORD})["Location"] == "/partner/"
    assert Client().post("/sign-in/me/", {"email": "matti@example.fi", "password": PASSWORD}).status_code == 400
    assert "Matti" in text_of(portal_of(owner).get("/partner/team"))


def test_who_has_no_card_is_written_to_about_a_new_password_with_the_partners_door(owner):
    browser = follows(invites(owner))
    browser.post(f"{JOIN}/new", {"name": "Matti", "password": PASSWORD})
    browser.post(f"{DOOR}security/password", {"password": "uusi ovi, uusi avain"})
    letter = letters()[0]

    assert f"{settings.KLIENTO_URL}{DOOR}reset/" in str(letter.body)
    assert f'href="{settings.KLIENTO_URL}{DOOR}reset/"' in str(letter.alternatives[0].content)
    assert "/sign-in/me/" not in str(letter.body) + str(letter.alternatives[0].content)


def test_somebody_joins_with_a_passkey_and_signs_in_with_it(owner):
    browser, device = follows(invites(owner)), Authenticator(settings.KLIENTO_URL)
    import json

    question = browser.post(f"{JOIN}/passkey/question").json()
    answer = browser.post(f"{JOIN}/passkey", {"name": "Matti", "answer": json.dumps(device.creates(question))})
    assert answer["Location"] == "/partner/"

    again = Client()
    signed = json.dumps(device.signs(again.post(f"{DOOR}passkey/question").json()))
    assert again.post(f"{DOOR}passkey", {"answer": signed})["Location"] == "/partner/"


def test_a_person_joins_with_the_account_of_their_card_after_signing_in(owner):
    person = aino(at=now())
    browser = follows(invites(owner, "work@example.fi"))
    wanted = re.search(rf'href="({DOOR}\?next=[^"]+)"', browser.get(JOIN).content.decode())
    assert wanted
    answer = browser.post(wanted[1], {"email": "aino@example.fi", "password": PASSWORD})
    assert answer["Location"] == JOIN

    assert browser.post(JOIN, {"name": "Aino"})["Location"] == "/partner/"

    assert Operator.objects.get(role="manager").account_id == person.account_id
    assert not Account.objects.filter(id=Invitation.objects.get().id).exists()


def test_an_invitation_works_once_and_neither_looking_nor_following_uses_it_up(owner):
    link = invites(owner)
    first, second = follows(link), follows(link)
    first.get(JOIN)
    assert first.post(f"{JOIN}/new", {"name": "Matti", "password": PASSWORD}).status_code == 302
    answer = second.post(f"{JOIN}/new", {"name": "Maija", "password": PASSWORD})
    assert (answer.status_code, "no longer good" in text_of(answer)) == (404, True)
    assert Client().get(link).status_code == 404


def test_an_invitation_runs_out_after_seven_days_and_leaves_no_address(owner):
    link = invites(owner)
    [invitation] = Invitation.objects.all()
    assert (invitation.expires_at - invitation.made_at).days == 7
    Invitation.objects.update(expires_at=invitation.made_at)
    assert Client().get(link).status_code == 404
    assert purge_invitations(at=now() + (invitation.expires_at - invitation.made_at)) == 1
    assert not Invitation.objects.exists()
    assert not DataKey.objects.filter(owner_id=invitation.id).exists()


def test_the_key_of_an_account_made_by_invitation_is_not_purged(owner):
    follows(invites(owner)).post(f"{JOIN}/new", {"name": "Matti", "password": PASSWORD})
    assert purge_invitations(at=now()) == 0
    assert "Matti" in text_of(portal_of(owner).get("/partner/team"))


def test_a_withdrawn_invitation_opens_nothing_and_not_that_of_another_company(owner, kaisa):
    link = invites(owner)
    [invitation] = Invitation.objects.all()
    rival = portal_of(operator(kuntosali_kunto(at=now()), address="rival@example.fi"))
    path = f"/partner/team/invitations/{invitation.id}/withdrawal"
    assert rival.post(path).status_code == 404
    assert "matti@example.fi" in text_of(portal_of(owner).get("/partner/team"))

    assert portal_of(owner).post(path).status_code == 302

    assert Client().get(link).status_code == 404
    assert "matti@example.fi" not in text_of(portal_of(owner).get("/partner/team"))


@pytest.mark.parametrize("end", ["end", "role"])
def test_whoever_may_invite_no_more_leaves_no_way_in_behind(owner, kaisa, end):
    other = operator(kaisa, address="other@example.fi")
    link = invites(other)
    answer = {"role": "analyst"} if end == "role" else {}
    assert portal_of(owner).post(f"/partner/team/{other.operator_id}/{end}", answer).status_code == 302
    assert Client().get(link).status_code == 404


def test_an_address_that_has_an_account_is_told_to_its_owner_alone(owner):
    aino(at=now())
    browser = follows(invites(owner, "aino@example.fi"))
    answer = browser.post(f"{JOIN}/new", {"name": "Aino", "password": PASSWORD}, follow=True)
    assert "This address has an account already" in text_of(answer)
    assert Operator.objects.count() == 1


def test_the_last_owner_stays(owner):
    browser = portal_of(owner)
    answer = browser.post(f"/partner/team/{owner.operator_id}/role", {"role": "till"})
    assert (answer.status_code, "last owner" in text_of(answer)) == (400, True)
    assert "last owner" in text_of(browser.post(f"/partner/team/{owner.operator_id}/end", follow=True))
    assert Operator.objects.get().ended_at is None


def test_two_owners_and_one_goes(owner, kaisa):
    other = operator(kaisa, address="other@example.fi")
    browser = portal_of(owner)
    assert browser.post(f"/partner/team/{owner.operator_id}/end").status_code == 302
    assert browser.get("/partner/team")["Location"] == "/partner/companies"
    assert portal_of(other).get("/partner/team").status_code == 200


@pytest.mark.parametrize("role", ["manager", "till", "analyst"])
def test_only_owners_see_team_and_audit(owner, kaisa, role):
    browser = portal_of(operator(kaisa, role, address="other@example.fi"))
    for page in ("team", "team/invitation", f"team/{owner.operator_id}/role", f"team/{owner.operator_id}/end", "audit"):
        assert browser.get(f"/partner/{page}").status_code == 403, page
        assert browser.post(f"/partner/{page}").status_code in {403, 405}, page


def test_a_form_of_the_team_takes_no_key_it_did_not_ask_for(owner):
    browser = portal_of(owner)
    sent = {"email": "matti@example.fi", "role": "till", "third_party_id": "x"}
    assert browser.post("/partner/team/invitation", sent).status_code == 400
    assert browser.post("/partner/team/invitation", {"email": "matti@example.fi", "role": "king"}).status_code == 400
    assert not Invitation.objects.exists()


def test_what_the_team_did_stands_in_the_audit_by_name(owner, kaisa):
    portal_of(owner).post("/partner/name", {"name": "Kaisa <b>"})
    invites(owner)
    portal_of(owner).post("/partner/premises/new", {"name": "Asema"})
    page = text_of(portal_of(owner).get("/partner/audit"))
    assert "Invited somebody to the team" in page
    assert "Added premises" in page
    assert "· Asema" in page
    assert "Kaisa &lt;b&gt;" in page
    rival = operator(kuntosali_kunto(at=now()), address="rival@example.fi")
    assert "Added premises" not in text_of(portal_of(rival).get("/partner/audit"))


def test_the_audit_is_paged_by_key(owner, kaisa):
    browser = portal_of(owner)
    for number in range(55):
        browser.post("/partner/premises/new", {"name": f"Kioski {number}"})
    first = text_of(browser.get("/partner/audit"))
    before = re.search(r"\?before=(\d+)", first)
    assert "Added premises, 50 times" in first
    assert first.split("Each time")[1].count("Kioski ") == 50
    assert before
    assert "Added premises, 5 times" in text_of(browser.get(f"/partner/audit?before={before[1]}"))
    assert len(acts_of(kaisa.third_party_id, limit=100)) == 55


def test_a_name_with_an_identity_code_is_refused(owner):
    answer = portal_of(owner).post("/partner/name", {"name": "Matti 131052-308T"})
    assert answer.status_code == 400
    assert team_of(owner.third_party_id)[0].sealed_name == b""


def test_joining_a_team_one_is_in_says_so(owner, kaisa):
    follower = follows(invites(owner), signed_in(owner.account_id))
    assert "works for them already" in text_of(follower.post(JOIN, {"name": "Kaisa"}, follow=True))
    gym = kuntosali_kunto(at=now())
    appointed(owner.account_id, gym)
    assert Operator.objects.count() == 2


def test_inviting_answers_alike_whoever_has_the_address(owner):
    aino(at=now())
    browser, answers = portal_of(owner), []
    for address in ("aino@example.fi", "nobody@example.fi"):
        answer = browser.post("/partner/team/invitation", {"email": address, "role": "till"})
        page = text_of(browser.get("/partner/team")).replace(address, "ADDRESS")
        answers.append((answer.status_code, answer["Location"], page.count("ADDRESS")))
        Invitation.objects.all().delete()
    assert answers[0] == answers[1]


def test_a_new_invitation_replaces_the_earlier_one_to_that_address(owner):
    first = invites(owner)
    second = invites(owner, role="till")
    assert text_of(portal_of(owner).get("/partner/team")).count("Withdraw") == 1
    assert Client().get(first).status_code == 404
    assert "Till" in text_of(follows(second).get(JOIN))


def test_somebody_of_the_team_is_not_invited_again_and_others_are(owner):
    gym = operator(kuntosali_kunto(at=now()), address="gym@example.fi")
    again = portal_of(owner).post("/partner/team/invitation", {"email": "Kaisa@example.fi", "role": "till"})
    assert again.status_code == 400
    assert "in your team already" in text_of(again)
    assert not Invitation.objects.exists()
    for who in (portal_of(owner), portal_of(gym)):
        answer = who.post("/partner/team/invitation", {"email": "aino@example.fi", "role": "till"})
        assert answer.status_code == 302
    assert Invitation.objects.filter(expires_at__gt=now()).count() == 2
