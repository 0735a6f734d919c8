"""What one's data is used for, an objection by one button, and feedback."""

import pytest

from kliento.domain.consents.queries import objections_of
from kliento.domain.gate.actions import own_values
from kliento.domain.people.models import Person
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import hide_value
from kliento.kernel.clock import now
from tests.phone import phone_of, text_of
from tests.world import aino, eino

IN_USE = [purpose for purpose in register().purposes.values() if purpose.status == "in_use"]
OBJECTIONS = list(register().objections)
NOBODY_READS = "Nobody reads this now"


@pytest.fixture
def me(db):
    return aino(at=now())


def objects(person) -> frozenset[str]:
    return objections_of([person.person_id])[person.person_id]


def test_every_use_there_is_stands_on_the_page_and_no_planned_one(me):
    page = text_of(phone_of(me).get("/me/purposes")).replace("&#x27;", "'")
    for purpose in register().purposes.values():
        assert (purpose.description.inn("en") in page) == (purpose in IN_USE), purpose.code


@pytest.mark.parametrize("code", OBJECTIONS)
def test_one_switch_objects_and_takes_it_back(me, code):
    phone, other = phone_of(me), eino(at=now())
    page = text_of(phone.get("/me/purposes")).split('id="objections"')[1]
    switches = (page.count('aria-checked="true"'), page.count('aria-checked="false"'))
    assert switches == (0, 1 + len(OBJECTIONS))  # and the restriction
    assert phone.post(f"/me/purposes/{code}/objection").status_code == 302
    assert objects(me) == {code}
    assert objects(other) == frozenset()
    page = text_of(phone.get("/me/purposes"))
    assert page.count('aria-checked="true"') == 1
    assert f"/me/purposes/{code}/objection-ending" in page
    phone.post(f"/me/purposes/{code}/objection-ending")
    assert objects(me) == frozenset()


@pytest.mark.parametrize("code", sorted(set(register().purposes) - set(OBJECTIONS)))
def test_what_cannot_be_objected_to_has_no_switch(me, code):
    phone = phone_of(me)
    assert f"/purposes/{code}/" not in text_of(phone.get("/me/purposes"))
    assert phone.post(f"/me/purposes/{code}/objection").status_code == 404


def test_who_is_restricted_is_told_what_that_means(me):
    Person.objects.filter(id=me.person_id).update(state="restricted")
    assert "no use above runs for you" in text_of(phone_of(me).get("/me/purposes"))


def test_feedback_is_saved_changed_and_deleted(me):
    phone = phone_of(me)
    assert phone.post("/me/feedback", {"value": "More window tables."}).status_code == 302
    assert "Your feedback is saved" in text_of(phone.get("/me/feedback"))
    phone.post("/me/feedback", {"value": "Fewer window tables."})
    assert "Fewer window tables.</textarea>" in text_of(phone.get("/me/feedback"))
    phone.post("/me/feedback/removal")
    assert phone.post("/me/feedback/removal").status_code == 302
    assert own_values(me, fields=["feedback"]) == {}


@pytest.mark.parametrize("text", ["", "  ", "131052-308T"])
def test_feedback_that_cannot_be_kept_says_why_and_keeps_what_was_written(me, text):
    answer = phone_of(me).post("/me/feedback", {"value": text})
    assert answer.status_code == 400
    assert "There is a problem" in text_of(answer)


def test_the_page_says_when_nobody_reads(me):
    phone = phone_of(me)
    phone.post("/me/feedback", {"value": "More window tables."})
    assert NOBODY_READS not in text_of(phone.get("/me/feedback"))
    hide_value(me.person_id, "feedback", by=me, at=now())
    assert NOBODY_READS in text_of(phone.get("/me/feedback"))
    phone.post("/me/details/feedback/showing")
    phone.post("/me/purposes/insight/objection")
    assert NOBODY_READS in text_of(phone.get("/me/feedback"))


def test_both_pages_are_found_from_me(me):
    page = text_of(phone_of(me).get("/me/me"))
    assert 'href="/me/purposes"' in page
    assert 'href="/me/feedback"' in page
