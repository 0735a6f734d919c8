"""The page of one's messages: what waits is counted in Me, opening one reads it, and it is deleted by one button."""

import pytest

from kliento.domain.inbox.actions import post_message
from kliento.domain.inbox.queries import messages_of, unread_count
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests.phone import phone_of, text_of
from tests.world import aino, eino


@pytest.fixture
def me(db):
    return aino(at=now())


def told(me, company: str = "Kahvila Kaisa") -> None:
    context = {"company": company, "question_id": str(new_id())}
    post_message("asked", person_id=me.person_id, context=context, at=now())


def test_an_empty_page_says_what_will_come(me):
    page = text_of(phone_of(me).get("/me/messages"))
    assert "No messages yet." in page
    assert "When somebody asks for your details" in page
    assert "Nothing new" in text_of(phone_of(me).get("/me/me"))


def test_what_waits_is_counted_and_opening_reads_it(me):
    told(me)
    told(me)
    phone = phone_of(me)
    assert "2 not read" in text_of(phone.get("/me/me"))
    newest = messages_of(me, limit=1)[0].id
    phone.head(f"/me/messages/{newest}")
    assert unread_count(me) == 2
    assert "See the question" in text_of(phone.get(f"/me/messages/{newest}"))
    assert "1 not read" in text_of(phone.get("/me/me"))
    assert text_of(phone.get("/me/messages")).count("Not read yet") == 1


def test_a_message_is_deleted_for_good_by_its_person_alone(me):
    told(me)
    [message] = messages_of(me, limit=1)
    other = phone_of(eino(at=now()))
    assert other.get(f"/me/messages/{message.id}").status_code == 404
    assert other.post(f"/me/messages/{message.id}/removal").status_code == 404
    phone = phone_of(me)
    assert phone.post(f"/me/messages/{message.id}/removal").status_code == 302
    assert "The message is deleted." in text_of(phone.get("/me/messages"))
    assert phone.get(f"/me/messages/{message.id}").status_code == 404


def test_twenty_stand_on_a_page_and_the_rest_behind_it(me):
    for number in range(23):
        told(me, f"Yritys {number}.")
    phone = phone_of(me)
    first = text_of(phone.get("/me/messages"))
    assert first.count("asks for your details") == 20
    last_shown = messages_of(me, limit=20)[-1].id
    assert f"?before={last_shown}" in first
    second = text_of(phone.get(f"/me/messages?before={last_shown}"))
    assert second.count("asks for your details") == 3
    oldest = messages_of(me, limit=99)[-1].id
    assert "No earlier messages." in text_of(phone.get(f"/me/messages?before={oldest}"))


@pytest.mark.parametrize(("before", "status"), [("yesterday", 400), (new_id(), 404)])
def test_a_page_that_begins_nowhere_is_not_there(me, before, status):
    assert phone_of(me).get(f"/me/messages?before={before}").status_code == status
