"""A company asks: the page shows exactly what it would get; the answer shares that and no more."""

import re

import pytest
from django.test import Client

from kliento.domain.questions.actions import ask_member, close_question, make_question
from kliento.domain.questions.queries import open_askings
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.actions import open_relationships
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from kliento.web.reading import member_number
from tests.choosing import agree, words_now
from tests.phone import phone_of, text_of
from tests.world import aino, kuntosali_kunto, operator, relation_of, stores

NOTHING = "The button you pressed changed nothing."


@pytest.fixture
def kunto(db):
    return kuntosali_kunto(at=now())


@pytest.fixture
def owner(kunto):
    return operator(kunto)


@pytest.fixture
def me(kunto):
    return stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567", birth_date="1990-04-02")


@pytest.fixture
def phone(me):
    return phone_of(me)


def asks(owner, **changes):
    asked = {"needed": ["first_name"], "optional": ["phone", "over_18"], "grant_days": 30} | changes
    return make_question(owner, purpose="serving", reason="To book classes.", at=now(), **asked)


def address(question) -> str:
    return f"/me/questions/{question.id}"


def answers(phone, question, answer="share", **more):
    sent = {"answer": answer, "seen": question.seen, "wording": words_now("serving"), **more}
    return phone.post(address(question), sent, follow=True)


def shared(me, kunto) -> set[str]:
    return {grant.field for grant in relation_of(me, kunto).grants}


def test_the_page_shows_the_exact_values_the_reason_and_both_answers(phone, owner):
    page = text_of(phone.get(address(asks(owner))))

    for said in ["Kuntosali Kunto asks", "To book classes.", "2345678-0", "Serving you", "Aino", "040 1234567"]:
        assert said in page
    assert "They learn: over 18. Not your birth date." in page
    assert "2 Apr 1990" not in page
    assert re.findall(r'<button class="button button-(\w+)"[^>]*name="answer" value="(\w+)"', page) == [
        ("quiet", "share"),
        ("quiet", "refuse"),
    ]


def test_needed_is_locked_and_optional_is_not_ticked(phone, owner):
    page = text_of(phone.get(address(asks(owner))))

    assert re.findall(r'<input type="checkbox" name="detail" value="(\w+)"', page) == ["phone", "over_18"]
    assert " checked" not in page
    assert page.count("Needed</span>") == 1


def test_sharing_shares_what_is_needed_and_what_was_ticked(phone, me, owner, kunto):
    said = answers(phone, asks(owner), detail=["over_18"])

    assert shared(me, kunto) == {"first_name", "over_18"}
    assert "You share with Kuntosali Kunto" in text_of(said)
    assert member_number(relation_of(me, kunto).member_number) in text_of(said)


def test_a_no_shares_nothing_and_the_last_word_stands(phone, me, owner, kunto):
    question = asks(owner)

    assert "You share none of this with Kuntosali Kunto" in text_of(answers(phone, question, "refuse"))
    answers(phone, question)
    assert shared(me, kunto) == {"first_name"}
    answers(phone, question, "refuse")
    assert shared(me, kunto) == set()


def test_only_what_was_seen_is_answered(phone, owner):
    answer = answers(phone, asks(owner), seen="something else")

    assert answer.status_code == 409
    assert "Look at it again" in text_of(answer)


def test_sharing_nothing_brings_the_question_back_and_says_what_to_do(phone, me, owner, kunto):
    question = asks(owner, needed=[])
    answer = answers(phone, question)
    page = text_of(answer)

    assert answer.status_code == 400
    assert '<a href="#ask-phone">Choose what to share, or answer no.</a>' in page
    assert "To book classes." in page
    answers(phone, question, detail=["phone"])
    assert shared(me, kunto) == {"phone"}


@pytest.mark.parametrize("sent", [{"answer": "maybe"}, {}, {"answer": "share", "seen": "something else"}])
def test_what_was_ticked_is_still_ticked_when_the_question_comes_back(phone, owner, sent):
    question = asks(owner)
    answer = phone.post(
        address(question), {"seen": question.seen, "wording": words_now("serving"), "detail": "over_18", **sent}
    )

    assert answer.status_code in (400, 409)
    assert re.findall(r'value="(\w+)" id="ask-\w+"[^>]* checked', text_of(answer)) == ["over_18"]


def test_an_answer_that_was_not_offered_is_refused(phone, owner):
    question = asks(owner)

    assert answers(phone, question, detail="city").status_code == 400


def test_where_none_of_what_is_asked_is_kept_one_is_added_first(phone, owner):
    page = text_of(phone.get(address(asks(owner, needed=[], optional=["street_address", "city"]))))

    assert 'value="share"' not in page
    assert "/me/details/street_address?next=" in page


def test_what_is_missing_is_added_first_and_leads_back(phone, me, owner, kunto):
    question = asks(owner, needed=["street_address"])
    page = text_of(phone.get(address(question)))

    assert 'value="share"' not in page
    there = f"/me/details/street_address?next={address(question)}"
    assert f'href="{there}"' in page
    added = phone.post(there, {"value": "Annankatu 27", "next": address(question)})
    assert added["Location"] == address(question)
    assert "Annankatu 27" in text_of(phone.get(address(question)))
    assert open_relationships([(me.person_id, kunto.third_party_id)], at=now())
    assert shared(me, kunto) == set()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/me/", "/sign-in/me/", "javascript:1"])
def test_adding_a_detail_leads_nowhere_else(phone, elsewhere):
    answer = phone.post("/me/details/city", {"value": "Helsinki", "next": elsewhere})

    assert answer["Location"] == "/me/details"


def test_a_detail_about_health_asks_for_its_own_consent(phone, me, owner, kunto):
    agree(phone, "/me/details/allergies/consent")
    phone.post("/me/details/allergies", {"value": "Pähkinät"})
    question = asks(owner, optional=["allergies"])

    said = answers(phone, question, detail=["allergies"])
    there = f"{address(question)}/allergies/consent"
    assert said.redirect_chain[-1][0] == there
    assert "Shared until" in text_of(said)
    assert shared(me, kunto) == {"first_name"}
    assert phone.post(there, {"answer": "refuse"})["Location"] == f"{address(question)}/answer"
    assert shared(me, kunto) == {"first_name"}
    agree(phone, there)
    assert shared(me, kunto) == {"first_name", "allergies"}
    assert "You share none of this" in text_of(answers(phone, question, "refuse"))
    assert shared(me, kunto) == set()


def test_after_one_consent_the_next_is_asked_for(phone, owner):
    question = asks(owner, optional=["allergies", "phone"])
    there = f"{address(question)}/allergies/consent"

    assert phone.post(f"{there}?then=allergies", {"answer": "refuse"})["Location"] == there
    assert phone.get(f"{address(question)}/phone/consent").status_code == 404
    assert phone.get(f"{address(asks(owner, optional=[]))}/allergies/consent").status_code == 404


def test_who_was_asked_finds_it_on_top_of_sharing(phone, me, owner, kunto):
    question = asks(owner)
    [relation] = open_relationships([(me.person_id, kunto.third_party_id)], at=now()).values()
    ask_member(question.id, relation.member_number, owner, at=now())

    assert "Kuntosali Kunto asks" in text_of(phone.get("/me/sharing"))
    answers(phone, question)
    assert open_askings(me.person_id, at=now()) == []
    assert "Kuntosali Kunto asks" not in text_of(phone.get("/me/sharing"))


def test_a_closed_question_says_so_and_what_stays_shared(phone, me, owner, kunto):
    question = asks(owner)
    answers(phone, question)
    close_question(question.id, owner, at=now())

    looked, pressed = phone.get(address(question)), answers(phone, question)
    for answer in (looked, pressed):
        assert answer.status_code == 404
        assert "Kuntosali Kunto does not ask this now" in text_of(answer)
        assert "The question is closed" in text_of(answer)
        assert "stays until you end it: First name." in text_of(answer)
        assert f'href="/me/sharing/{kunto.third_party_id}"' in text_of(answer)
    assert [NOTHING in text_of(answer) for answer in (looked, pressed)] == [False, True]


def test_a_no_that_came_too_late_is_told_so_and_can_be_done_there(phone, me, owner, kunto):
    question = asks(owner)
    answers(phone, question)
    close_question(question.id, owner, at=now())
    late = text_of(answers(phone, question, "refuse"))

    assert NOTHING in late
    assert "You said no: stop it here." in late
    assert shared(me, kunto) == {"first_name"}
    stop = re.search(r'action="(/me/questions/[^"]+/ending)"', late)[1]
    assert "You share none of this with Kuntosali Kunto" in text_of(phone.post(stop, follow=True))
    assert shared(me, kunto) == set()
    assert "stop it here" not in text_of(answers(phone, question, "refuse"))


def test_how_things_stand_is_told_of_a_question_that_is_closed_too(phone, owner):
    question = asks(owner)
    answers(phone, question)
    close_question(question.id, owner, at=now())
    stands = phone.get(f"{address(question)}/answer")

    assert stands.status_code == 200
    assert "You share with Kuntosali Kunto" in text_of(stands)
    assert "Change my answer" not in text_of(stands)


def test_a_question_of_a_company_that_lost_its_approval_is_not_called_closed(phone, owner, kunto):
    question = asks(owner)
    answers(phone, question)
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)
    over, stands = text_of(phone.get(address(question))), text_of(phone.get(f"{address(question)}/answer"))

    assert "Kuntosali Kunto is not approved now" in over
    assert "is closed" not in over
    assert "it sees nothing of yours" in stands
    assert "They see it from their next look on" not in stands


def test_a_question_nobody_asked_is_not_there(phone):
    assert phone.get(f"/me/questions/{new_id()}").status_code == 404


def test_a_visitor_signs_in_and_comes_back_to_the_question(owner):
    question = asks(owner)

    assert Client().get(address(question))["Location"] == f"/sign-in/me/?next=%2Fme%2Fquestions%2F{question.id}"
