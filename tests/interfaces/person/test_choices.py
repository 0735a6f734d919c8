"""What one was asked and answered: all of it, a page at a time, and a receipt where there is one."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from kliento.domain.consents.actions import give_consent, note_withdrawal, object_to
from kliento.domain.consents.models import Event
from kliento.domain.consents.queries import history_of
from kliento.domain.consents.rules import Choice
from tests.phone import phone_of, text_of
from tests.world import NOON, aino, eino

PAGE, SUMMARY = "/me/choices", Choice("monthly_summary", "email")


@pytest.fixture
def me(db):
    return aino()


def changes_their_mind(person, times: int) -> None:
    for each in range(times):
        at = NOON + timedelta(minutes=2 * each)
        give_consent(person.person_id, SUMMARY, by=person, at=at)
        note_withdrawal(person.person_id, SUMMARY, by=person, at=at + timedelta(minutes=each % 2))  # some together


def test_pages_hold_everything_once_the_last_first(me):
    changes_their_mind(me, 45)
    phone, address, read = phone_of(me), PAGE, ""
    for pages in range(1, 4):
        page = text_of(phone.get(address))
        read += page
        assert ("Back to the newest" in page) == (pages > 1)
        earlier = re.search(rf'href="({PAGE}\?before=[^"]+)"', page)
        if not earlier:
            break
        address = earlier[1]
    assert pages == 3
    ids = [each.split("/receipt")[0] for each in read.split("/me/choices/")[1:]]
    assert ids == [str(event.id) for event in history_of(me.person_id)]
    assert len(ids) == 90


def test_a_page_takes_the_same_statements_however_many_there_are(me):
    phone, counts = phone_of(me), []
    for times in (1, 45):
        changes_their_mind(me, times)
        with CaptureQueriesContext(connections["default"]) as sent:
            assert phone.get(PAGE).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_receipt_is_offered_where_there_is_one(me):
    give_consent(me.person_id, SUMMARY, by=me, at=NOON)
    object_to(me.person_id, "improvement", by=me, at=NOON)
    Event.objects.create(
        subject_id=me.person_id,
        purpose="monthly_summary",
        channel="email",
        kind="shown",
        notice_version="never",
        at=NOON,
    )
    phone = phone_of(me)
    page = text_of(phone.get(PAGE))
    offered = {
        event.kind: (
            f"{PAGE}/{event.id}/receipt" in page,
            phone.get(f"{PAGE}/{event.id}/receipt").status_code,
        )
        for event in history_of(me.person_id)
    }
    assert offered == {"given": (True, 200), "objected": (False, 404), "shown": (False, 404)}


def test_another_page_begins_behind_an_event_of_ones_own(me):
    changes_their_mind(me, 1)
    theirs = eino()
    changes_their_mind(theirs, 1)
    phone = phone_of(me)
    assert phone.get(PAGE, {"before": "yesterday"}).status_code == 400
    assert phone.get(PAGE, {"before": str(uuid4())}).status_code == 404
    assert phone.get(PAGE, {"before": str(history_of(theirs.person_id)[0].id)}).status_code == 404
    last = text_of(phone.get(PAGE, {"before": str(history_of(me.person_id)[-1].id)}))
    assert "You have seen all of them." in last
    assert "You were not asked anything yet." not in last
