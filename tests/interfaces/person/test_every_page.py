"""What holds for each of the person's pages, found from the URL table: few statements, no key unasked, kept nowhere."""

import re
from contextlib import suppress
from datetime import timedelta
from itertools import islice

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from stdnum.fi import ytunnus

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import issue_card
from kliento.domain.cards.queries import media_of_person
from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.queries import history_of
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.inbox.queries import messages_of
from kliento.domain.outbox.actions import work_off
from kliento.domain.programmes.actions import open_programme, take_into_use
from kliento.domain.questions.actions import ask_member, make_question
from kliento.domain.recipients.actions import flag_premises
from kliento.domain.sharing.actions import end_grant
from kliento.interfaces.person.urls import urlpatterns
from kliento.kernel.clock import now
from tests.blanks import blank_card, claimed
from tests.phone import phone_of
from tests.taps import tap
from tests.world import (
    REGISTER_HOLDER,
    aino,
    kahvila_kaisa,
    kuntosali_kunto,
    operator,
    place,
    relation_of,
    shares,
    stores,
)

pytestmark = pytest.mark.both_engines

FOR_EVERYBODY = {"manifest", "service_worker", "card_shell", "closed"}
MOST_STATEMENTS = 15  # one of them only for whoever claimed a card
CODES = {
    "special": "allergies",
    "special_grant": "allergies",
    "special_answer": "allergies",
    "objection": "improvement",
    "objection_ending": "insight",
}
APART = timedelta(minutes=15)  # a second visit, not the same one again


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now())


@pytest.fixture
def me(kaisa):
    person = stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567", city="Helsinki")
    issue_card(person.person_id, at=now())
    shares(person, kaisa, "first_name")
    flag_premises(kaisa.premises_id, "health", by=REGISTER_HOLDER)
    give_consent(person.person_id, Choice("special_visits", recipient_id=kaisa.third_party_id), by=person, at=now())
    tap(person, kaisa, at=now())
    return person


def asks_and_rewards(me, shop) -> tuple[str, str]:
    """The shop asks this person for two details and offers a card, which is taken into use; their ids."""
    owner = operator(shop)
    asked = make_question(
        owner,
        purpose="serving",
        reason="To call you.",
        needed=["first_name"],
        optional=["phone", "allergies"],
        at=now(),
    )
    ask_member(asked.id, relation_of(me, shop).member_number, owner, at=now())
    offered = open_programme(
        name="Kortti",
        reward="Kahvi",
        stamps_needed=10,
        fields=["first_name"],
        reason="To greet you.",
        most_a_day=9,
        by=owner,
        at=now(),
    )
    take_into_use(me.person_id, offered.id, version=offered.version, by=me, at=now())
    return str(asked.id), str(offered.id)


@pytest.fixture
def pages(me, kaisa) -> dict[str, str]:
    """Every address under /me/ that is somebody's own, with this person's things in it, by name."""
    question_id, programme_id = asks_and_rewards(me, kaisa)
    tap(me, kaisa, at=now() + APART)
    work_off(at=now())  # the question stands among the messages
    visit = next(entry for entry in entries_of([me.person_id], limit=9) if entry.kind == "visit")
    things = {
        "<uuid:entry_id>": str(visit.id),
        "<uuid:third_party_id>": str(kaisa.third_party_id),
        "<uuid:question_id>": question_id,
        "<uuid:programme_id>": programme_id,
        "<uuid:claim_id>": str(claimed(blank_card(at=now()), kuntosali_kunto(at=now()), me, at=now())),
        "<uuid:medium_id>": str(media_of_person(me.person_id)[0].id),
        "<uuid:event_id>": str(history_of(me.person_id)[0].id),
        "<slug:channel>": "email",
        "<uuid:message_id>": str(messages_of(me, limit=9)[0].id),
    }
    found = {}
    for pattern in urlpatterns:
        things["<slug:code>"] = CODES.get(pattern.name, "first_name")
        path = "/me/" + re.sub(r"<[^>]+>", lambda part: things[part[0]], str(pattern.pattern))
        if pattern.name not in FOR_EVERYBODY:
            found[pattern.name] = path
    assert found.keys() | FOR_EVERYBODY == _names_under_me()
    return found


def _names_under_me() -> set[str]:
    [person] = [each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "person"]
    return {pattern.name for pattern in person.url_patterns}


def business_ids(count: int) -> list[str]:
    """So many that pass the check digit of the Finnish business register."""
    made = (f"{number}-{digit}" for number in range(3000000, 3001000) for digit in range(10))
    return list(islice(filter(ytunnus.is_valid, made), count))


def statements(phone, path: str) -> int:
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        answer = phone.get(path)
    assert answer.status_code in {200, 204, 302, 405}, path
    return len(main) + len(keys)


def test_every_page_takes_few_statements_however_much_there_is(me, kaisa, pages):
    few = {name: statements(phone_of(me), path) for name, path in pages.items()}

    for number, business_id in enumerate(business_ids(8)):
        shop = place(f"Kauppa {number}", business_id, "Keskusta", at=now())
        shares(me, shop, "first_name", "phone")
        asks_and_rewards(me, shop)
        tap(me, shop, at=now() + APART * (number + 2))
        recipient = ThirdPartyRecipient(shop.third_party_id)
        with suppress(Refused):
            disclose(me.person_id, to=recipient, purpose="serving", fields=["city"], at=now())
        end_grant(me.person_id, shop.third_party_id, "first_name", by=me, at=now())
    tap(me, kaisa, at=now() + APART * 11)
    work_off(at=now())
    stores(me, at=now(), nickname="Anni", country="Suomi", clothes_size="38", street_address="Annankatu 27")
    many = {name: statements(phone_of(me), path) for name, path in pages.items()}

    assert max(few.values()) <= MOST_STATEMENTS, few
    assert {name: (few[name], count) for name, count in many.items() if count > few[name]} == {}


def test_no_form_takes_a_key_it_did_not_ask_for(me, pages):
    phone = phone_of(me)
    for name, path in pages.items():
        answer = phone.post(path, {"is_admin": "yes"})

        assert answer.status_code in {400, 405}, name


def test_no_page_is_kept_by_a_browser_or_a_proxy(me, pages):
    phone = phone_of(me)
    for name, path in pages.items():
        answer = phone.get(path)

        assert answer.status_code == 405 or "no-store" in answer["Cache-Control"], name
        assert answer.status_code == 405 or "private" in answer["Cache-Control"], name
