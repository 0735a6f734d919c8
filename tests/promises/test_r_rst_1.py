"""R-RST-1: restriction (Art. 18): kept, not used; the gate obeys on the next request, on every road out."""

import hashlib
import hmac
import json
from base64 import b64decode

import pytest
from django.core import mail
from django.test import Client

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.cards.queries import card_number
from kliento.domain.consents.queries import standing
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.gate.actions import own_values
from kliento.domain.outbox.actions import work_off
from kliento.domain.people.actions import lift_restriction, restrict_use
from kliento.domain.people.models import Person
from kliento.domain.people.queries import person_of
from kliento.domain.questions.actions import ask_member, make_question
from kliento.domain.sharing.actions import pause_sharing
from kliento.kernel.actor import AccountActor, PersonActor, SystemActor, Visitor
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, NotAllowed
from kliento.kernel.ids import new_id
from tests import taps
from tests.office import Office, office
from tests.phone import phone_of, text_of
from tests.portal import portal_of, whole
from tests.programs import PROGRAMS, regular
from tests.world import NOON, Place, aino, eino, kahvila_kaisa, operator

VALUES = ("Aino", "Aalto", "+358401234567", "040 1234567")


@pytest.fixture
def kaisa(db) -> Office:
    """A company with one member who shares names and a phone number and has its loyalty card in use."""
    return office()


def restricts(me: PersonActor) -> None:
    assert phone_of(me).post("/me/restriction").status_code == 302


def lifts(me: PersonActor) -> None:
    assert phone_of(me).post("/me/restriction/lifting").status_code == 302


def at_api(place: Place, path: str, body: dict | None = None) -> str:
    """What the API answers that till, without the ids of the request."""
    headers = {"Authorization": f"Bearer {place.secret}"}
    if body is None:
        return Client().get(f"/api/v1/{path}", headers=headers).content.decode()
    return (
        Client()
        .post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)
        .content.decode()
    )


def by_scan(kaisa: Office) -> str:
    return at_api(kaisa.place, "scans", {"scans": [{"id": str(new_id()), "code": card_number(kaisa.aino)}]})


ROADS = {
    "a scan at a till": by_scan,
    "the API, asking for a member": lambda kaisa: at_api(
        kaisa.place, f"members/{kaisa.number}?purpose=serving&fields=first_name,last_name,phone"
    ),
    "the API, asking as the issuer of a card": lambda kaisa: at_api(
        kaisa.place, f"members/{kaisa.number}?purpose=programme&fields=first_name"
    ),
    "a member's page in the portal": lambda kaisa: text_of(
        portal_of(kaisa.owner).get(f"/partner/members/{kaisa.number}")
    ),
    "the list of members": lambda kaisa: text_of(
        portal_of(kaisa.owner).get("/partner/members?fields=first_name&fields=phone")
    ),
    "the list of visits": lambda kaisa: text_of(portal_of(kaisa.owner).get("/partner/visits")),
    "the day's page": lambda kaisa: text_of(portal_of(kaisa.owner).get("/partner/today")),
    "a file of members": lambda kaisa: whole(
        portal_of(kaisa.owner).post("/partner/members.csv", {"fields": ["first_name", "last_name", "phone"]})
    ).decode(),
    "a file of visits": lambda kaisa: whole(portal_of(kaisa.owner).get("/partner/visits.csv")).decode(),
}
TELLING = [
    "a scan at a till",
    "the API, asking for a member",
    "the API, asking as the issuer of a card",
    "a member's page in the portal",
    "a file of members",
]


@pytest.mark.parametrize("road", ROADS)
def test_nothing_leaves_by_this_road_while_it_lasts(kaisa, road):
    if road in TELLING:
        assert "Aino" in ROADS[road](kaisa)
    restricts(kaisa.aino)
    answer = ROADS[road](kaisa)
    assert [value for value in VALUES if value in answer] == []
    assert "estrict" not in answer
    lifts(kaisa.aino)
    if road in TELLING:
        assert "Aino" in ROADS[road](kaisa)


def test_a_till_without_a_network_refuses_the_card_too(kaisa):
    def listed() -> bool:
        document = json.loads(at_api(kaisa.place, "block-list"))
        raw, key = b64decode(document["entries"]), b64decode(document["list_key"])
        digest = hashlib.sha256(card_number(kaisa.aino).encode()).digest()
        return hmac.digest(key, digest, "sha256")[:10] in {raw[at : at + 10] for at in range(0, len(raw), 10)}

    assert not listed()
    restricts(kaisa.aino)
    assert listed()
    lifts(kaisa.aino)
    assert not listed()


def test_a_till_is_told_what_it_is_told_of_a_blocked_card_and_the_person_the_reason(kaisa):
    restricts(kaisa.aino)
    assert '"not_accepted"' in by_scan(kaisa)
    [newest, *_] = entries_of([kaisa.aino.person_id])
    assert (newest.kind, newest.payload["reason"]) == ("visit_refused", "person_restricted")
    assert "You have restricted the use of your data" in str(reading_of(newest).line)
    assert "You have restricted the use of your data" in text_of(phone_of(kaisa.aino).get("/me/activity"))


def test_nobody_is_asked_anything_and_the_company_reads_what_it_reads_of_a_pause(kaisa):
    question = make_question(kaisa.owner, purpose="serving", reason="To call you.", needed=["phone"], at=now())

    def refusal() -> tuple[str, str]:
        with pytest.raises(Conflict) as refused:
            ask_member(question.id, kaisa.number, kaisa.place.terminal, at=now())
        return refused.value.code, str(refused.value.message)

    restricts(kaisa.aino)
    restricted = refusal()
    lifts(kaisa.aino)
    pause_sharing(kaisa.aino.person_id, kaisa.place.third_party_id, by=kaisa.aino, at=now())
    assert restricted == refusal()


def test_klientos_own_programs_stop(db):
    me = regular()
    assert all(works(me) for works in PROGRAMS.values())
    restricts(me)
    assert not any(works(me) for works in PROGRAMS.values())
    lifts(me)
    assert all(works(me) for works in PROGRAMS.values())


def test_letters_about_the_account_still_come(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    me = aino(at=now())
    restrict_use(me.person_id, by=me, at=now())
    post_letter("secret_changed", owner_id=me.account_id, language="en", context={}, at=now())
    work_off(at=now())
    assert [message.to for message in mail.outbox] == [["aino@example.fi"]]


def test_everything_is_kept_and_the_person_sees_corrects_and_downloads_it(kaisa):
    me = kaisa.aino
    kept, agreed, before = (
        own_values(me),
        standing(me.person_id),
        text_of(phone_of(me).get(f"/me/sharing/{kaisa.place.third_party_id}")),
    )
    restricts(me)
    assert own_values(me) == kept
    assert standing(me.person_id) == agreed
    phone = phone_of(me)
    assert phone.post("/me/details/first_name", {"value": "Aada"}).status_code == 302
    assert "Aada" in phone.post("/me/download").content.decode()
    assert before.count('aria-checked="true"') == text_of(phone.get(f"/me/sharing/{kaisa.place.third_party_id}")).count(
        'aria-checked="true"'
    )


def test_it_is_entered_once_and_so_is_lifting_it(db):
    me = aino()
    for _ in range(2):
        restrict_use(me.person_id, by=me, at=NOON)
    for _ in range(2):
        lift_restriction(me.person_id, by=me, at=NOON)
    entered = [entry.kind for entry in entries_of([me.person_id]) if entry.kind != "person_registered"]
    assert entered == ["restriction_lifted", "use_restricted"]


def test_every_page_says_so_and_what_lifting_it_starts_stands_beside_the_switch(db):
    me = aino(at=now())
    starts = "When you lift it, this starts again at once"
    assert starts not in text_of(phone_of(me).get("/me/purposes"))
    restricts(me)
    assert starts in text_of(phone_of(me).get("/me/purposes"))
    for page in ("/me/", "/me/sharing", "/me/me", "/me/activity"):
        assert "You have restricted the use of your data: tills do not accept your card" in text_of(
            phone_of(me).get(page)
        )


@pytest.mark.parametrize("act", [restrict_use, lift_restriction])
@pytest.mark.parametrize(
    "forger",
    [
        lambda me: eino(),
        lambda me: AccountActor(me.account_id),
        lambda me: operator(kahvila_kaisa()),
        lambda me: kahvila_kaisa().terminal,
        lambda me: SystemActor(task="clock"),
        lambda me: Visitor(),
    ],
    ids=["another", "account", "operator", "till", "program", "visitor"],
)
def test_nobody_else_restricts_or_lifts_it(db, act, forger):
    me = aino()
    if act is lift_restriction:
        taps.restricted(me)
    before = person_of(me.account_id).state
    with pytest.raises(NotAllowed):
        act(me.person_id, by=forger(me), at=NOON)
    assert person_of(me.account_id).state == before


@pytest.mark.both_engines
def test_on_both_engines_the_next_tap_obeys(kaisa):
    restricts(kaisa.aino)
    assert '"not_accepted"' in by_scan(kaisa)
    lifts(kaisa.aino)
    assert Person.objects.get(id=kaisa.aino.person_id).state == "active"
    assert '"not_accepted"' not in by_scan(kaisa)
