"""Feedback: one text of one's own, read by the register holder only while the writer lets it be read."""

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.consents.actions import end_objection, object_to
from kliento.domain.improvement.actions import read_feedback, send_feedback, take_back_feedback
from kliento.domain.improvement.queries import my_feedback, reads_feedback_of
from kliento.domain.people.models import Person
from kliento.domain.profile.actions import hide_value
from kliento.kernel.actor import PersonActor, SystemActor
from kliento.kernel.errors import Invalid, NotAllowed, NotFound
from tests.world import NOON, REGISTER_HOLDER, aino, eino, kahvila_kaisa


def writes(who: PersonActor, text: str) -> None:
    send_feedback(who.person_id, text, by=who, at=NOON)


def read() -> list[str]:
    return sorted(read_feedback(by=REGISTER_HOLDER, at=NOON))


def looks(who: PersonActor) -> list[tuple[str, ...]]:
    """The fields of each entry that says the register holder read something."""
    return [entry.fields for entry in entries_of([who.person_id]) if entry.kind == "read_by_holder"]


def test_a_text_is_kept_for_its_writer_and_read_by_the_register_holder(db):
    me, other = aino(), eino()
    writes(me, "More window tables.")
    writes(other, "Thank you.")
    assert my_feedback(me).text == "More window tables."
    assert read() == ["More window tables.", "Thank you."]


def test_each_reading_is_entered_before_the_text_is_shown(db):
    me, other = aino(), eino()
    writes(me, "More window tables.")
    reading = read_feedback(by=REGISTER_HOLDER, at=NOON)
    assert looks(me) == []
    next(reading)
    assert looks(me) == [("feedback",)]
    read()
    assert looks(me) == [("feedback",), ("feedback",)]
    assert looks(other) == []
    [newest, *_] = entries_of([me.person_id])
    assert (newest.purpose, newest.basis) == ("insight", "legitimate_interest")
    assert str(reading_of(newest).title)


def test_a_new_text_takes_the_place_of_the_one_before(db):
    me = aino()
    writes(me, "More window tables.")
    writes(me, "Fewer window tables.")
    assert read() == ["Fewer window tables."]


def test_what_was_taken_back_is_read_no_more(db):
    me = aino()
    writes(me, "More window tables.")
    take_back_feedback(me.person_id, by=me, at=NOON)
    assert (read(), my_feedback(me)) == ([], None)
    with pytest.raises(NotFound):
        take_back_feedback(me.person_id, by=me, at=NOON)


def test_hidden_text_is_not_read(db):
    me = aino()
    writes(me, "More window tables.")
    hide_value(me.person_id, "feedback", by=me, at=NOON)
    assert (read(), looks(me)) == ([], [])


def test_who_objects_is_not_read_until_the_objection_ends(db):
    me = aino()
    writes(me, "More window tables.")
    object_to(me.person_id, "insight", by=me, at=NOON)
    assert (read(), looks(me), reads_feedback_of(me)) == ([], [], False)
    end_objection(me.person_id, "insight", by=me, at=NOON)
    assert (read(), reads_feedback_of(me)) == (["More window tables."], True)


def test_who_is_restricted_is_not_read(db):
    me = aino()
    writes(me, "More window tables.")
    Person.objects.filter(id=me.person_id).update(state="restricted")
    assert (read(), looks(me), reads_feedback_of(me)) == ([], [], False)


def test_everybodys_text_is_read_however_many_there_are(db):
    for who in (aino(), eino()):
        writes(who, "Thank you.")
    assert list(read_feedback(by=REGISTER_HOLDER, at=NOON, at_a_time=1)) == ["Thank you.", "Thank you."]


@pytest.mark.parametrize("text", ["  ", "My code is 131052-308T.", "x" * 4001])
def test_what_no_detail_may_hold_is_no_feedback_either(db, text):
    me = aino()
    with pytest.raises(Invalid):
        writes(me, text)
    assert my_feedback(me) is None


def test_nobody_writes_for_another(db):
    me, other = aino(), eino()
    with pytest.raises(NotAllowed):
        send_feedback(me.person_id, "Thank you.", by=other, at=NOON)


def test_only_the_register_holder_reads(db):
    writes(aino(), "Thank you.")
    for nobody in (eino(), kahvila_kaisa().terminal):
        with pytest.raises(NotAllowed):
            list(read_feedback(by=nobody, at=NOON))
    assert list(read_feedback(by=SystemActor("kliento feedback"), at=NOON))
