"""R-ACT-4: refused attempts are found whatever one looks for that they are about; no filter and no page loses one."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.interfaces.person.seen import seen_of
from kliento.kernel.clock import now
from tests.phone import phone_of, text_of
from tests.world import aino, kahvila_kaisa, shares, stores

pytestmark = pytest.mark.both_engines


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def me(kaisa):
    person = stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567", city="Turku")
    return shares(person, kaisa, "first_name")


def asks(me, place, *fields):
    """Asks for these; the id of the entry about it."""
    with suppress(Refused):
        disclose(me.person_id, to=ThirdPartyRecipient(place.third_party_id), purpose="serving", fields=fields, at=now())
    return str(entries_of([me.person_id], limit=1)[0].id)


def found(me, **sought) -> list[str]:
    """Every entry found, over all pages."""
    seen: list[str] = []
    path, query = "/me/activity", sought
    while path:
        page = text_of(phone_of(me).get(path, query))
        seen += re.findall(r'href="/me/activity/([0-9a-f-]{36})"', page)
        more = re.search(r'href="(/me/activity\?before=[^"]+)"', page)
        path, query = (more[1].replace("&amp;", "&"), {}) if more else ("", {})
    return seen


def test_r_act_4_an_attempt_is_found_by_that_it_was_refused_by_its_field_its_company_and_its_day(me, kaisa):
    refused, partly = asks(me, kaisa, "phone"), asks(me, kaisa, "phone", "first_name")
    day = entries_of([me.person_id], limit=1)[0].at.astimezone().date()

    for sought in (
        {"what": "refused"},
        {"what": "refused", "field": "phone"},
        {"what": "refused", "with": str(kaisa.third_party_id)},
        {"q": "kaisa phone"},
        {"what": "refused", "from": (day - timedelta(days=1)).isoformat()},
    ):
        assert found(me, **sought) == [partly, refused], sought
    assert partly in found(me, what="looks")
    assert refused not in found(me, what="looks")


def test_r_act_4_every_attempt_is_on_one_of_the_pages_once(me, kaisa):
    attempts = []
    for number in range(90):
        attempts.append(asks(me, kaisa, *(("phone",) if number % 2 else ("city", "first_name"))))
        stores(me, at=now(), nickname=f"Aino {number % 2}")

    assert found(me, what="refused") == attempts[::-1]
    assert found(me, what="refused", field="phone") == attempts[1::2][::-1]


def test_r_act_4_among_the_looks_at_a_detail_stand_those_that_showed_it_as_many_as_are_counted(me, kaisa):
    partly = asks(me, kaisa, "phone", "first_name")
    assert found(me, what="looks", field="first_name") == [partly]
    assert found(me, what="looks", field="phone") == []
    assert found(me, field="phone")[0] == partly
    counted = {detail.code: detail.seen for detail in seen_of(me, at=now()).details}
    assert (bool(counted["first_name"]), bool(counted["phone"])) == (True, False)
