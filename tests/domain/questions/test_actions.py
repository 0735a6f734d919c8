"""Asking members, and their answers: all of it or nothing, the last word stands, nothing opens a value."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.questions.actions import (
    agree_to_special,
    answer_question,
    ask_member,
    close_question,
    erase_person,
    expire_askings,
    make_question,
    refuse_question,
)
from kliento.domain.questions.models import Asking
from kliento.domain.questions.queries import (
    answers_to,
    asking_of,
    askings_of,
    closed_questions,
    describe_person,
    open_askings,
    open_questions,
    question_by,
    question_of,
)
from kliento.domain.questions.rules import QuestionView
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.queries import acts_of
from kliento.domain.sharing.actions import open_relationships
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kliento.kernel.ids import new_id
from tests.world import (
    NOON,
    Place,
    aino,
    eino,
    kahvila_kaisa,
    kuntosali_kunto,
    operator,
    relation_of,
    shares,
)

DAY = timedelta(days=1)


def asks(by: OperatorActor, **changes: object) -> QuestionView:
    """The question of these tests: the phone is needed, the rest is up to the person."""
    question: dict[str, object] = {
        "purpose": "serving",
        "reason": "So that we can call when your order is ready.",
        "needed": ["phone"],
        "optional": ["first_name", "allergies"],
        "grant_days": 90,
    }
    return make_question(by, **(question | changes), at=NOON)


def member_number(who: PersonActor, place: Place) -> str:
    pair = Pair(who.person_id, place.third_party_id)
    return open_relationships([pair], at=NOON)[pair].member_number


def shared(who: PersonActor, place: Place, *, at=NOON) -> frozenset[str]:
    pair = Pair(who.person_id, place.third_party_id)
    relation = relations([pair]).get(pair)
    return relation.granted("serving", at=at) if relation else frozenset()


def kinds(who: PersonActor) -> list[str]:
    return [entry.kind for entry in entries_of([who.person_id])]


def yes(question: QuestionView, who: PersonActor, *ticked: str, at=NOON):
    return answer_question(question.id, ticked, seen=question.seen, by=who, at=at)


def test_a_question_is_noted_in_the_audit_of_those_who_ask(db):
    kaisa = kahvila_kaisa()
    question = asks(operator(kaisa))
    assert question_of(question.id) == question
    assert [(act.act, act.reference) for act in acts_of(kaisa.third_party_id, limit=5)][:1] == [
        ("question_made", str(question.id))
    ]


@pytest.mark.parametrize("role", ["till", "analyst"])
def test_a_role_that_may_not_ask_makes_closes_and_puts_no_question(db, role):
    kaisa, me = kahvila_kaisa(), aino()
    question, by = asks(operator(kaisa)), operator(kaisa, role=role)
    for act in (
        lambda: asks(by),
        lambda: close_question(question.id, by, at=NOON),
        lambda: ask_member(question.id, member_number(me, kaisa), by, at=NOON),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code == "role_lacks_right"


@pytest.mark.parametrize(
    "changes",
    [
        {"needed": ["shoe_colour"]},
        {"purpose": "partner_marketing"},
        {"needed": ["allergies"], "optional": []},
        {"reason": "  "},
    ],
)
def test_what_is_not_declared_cannot_be_asked(db, changes):
    with pytest.raises(Invalid):
        asks(operator(kahvila_kaisa()), **changes)


def test_a_third_party_that_lost_its_approval_asks_and_is_answered_no_more(db):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    ask_member(question.id, member_number(me, kaisa), by, at=NOON)
    ThirdParty.objects.filter(id=kaisa.third_party_id).update(state="suspended")
    for act in (
        lambda: asks(by),
        lambda: question_of(question.id),
        lambda: ask_member(question.id, member_number(me, kaisa), by, at=NOON),
        lambda: yes(question, me),
    ):
        with pytest.raises(NotFound):
            act()
    assert open_askings(me.person_id, at=NOON) == []


def test_a_question_for_a_purpose_the_third_party_lost_is_asked_no_more(db):
    kaisa = kahvila_kaisa()
    question = asks(operator(kaisa))
    ThirdParty.objects.filter(id=kaisa.third_party_id).update(purposes=["identification"])
    with pytest.raises(NotFound):
        question_of(question.id)


@pytest.mark.parametrize("who", ["operator", "terminal"])
def test_a_member_is_asked_in_their_activity_and_nothing_has_left(db, who):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    asking_id = ask_member(question.id, member_number(me, kaisa), by if who == "operator" else kaisa.terminal, at=NOON)
    [entry] = [one for one in entries_of([me.person_id]) if one.kind == "asked"]
    assert (entry.recipient_id, entry.fields) == (kaisa.third_party_id, ("phone", "first_name", "allergies"))
    assert str(reading_of(entry).line) == "Asked for your details"
    [waiting] = open_askings(me.person_id, at=NOON)
    assert (waiting.id, waiting.question) == (asking_id, question)
    assert shared(me, kaisa) == frozenset()


def test_asking_while_a_question_waits_is_the_same_asking(db):
    kaisa, me = kahvila_kaisa(), aino()
    by, number = operator(kaisa), member_number(me, kaisa)
    question = asks(by)
    assert ask_member(question.id, number, by, at=NOON) == ask_member(question.id, number, by, at=NOON + DAY)
    assert kinds(me).count("asked") == 1


def test_nobody_is_asked_the_same_more_than_three_times_in_thirty_days(db):
    kaisa, me = kahvila_kaisa(), aino()
    by, number = operator(kaisa), member_number(me, kaisa)
    question = asks(by)
    for day in range(3):
        ask_member(question.id, number, by, at=NOON + day * DAY)
        refuse_question(question.id, me, at=NOON + day * DAY)
    with pytest.raises(Conflict) as refused:
        ask_member(question.id, number, by, at=NOON + 29 * DAY)
    assert refused.value.code == "asked_often"
    ask_member(question.id, number, by, at=NOON + 31 * DAY)


def test_another_question_is_no_way_around_the_limit(db):
    kaisa, me = kahvila_kaisa(), aino()
    by, number = operator(kaisa), member_number(me, kaisa)
    for question in [asks(by) for _one in range(6)]:
        ask_member(question.id, number, by, at=NOON)
        close_question(question.id, by, at=NOON)
    another = asks(by)
    with pytest.raises(Conflict) as refused:
        ask_member(another.id, number, by, at=NOON + 29 * DAY)
    assert refused.value.code == "asked_often"
    ask_member(another.id, number, by, at=NOON + 31 * DAY)


def test_no_third_party_has_more_than_twenty_open_questions(db):
    by = operator(kahvila_kaisa())
    first, *_others = [asks(by) for _one in range(20)]
    with pytest.raises(Conflict) as refused:
        asks(by)
    assert refused.value.code == "too_many_questions"
    close_question(first.id, by, at=NOON)
    asks(by)


def test_closed_questions_come_page_by_page(db):
    by = operator(kahvila_kaisa())
    made = [asks(by) for _one in range(3)]
    for question in made[:2]:
        close_question(question.id, by, at=NOON)
    assert open_questions(by.third_party_id) == [made[2]]
    [newest] = closed_questions(by.third_party_id, limit=1)
    [older] = closed_questions(by.third_party_id, before=(newest.made_at, newest.id), limit=1)
    assert {newest.id, older.id} == {question.id for question in made[:2]}


def test_others_neither_put_nor_see_nor_close_a_question(db):
    kaisa, kunto, me = kahvila_kaisa(), kuntosali_kunto(), aino()
    question, stranger = asks(operator(kaisa)), operator(kunto)
    asking_id = ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    for act in (
        lambda: ask_member(question.id, member_number(me, kunto), stranger, at=NOON),
        lambda: ask_member(question.id, member_number(me, kunto), kunto.terminal, at=NOON),
        lambda: close_question(question.id, stranger, at=NOON),
        lambda: question_by(kunto.third_party_id, question.id),
        lambda: asking_of(kunto.third_party_id, asking_id),
    ):
        with pytest.raises(NotFound):
            act()
    assert open_questions(kunto.third_party_id) == closed_questions(kunto.third_party_id, limit=9) == []
    assert askings_of(kunto.third_party_id, relation_of(me, kaisa).relationship_id) == []


def test_a_member_number_of_somebody_who_left_is_unknown(db):
    kaisa = kahvila_kaisa()
    question = asks(operator(kaisa))
    with pytest.raises(NotFound) as refused:
        ask_member(question.id, "00000000", kaisa.terminal, at=NOON)
    assert refused.value.code == "unknown_member"


def test_an_answer_shares_what_is_needed_and_what_was_ticked_until_the_day_it_said(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa), optional=["first_name", "nickname"])
    ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    answer = yes(question, me, "first_name")
    assert answer.shared == ("phone", "first_name")
    assert shared(me, kaisa) == {"phone", "first_name"}
    assert shared(me, kaisa, at=NOON + 90 * DAY) == frozenset()
    assert open_askings(me.person_id, at=NOON) == []
    assert answers_to(question.id).shared == 1


def test_a_ticked_special_category_waits_for_its_own_consent(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    answer = yes(question, me, "allergies")
    assert answer.explicit == ("allergies",)
    assert shared(me, kaisa) == {"phone"}


def test_ticking_only_a_special_category_tells_the_third_party_nothing_yet(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa), needed=[], optional=["allergies"])
    assert yes(question, me, "allergies").explicit == ("allergies",)
    assert relations([Pair(me.person_id, kaisa.third_party_id)]) == {}


def test_who_ticks_only_a_special_category_has_not_answered_until_they_consent(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa), needed=[], optional=["allergies"])
    asking_id = ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    yes(question, me, "allergies")
    assert asking_of(kaisa.third_party_id, asking_id).outcome == "open"
    agree_to_special(question.id, "allergies", by=me, at=NOON)
    answered = asking_of(kaisa.third_party_id, asking_id)
    assert (answered.outcome, answered.shared) == ("shared", ("allergies",))
    with pytest.raises(Invalid):
        agree_to_special(question.id, "phone", by=me, at=NOON)


def test_an_answer_to_something_else_than_what_was_seen_shares_nothing(db):
    kaisa, me = kahvila_kaisa(), aino()
    question, other = asks(operator(kaisa)), asks(operator(kaisa), needed=["phone", "email"])
    with pytest.raises(Conflict) as refused:
        answer_question(other.id, (), seen=question.seen, by=me, at=NOON)
    assert refused.value.code == "question_changed"
    assert shared(me, kaisa) == frozenset()


@pytest.mark.parametrize("fields", [["email"], ["first_name", "shoe_colour"]])
def test_a_field_that_was_not_asked_is_refused_and_the_rest_with_it(db, fields):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    with pytest.raises(Invalid) as refused:
        yes(question, me, *fields)
    assert refused.value.code == "field_not_asked"
    assert shared(me, kaisa) == frozenset()


def test_an_answer_without_any_field_is_no_answer(db):
    question = asks(operator(kahvila_kaisa()), needed=[], optional=["first_name"])
    with pytest.raises(Invalid) as refused:
        yes(question, aino())
    assert refused.value.code == "nothing_chosen"


def test_who_is_no_person_answers_nothing(db):
    kaisa = kahvila_kaisa()
    question = asks(operator(kaisa))
    for nobody in (PersonActor(person_id=new_id(), account_id=new_id()), PersonActor(kaisa.third_party_id, new_id())):
        with pytest.raises(NotFound):
            yes(question, nobody)
        with pytest.raises(NotFound):
            refuse_question(question.id, nobody, at=NOON)


def test_a_person_nobody_asked_can_answer_from_the_link(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    yes(question, me)
    [asking] = askings_of(kaisa.third_party_id, relation_of(me, kaisa).relationship_id)
    assert (asking.asked_at, asking.shared, asking.outcome) == (None, ("phone",), "shared")
    assert answers_to(question.id).asked == 0


def test_a_refusal_is_entered_and_shares_nothing(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    refuse_question(question.id, me, at=NOON)
    refuse_question(question.id, me, at=NOON)
    assert kinds(me)[:2] == ["question_refused", "asked"]
    assert shared(me, kaisa) == frozenset()
    assert answers_to(question.id).refused == 1


def test_who_was_never_asked_and_refuses_stays_unknown_to_the_third_party(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    refuse_question(question.id, me, at=NOON)
    assert relations([Pair(me.person_id, kaisa.third_party_id)]) == {}
    assert answers_to(question.id).refused == 0


def test_the_later_of_two_opposite_answers_stands(db):
    kaisa, me = kahvila_kaisa(), aino()
    shares(me, kaisa, "nickname")
    question = asks(operator(kaisa))
    yes(question, me, "first_name")
    refuse_question(question.id, me, at=NOON + DAY)
    assert shared(me, kaisa, at=NOON + DAY) == {"nickname"}
    yes(question, me, at=NOON + 2 * DAY)
    assert shared(me, kaisa, at=NOON + 2 * DAY) == {"nickname", "phone"}


def test_two_tabs_with_opposite_answers_at_once_end_as_one_of_them(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa), optional=["first_name", "nickname"])
    ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)

    def run(act):
        act()
        connections.close_all()

    tabs = [
        threading.Thread(target=run, args=(act,))
        for act in (
            lambda: yes(question, me, "first_name", "nickname"),
            lambda: refuse_question(question.id, me, at=NOON),
        )
    ]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    [asking] = askings_of(kaisa.third_party_id, relation_of(me, kaisa).relationship_id)
    assert shared(me, kaisa) == set(asking.shared)
    assert len(asking.shared) in (0, 3)


def test_a_closed_question_waits_for_no_answer_and_takes_none(db):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    ask_member(question.id, member_number(me, kaisa), by, at=NOON)
    close_question(question.id, by, at=NOON)
    close_question(question.id, by, at=NOON + DAY)
    assert open_askings(me.person_id, at=NOON) == []
    assert question_by(kaisa.third_party_id, question.id).closed_at == NOON
    with pytest.raises(NotFound):
        yes(question, me)


@pytest.mark.parametrize(
    "act",
    [
        lambda question, me, kaisa: yes(question, me),
        lambda question, me, kaisa: refuse_question(question.id, me, at=NOON),
        lambda question, me, kaisa: ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON),
    ],
    ids=["answering", "refusing", "asking"],
)
def test_nothing_is_done_with_a_question_that_was_closed_meanwhile(db, act):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    ask_member(question.id, member_number(me, kaisa), by, at=NOON)
    done: list[str] = []

    def act_at_last() -> None:
        try:
            act(question, me, kaisa)
            done.append("acted")
        except NotFound as refused:
            done.append(refused.code)
        finally:
            connections.close_all()

    with transaction.atomic():
        close_question(question.id, by, at=NOON)
        late = threading.Thread(target=act_at_last)
        late.start()
        late.join(0.5)
        assert done == []
    late.join()
    assert done == ["unknown_question"]
    [asking] = askings_of(kaisa.third_party_id, relation_of(me, kaisa).relationship_id)
    assert (asking.outcome, shared(me, kaisa)) == ("withdrawn", frozenset())


def test_closing_ends_nothing_that_was_shared(db):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    yes(question, me)
    close_question(question.id, by, at=NOON)
    assert shared(me, kaisa) == {"phone"}


def test_an_asking_nobody_answered_expires_after_thirty_days(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    assert expire_askings(at=NOON + 29 * DAY) == 0
    assert open_askings(me.person_id, at=NOON + 30 * DAY) == []
    assert expire_askings(at=NOON + 30 * DAY) == 1
    assert answers_to(question.id).waiting == 0


def test_the_export_tells_what_was_asked_and_answered(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    yes(question, me)
    assert describe_person(me.person_id) == {
        "questions": [
            {
                "third_party_id": str(kaisa.third_party_id),
                "purpose": "serving",
                "reason": question.reason,
                "needed": ["phone"],
                "optional": ["first_name", "allergies"],
                "asked_at": None,
                "answered_at": NOON.isoformat(),
                "outcome": "shared",
                "shared": ["phone"],
            }
        ]
    }


def test_erasing_forgets_what_one_person_was_asked_and_nobody_elses(db):
    kaisa, me, other = kahvila_kaisa(), aino(), eino()
    question = asks(operator(kaisa))
    for who in (me, other):
        ask_member(question.id, member_number(who, kaisa), kaisa.terminal, at=NOON)
    erase_person(me.person_id, at=NOON)
    assert Asking.objects.count() == 1
    assert len(open_askings(other.person_id, at=NOON)) == 1


def test_a_question_nobody_made_is_not_found(db):
    with pytest.raises(NotFound):
        question_of(new_id())
