"""Activity: headings, one line each, refusals marked, paged by key; one entry in full (R-ACT-2 and R-ACT-4 as read)."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from django.utils.timezone import localdate

from kliento.domain.activity.queries import entries_of, load_kinds
from kliento.domain.activity.rules import declared_kinds
from kliento.domain.cards.actions import issue_card
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.interfaces.person.telling import OWN_ACTS
from kliento.kernel.clock import now
from tests.phone import phone_of, text_of
from tests.taps import code_of, record, scan, tap
from tests.world import aino, eino, kahvila_kaisa, shares, stores


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now() - timedelta(days=9))


@pytest.fixture
def me(kaisa):
    return stores(
        aino(at=now() - timedelta(days=8)), at=now() - timedelta(days=1), first_name="Aino", phone="0401234567"
    )


def asked(me, kaisa, *fields):
    with suppress(Refused):
        disclose(me.person_id, to=ThirdPartyRecipient.at(kaisa.terminal), purpose="serving", fields=fields, at=now())


def page_of(me, path="/me/activity", **query):
    return text_of(phone_of(me).get(path, query))


def known_in(page: str) -> str:
    """What the open page asks with."""
    return page.split('name="entered" value="')[1].split('"')[0]


def headings(page: str) -> list[str]:
    return re.findall(r'<h2 class="day">(.*?)</h2>', page)


def test_days_have_headings_the_newest_first(me, kaisa):
    asked(me, kaisa, "phone")

    assert headings(page_of(me)) == [
        "Today",
        "Yesterday",
        date_format(localdate(now() - timedelta(days=8)), "DATE_FORMAT"),
    ]


def test_finnish_dates_are_written_the_finnish_way(me):
    phone = phone_of(me)
    phone.cookies["django_language"] = "fi"
    page = text_of(phone.get("/me/activity"))
    entry = re.search(r'href="(/me/activity/[^"]+)"', page)[1]

    day = localdate(now() - timedelta(days=8))
    assert f"{day.day}.{day.month}.{day.year}" in headings(page)
    assert re.search(r"\d{1,2}\.\d{1,2}\.20\d\d klo \d{1,2}\.\d\d", text_of(phone.get(entry)))


def test_a_refusal_is_marked_with_its_reason(me, kaisa):
    asked(me, kaisa, "phone", "first_name")
    page = page_of(me)

    assert "Kahvila Kaisa" in page
    assert "First name, Phone number" in page or "Phone number, First name" in page
    assert re.search(r'class="tag tag-no">.*?Refused\. You have not shared it with them\.', page)


def test_an_entry_says_who_what_why_on_what_basis_and_until_when(me, kaisa):
    shares(me, kaisa, "first_name")
    asked(me, kaisa, "phone", "first_name")
    [newest, *_] = entries_of([me.person_id], limit=1)
    page = page_of(me, f"/me/activity/{newest.id}")

    for said in (
        "Kahvila Kaisa",
        "First name",
        "Phone number: You have not shared it with them.",
        "Serving you",
        "Your consent, GDPR Art. 6(1)(a)",
        "As long as you share",
        f"Number in your Activity</dt> <dd>{newest.number}<",
    ):
        assert said in page


def test_what_the_person_does_themself_is_a_kind_there_is():
    load_kinds()

    assert declared_kinds().keys() >= OWN_ACTS


def test_a_visit_says_where(me, kaisa):
    issue_card(me.person_id, at=now())
    tap(me, kaisa, at=now())

    assert "Kahvila Kaisa, Kallio" in page_of(me)


def test_entries_of_others_are_not_there(me, kaisa):
    stranger = eino(at=now())
    [theirs, *_] = entries_of([stranger.person_id], limit=1)

    assert phone_of(me).get(f"/me/activity/{theirs.id}").status_code == 404


def test_pages_follow_each_other_without_repeating_or_leaving_out(me):
    for _ in range(45):
        stores(me, at=now(), city="Helsinki")
    seen: list[str] = []
    path = "/me/activity"
    while path:
        page = page_of(me, path)
        seen += re.findall(r'href="/me/activity/([0-9a-f-]{36})"', page)
        more = re.search(r'href="(/me/activity\?before=\d+)"', page)
        path = more[1] if more else ""

    assert seen == [str(entry.id) for entry in entries_of([me.person_id], limit=100)]


def test_a_made_up_page_address_is_refused(me):
    foreign = entries_of([eino(at=now()).person_id], limit=1)[0].seq
    for made_up in ("x", "0", foreign, 2**62):
        assert phone_of(me).get("/me/activity", {"before": made_up}).status_code == 400, made_up


def test_before_the_oldest_there_is_a_page_that_says_so(me):
    oldest = entries_of([me.person_id], limit=100)[-1].seq
    page = phone_of(me).get("/me/activity", {"before": oldest})

    assert page.status_code == 200
    assert "Nothing happened before that." in text_of(page)
    assert "Back to the newest" in text_of(page)
    assert "No one has seen your data yet" not in text_of(page)


def test_an_open_page_is_answered_only_when_something_is_new(me):
    phone, polled = phone_of(me), {"HX-Request": "true"}
    known = known_in(text_of(phone.get("/me/activity")))

    assert phone.get("/me/activity", {"entered": known}, headers=polled).status_code == 204
    stores(me, at=now(), city="Turku")
    fresh = phone.get("/me/activity", {"entered": known}, headers=polled)
    assert "<html" not in text_of(fresh)
    assert 'id="announced" hx-swap-oob="innerHTML">You. Added: Town<' in text_of(fresh)


@pytest.mark.parametrize("asked_before", [{"newest": "1"}, {}])
def test_a_page_that_was_open_before_an_update_loads_itself_anew(me, asked_before):
    answer = phone_of(me).get("/me/activity", asked_before, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Refresh"], answer.content) == (204, "true", b"")


def test_what_a_till_tells_late_stands_at_its_own_day_on_an_open_page_too(me, kaisa):
    issue_card(me.person_id, at=now() - timedelta(days=8))
    phone, then = phone_of(me), now() - timedelta(days=4)
    known = known_in(text_of(phone.get("/me/activity")))
    record([scan(code_of(me, at=then), occurred_at=then)], kaisa, at=now())
    fresh = text_of(phone.get("/me/activity", {"entered": known}, headers={"HX-Request": "true"}))

    for page in (fresh, page_of(me)):
        assert headings(page) == [
            "Yesterday",
            date_format(localdate(then), "DATE_FORMAT"),
            date_format(localdate(now() - timedelta(days=8)), "DATE_FORMAT"),
        ]
    assert re.search(r'id="announced"[^>]*>Kahvila Kaisa, Kallio\. ', fresh)


def test_an_open_page_of_one_company_is_answered_only_when_that_company_did_something(me, kaisa):
    phone, one = phone_of(me), {"with": kaisa.third_party_id}
    asked(me, kaisa, "phone")
    known = known_in(text_of(phone.get("/me/activity", one)))
    stores(me, at=now(), city="Turku")
    polled = {"query_params": one | {"entered": known}, "headers": {"HX-Request": "true"}}

    assert 'id="feed"' not in text_of(phone.get("/me/activity", **polled))
    asked(me, kaisa, "phone")
    assert 'id="feed"' in text_of(phone.get("/me/activity", **polled))


def test_what_does_not_fit_is_looked_at_once(me, kaisa):
    """The page learns until where it knows, without a change to what is read there."""
    phone = phone_of(me)

    def asks(known: str) -> tuple[HttpResponse, list[str]]:
        with CaptureQueriesContext(connection) as asked_of_it:
            answer = phone.get(
                "/me/activity", {"what": "account", "q": "a e", "entered": known}, headers={"HX-Request": "true"}
            )
        return answer, [query["sql"] for query in asked_of_it.captured_queries]

    known = known_in(text_of(phone.get("/me/activity", {"what": "account", "q": "a e"})))
    answer, nothing_new = asks(known)
    assert answer.status_code == 204
    asked(me, kaisa, "phone")

    answer, looked = asks(known)
    assert (answer.status_code, answer["HX-Reswap"]) == (200, "none")
    assert re.fullmatch(r'<input type="hidden" id="known"[^>]* hx-swap-oob="true">', text_of(answer).strip())
    assert known_in(text_of(answer)) != known
    assert len(looked) > len(nothing_new)

    answer, again = asks(known_in(text_of(answer)))
    assert (answer.status_code, len(again)) == (204, len(nothing_new))


def test_a_page_that_begins_after_somebody_elses_entry_is_refused(me):
    [theirs, *_] = entries_of([eino(at=now()).person_id], limit=1)

    assert phone_of(me).get("/me/activity", {"before": theirs.seq}).status_code == 400


def test_without_entries_the_page_says_what_will_come():
    page = render_to_string("person/activity.html", {"days": [], "is_first": True})

    assert "No one has seen your data yet." in page


def test_a_visitor_goes_to_sign_in_and_comes_back(db):
    answer = Client().get("/me/activity?before=7")

    assert answer["Location"] == "/sign-in/me/?next=%2Fme%2Factivity%3Fbefore%3D7"
