"""R-CON-7 and R-DAT-2: a no on a page of explicit consent is kept as a no, and ends what an earlier yes shared."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import set_value
from kliento.domain.questions.actions import agree_to_special, ask_member, close_question, make_question
from kliento.domain.questions.queries import askings_of
from kliento.domain.questions.rules import QuestionView
from kliento.domain.sharing.actions import grant_special_field
from kliento.domain.sharing.queries import notices_of
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.choosing import agree
from tests.phone import phone_of, text_of
from tests.questions import kinds, member_number, shared, yes
from tests.world import Place, kahvila_kaisa, operator, relation_of

SPECIAL = [code for code, field in register().fields.items() if field.special and field.keeper == "person"]
EARLIER = timedelta(minutes=5)
Asked = Callable[[Place, str], str]


@pytest.fixture
def kaisa(db: None) -> Place:
    return kahvila_kaisa(at=now() - EARLIER)


@pytest.fixture
def owner(kaisa: Place) -> OperatorActor:
    return operator(kaisa)


@pytest.fixture
def me(kaisa: Place) -> PersonActor:
    """Somebody who keeps every special category and has shown their card at the café."""
    person = taps.cardholder(at=now() - EARLIER)
    for field in SPECIAL:
        give_consent(person.person_id, Choice(SPECIAL_STORAGE, field=field), by=person, at=now() - EARLIER)
        set_value(person.person_id, field, "Pähkinä", by=person, at=now() - EARLIER)
    taps.tap(person, kaisa, at=now() - EARLIER)
    return person


@pytest.fixture
def phone(me: PersonActor) -> Client:
    return phone_of(me)


def asks(by: OperatorActor, *optional: str) -> QuestionView:
    return make_question(by, purpose="serving", reason="For the kitchen.", needed=[], optional=optional, at=now())


def on_its_own(place: Place, field: str) -> str:
    return f"/me/sharing/{place.third_party_id}/{field}/consent"


def in_a_question(question_id: UUID, field: str) -> str:
    return f"/me/questions/{question_id}/{field}/consent"


def consented(me: PersonActor, place: Place) -> set[str]:
    return {choice.field for choice in standing(me.person_id) if choice.recipient_id == place.third_party_id}


def told(me: PersonActor, place: Place) -> list[tuple[str, str]]:
    return [(notice.field, notice.reason) for notice in notices_of(me.person_id, place.third_party_id)]


def outcomes(me: PersonActor, place: Place) -> list[tuple[str, tuple[str, ...]]]:
    asked = askings_of(place.third_party_id, relation_of(me, place).relationship_id)
    return [(asking.outcome, asking.shared) for asking in asked]


@pytest.mark.parametrize("field", SPECIAL)
def test_a_first_no_is_kept_as_a_no(phone, me, kaisa, owner, field):
    for page in (on_its_own(kaisa, field), in_a_question(asks(owner, field).id, field)):
        phone.post(page, {"answer": "refuse"})
        assert entries_of([me.person_id])[0].kind == "consent_refused", page
        assert entries_of([me.person_id])[0].recipient_id == kaisa.third_party_id
    assert kinds(me).count("consent_refused") == 2
    assert shared(me, kaisa, at=now()) == frozenset()


@pytest.mark.parametrize("field", SPECIAL)
def test_a_no_ends_what_an_earlier_yes_shared_and_the_consent_with_it(phone, me, kaisa, field):
    grant_special_field(me.person_id, kaisa.third_party_id, field, by=me, at=now() - EARLIER)
    assert taps.tap(me, kaisa, at=now()).outcome == "identified"
    assert shared(me, kaisa, at=now()) == {field}

    phone.post(on_its_own(kaisa, field), {"answer": "refuse"})
    assert shared(me, kaisa, at=now()) == frozenset()
    assert consented(me, kaisa) == set()
    assert {"consent_withdrawn", "sharing_ended"} <= set(kinds(me))


@pytest.mark.parametrize("field", SPECIAL)
def test_a_no_in_a_question_ends_it_too_and_the_asking_says_so(phone, me, kaisa, owner, field):
    question = asks(owner, field, "first_name")
    set_value(me.person_id, "first_name", "Aino", by=me, at=now())
    ask_member(question.id, member_number(me, kaisa), owner, at=now())
    yes(question, me, "first_name", field, at=now())
    agree_to_special(question.id, field, by=me, at=now())
    assert outcomes(me, kaisa) == [("shared", (field, "first_name"))]

    answered = phone.post(in_a_question(question.id, field), {"answer": "refuse"})
    assert answered["Location"] == f"/me/questions/{question.id}/answer"
    assert shared(me, kaisa, at=now()) == {"first_name"}
    assert consented(me, kaisa) == set()
    assert outcomes(me, kaisa) == [("shared", ("first_name",))]


@pytest.mark.parametrize("field", SPECIAL)
def test_a_no_to_all_that_a_question_asks_answers_it(phone, me, kaisa, owner, field):
    question = asks(owner, field)
    ask_member(question.id, member_number(me, kaisa), owner, at=now())
    phone.post(in_a_question(question.id, field), {"answer": "refuse"})
    assert outcomes(me, kaisa) == [("refused", ())]


@pytest.mark.parametrize("field", SPECIAL)
def test_nobody_learns_of_a_no_to_what_nobody_asked_them(phone, me, kaisa, owner, field):
    phone.post(in_a_question(asks(owner, field).id, field), {"answer": "refuse"})
    assert outcomes(me, kaisa) == []


@pytest.mark.parametrize("field", SPECIAL)
def test_a_no_needs_no_open_question(phone, me, kaisa, owner, field):
    question = asks(owner, field)
    yes(question, me, field, at=now())
    agree_to_special(question.id, field, by=me, at=now())
    close_question(question.id, owner, at=now())

    said = phone.post(in_a_question(question.id, field), {"answer": "refuse"}, follow=True)
    assert said.status_code == 200
    assert "You share none of this with Kahvila Kaisa" in text_of(said)
    assert shared(me, kaisa, at=now()) == frozenset()
    assert consented(me, kaisa) == set()


@pytest.mark.parametrize("field", SPECIAL)
def test_the_page_says_that_it_is_shared_already_and_asks_no_more(phone, me, kaisa, owner, field):
    until = now() + timedelta(days=30)
    own, question = on_its_own(kaisa, field), in_a_question(asks(owner, field).id, field)
    for page in (own, question):
        assert "Show this to Kahvila Kaisa" in text_of(phone.get(page))
    grant_special_field(me.person_id, kaisa.third_party_id, field, until=until, by=me, at=now())
    for page in (own, question):
        text = text_of(phone.get(page))
        assert "Show this to" not in text
        assert "You share this with Kahvila Kaisa" in text
        assert text.count('class="button button-quiet" type="submit" name="answer"') == 2
        assert "Stop sharing" in text

    agree(phone, own)  # keeping it does not let it last longer
    [grant] = [grant for grant in relation_of(me, kaisa).grants if grant.field == field]
    assert grant.expires_at == until
