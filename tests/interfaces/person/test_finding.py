"""Finding in Activity as the person does it: filters in the address, chips, words, what is wrong, open pages."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import issue_card
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.sharing.actions import grant_field
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests.phone import phone_of, text_of
from tests.taps import tap
from tests.world import aino, eino, kahvila_kaisa, kuntosali_kunto, stores

PAGE = "/me/activity"
DAYS_AGO = timedelta(days=1)


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now() - timedelta(days=9))


@pytest.fixture
def kunto(db):
    return kuntosali_kunto(at=now() - timedelta(days=9))


@pytest.fixture
def me(kaisa, kunto):
    """Who registered eight days ago, stored two details yesterday, and was looked at and refused today."""
    person = aino(at=now() - 8 * DAYS_AGO)
    stores(person, at=now() - DAYS_AGO, first_name="Aino", phone="0401234567")
    issue_card(person.person_id, at=now())
    grant_field(person.person_id, kaisa.third_party_id, "first_name", by=person, at=now())
    tap(person, kaisa, at=now())
    asks(person, kaisa, "first_name")
    asks(person, kaisa, "phone")
    asks(person, kunto, "first_name")
    return person


def asks(me, place, *fields):
    with suppress(Refused):
        disclose(me.person_id, to=ThirdPartyRecipient(place.third_party_id), purpose="serving", fields=fields, at=now())


def shown(me, **sought) -> list[tuple[str, str | None]]:
    """Kind and recipient of each entry on the page, as shown."""
    answer = phone_of(me).get(PAGE, sought)
    assert answer.status_code == 200
    listed = re.findall(r'href="/me/activity/([0-9a-f-]{36})"', text_of(answer))
    known = {str(entry.id): entry for entry in entries_of([me.person_id], limit=100)}
    return [(known[each].kind, known[each].recipient_id) for each in listed]


def kinds(me, **sought) -> list[str]:
    return [kind for kind, _recipient in shown(me, **sought)]


def test_each_filter_narrows_the_feed_and_together_they_narrow_it_more(me, kaisa, kunto):
    cafe, gym = kaisa.third_party_id, kunto.third_party_id

    assert {recipient for _kind, recipient in shown(me, **{"with": cafe})} == {cafe}
    assert kinds(me, what="refused") == ["disclosure_refused"] * 2
    assert kinds(me, what="looks") == ["disclosed", "visit"]  # at the visit the first name was seen
    assert kinds(me, what="visits") == ["visit"]
    assert kinds(me, field="phone") == ["disclosure_refused", "value_stored"]
    assert shown(me, **{"with": gym, "what": "refused"}) == [("disclosure_refused", gym)]
    assert kinds(me, **{"with": gym, "what": "visits"}) == []


def test_days_are_the_persons_own_and_both_are_included(me):
    yesterday = localdate(now() - DAYS_AGO).isoformat()
    first = localdate(now() - 8 * DAYS_AGO)

    assert kinds(me, **{"from": yesterday, "to": yesterday}) == ["value_stored", "value_stored"]
    assert kinds(me, to=first.isoformat()) == ["person_registered"]
    assert kinds(me, to=f"{first.day}.{first.month}.{first.year}") == ["person_registered"]
    assert "person_registered" not in kinds(me, **{"from": yesterday})


def test_a_day_ends_at_midnight_where_the_person_is(db):
    """At half past ten in the evening of UTC it is tomorrow in Helsinki."""
    night = now().replace(hour=22, minute=30) - 3 * DAYS_AGO
    person = aino(at=night)
    day = localdate(night)

    assert day == night.date() + DAYS_AGO
    assert kinds(person, **{"from": day.isoformat(), "to": day.isoformat()}) == ["person_registered"]
    assert kinds(person, to=night.date().isoformat()) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kaisa", {"visit", "disclosed", "disclosure_refused", "sharing_started"}),
        ("KALLIO", {"visit"}),
        ("kaisa phone", {"disclosure_refused"}),
        ("phone", {"disclosure_refused", "value_stored"}),
        ("serving", {"visit", "disclosed", "disclosure_refused", "sharing_started"}),
        ("refused", {"disclosure_refused"}),
        ("added", {"value_stored"}),
        ("got nothing", {"disclosure_refused"}),
        ("registered", {"person_registered"}),
        ("töölö", set()),
        ("Aino", set()),  # a value: the log holds none
        ("%", set()),
        ("'; DROP TABLE activity_entry; --", set()),
    ],
)
def test_words_find_companies_places_details_purposes_and_what_happened_and_never_a_value(me, words, found):
    assert set(kinds(me, q=words)) == found


def test_words_are_in_the_language_of_the_page(me):
    phone = phone_of(me)
    phone.cookies["django_language"] = "fi"

    assert "Kahvila Kaisa" in text_of(phone.get(PAGE, {"q": "puhelin"})).split('id="feed"')[1]
    assert "Kahvila Kaisa" not in text_of(phone.get(PAGE, {"q": "phone"})).split('id="feed"')[1]


def test_what_is_chosen_stands_there_and_each_part_can_be_taken_away(me, kaisa):
    page = text_of(phone_of(me).get(PAGE, {"with": kaisa.third_party_id, "what": "looks", "q": "first"}))
    chips = dict(re.findall(r'<a class="span span-chosen" href="([^"]+)">(.*?) <', page))

    assert chips == {
        f"{PAGE}?q=first&amp;what=looks": "Kahvila Kaisa",
        f"{PAGE}?q=first&amp;with={kaisa.third_party_id}": "Looks at my data",
        f"{PAGE}?with={kaisa.third_party_id}&amp;what=looks": "“first”",
    }
    assert '<option value="looks" selected>' in page


def test_only_companies_of_ones_own_activity_are_offered(me):
    stranger = eino(at=now())

    assert "Kahvila Kaisa</option>" in text_of(phone_of(me).get(PAGE))
    assert "Kahvila Kaisa</option>" not in text_of(phone_of(stranger).get(PAGE))


def test_nothing_that_fits_says_what_to_do(me):
    page = text_of(phone_of(me).get(PAGE, {"q": "banana"}))

    assert "Nothing in your Activity fits." in page
    assert "Take away one of the choices above" in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"with": "x"}, "No such company is in your Activity."),
        ({"with": str(new_id())}, "No such company is in your Activity."),
        ({"what": "gossip"}, "There is nothing of that kind."),
        ({"what": "log"}, "There is nothing of that kind."),
        ({"field": "shoe_horn"}, "Kliento keeps no such detail."),
        ({"from": "2026-02-30"}, "There is no such day."),
        ({"from": "soon"}, "There is no such day."),
        ({"to": "9999-12-31"}, "Enter a day of this century."),
        ({"from": "2026-11-22", "to": "2026-11-21"}, "The last day is before the first one."),
        ({"q": "a " * 9}, "Use at most eight words."),
        ({"q": "a" * 101}, "Use at most 100 characters."),
        ({"q": "a\x00"}, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_asked_for_is_said_beside_what_was_typed_and_nothing_is_shown(me, typed, says):
    answer = phone_of(me).get(PAGE, {"q": "kaisa", "what": "looks", **typed})
    page = text_of(answer)

    assert answer.status_code == 400
    assert page.count(says) == 2  # in the summary and beside the input
    assert 'id="feed"' not in page
    for name, kept in {"q": "kaisa", **typed}.items():
        if name in {"from", "to"} or (name == "q" and typed.get("q", "kaisa") == "kaisa"):
            assert f'name="{name}" value="{kept}"' in page
    if "what" not in typed:
        assert '<option value="looks" selected>' in page


def test_earlier_pages_keep_what_is_sought_and_lose_nothing(me):
    for number in range(45):
        stores(me, at=now(), city=f"Turku {number % 2}")
        stores(me, at=now(), nickname=f"Aino {number % 2}")
    expected = [str(entry.id) for entry in entries_of([me.person_id], limit=500) if "city" in entry.fields]
    seen: list[str] = []
    path = f"{PAGE}?field=city&what=details"
    while path:
        page = text_of(phone_of(me).get(path))
        seen += re.findall(r'href="/me/activity/([0-9a-f-]{36})"', page)
        more = re.search(r'href="(/me/activity\?before=[^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else ""

    assert seen == expected


def test_an_open_page_with_filters_hears_of_what_fits_alone_and_asks_one_statement_while_nothing_comes(me, kaisa):
    phone, polled = phone_of(me), {"HX-Request": "true"}
    page = text_of(phone.get(PAGE, {"what": "refused", "field": "phone"}))
    known = re.search(r'hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    known += "&entered=" + re.search(r'name="entered" value="(\d+)"', page)[1]
    phone.get(known, headers=polled)
    with CaptureQueriesContext(connection) as captured:
        assert phone.get(known, headers=polled).status_code == 204
    asked = [each["sql"] for each in captured if "activity_entry" in each["sql"]]
    assert len(asked) == 1
    stores(me, at=now(), city="Turku")
    assert 'id="feed"' not in text_of(phone.get(known, headers=polled))
    asks(me, kaisa, "phone")
    stores(me, at=now(), city="Helsinki")
    fresh = text_of(phone.get(known, headers=polled))

    assert "<html" not in fresh
    assert 'id="announced" hx-swap-oob="innerHTML">Kahvila Kaisa. Asked for your data and got nothing: Phone' in fresh
    assert "what=refused&amp;field=phone" in fresh


def test_a_page_costs_the_same_however_much_there_is_and_fits(me, kaisa):
    def statements() -> int:
        phone = phone_of(me)
        phone.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            phone.get(PAGE, {"q": "kaisa first", "what": "looks", "with": kaisa.third_party_id, "field": "first_name"})
        return len(captured)

    few = statements()
    for _ in range(5):
        asks(me, kaisa, "first_name")
    assert statements() == few


def test_whatever_is_shown_is_found_by_each_of_the_words_it_is_shown_with(me):
    """But for numbers, and what a company wrote."""
    page = text_of(phone_of(me).get(PAGE))
    rows = re.findall(r'id="line-([0-9a-f-]{36})">([^<]*)</a> <span class="row-note">([^<]*)</span>', page)
    assert len(rows) > 6
    for entry_id, title, note in rows:
        for word in {word.strip(".,:;") for word in f"{title} {note}".split()}:
            if word.isalpha():
                found = text_of(phone_of(me).get(PAGE, {"q": word}))
                assert f'id="line-{entry_id}"' in found, (word, title, note)
