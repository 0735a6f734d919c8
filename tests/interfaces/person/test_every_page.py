"""What holds for each of the person's pages, found from the URL table: few statements, no key unasked, kept nowhere."""

import re
from contextlib import suppress
from itertools import islice

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from stdnum.fi import ytunnus

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import issue_card
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.interfaces.person.urls import urlpatterns
from kliento.kernel.clock import now
from tests.phone import phone_of
from tests.taps import tap
from tests.world import aino, kahvila_kaisa, place, shares, stores

FOR_EVERYBODY = {"manifest", "service_worker", "card_shell", "closed"}
MOST_STATEMENTS = 15


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now())


@pytest.fixture
def me(kaisa):
    person = stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567", city="Helsinki")
    issue_card(person.person_id, at=now())
    shares(person, kaisa, "first_name")
    tap(person, kaisa, at=now())
    return person


def addresses(me, kaisa) -> dict[str, str]:
    """Every address under /me/ that is somebody's own, with this person's things in it."""
    [newest, *_] = entries_of([me.person_id], limit=1)
    things = {
        "<uuid:entry_id>": str(newest.id),
        "<uuid:third_party_id>": str(kaisa.third_party_id),
        "<slug:code>": "phone",
    }
    found = {}
    for pattern in urlpatterns:
        path = "/me/" + re.sub(r"<[^>]+>", lambda part: things[part[0]], str(pattern.pattern))
        if pattern.name not in FOR_EVERYBODY:
            found[pattern.name] = path.replace("/phone/consent", "/allergies/consent")
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


def test_every_page_takes_few_statements_however_much_there_is(me, kaisa):
    pages = addresses(me, kaisa)
    few = {name: statements(phone_of(me), path) for name, path in pages.items()}

    for number, business_id in enumerate(business_ids(8)):
        shop = place(f"Kauppa {number}", business_id, "Keskusta", at=now())
        shares(me, shop, "first_name", "phone")
        tap(me, shop, at=now())
        recipient = ThirdPartyRecipient(shop.third_party_id)
        with suppress(Refused):
            disclose(me.person_id, to=recipient, purpose="serving", fields=["city"], at=now())
    stores(me, at=now(), nickname="Anni", country="Suomi", clothes_size="38", street_address="Annankatu 27")
    many = {name: statements(phone_of(me), path) for name, path in pages.items()}

    assert max(few.values()) <= MOST_STATEMENTS, few
    assert {name: count for name, count in many.items() if count > few[name]} == {}


def test_no_form_takes_a_key_it_did_not_ask_for(me, kaisa):
    phone = phone_of(me)
    for name, path in addresses(me, kaisa).items():
        answer = phone.post(path, {"is_admin": "yes"})

        assert answer.status_code in {400, 405}, name


def test_no_page_is_kept_by_a_browser_or_a_proxy(me, kaisa):
    phone = phone_of(me)
    for name, path in addresses(me, kaisa).items():
        answer = phone.get(path)

        assert answer.status_code == 405 or "no-store" in answer["Cache-Control"], name
        assert answer.status_code == 405 or "private" in answer["Cache-Control"], name
