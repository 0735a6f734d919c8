"""R-VIS-7 on the pages: where a visit tells about health, union or belief, consent is asked alone and beforehand."""

from datetime import timedelta

import pytest

from kliento.domain.cards.actions import issue_card
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.recipients.actions import flag_premises
from kliento.domain.recipients.queries import terminal_actor
from kliento.kernel.clock import now
from tests.choosing import agree, wording_on
from tests.phone import phone_of, text_of
from tests.taps import code_of, hand_in, scan
from tests.world import REGISTER_HOLDER, aino, kahvila_kaisa, place, stores


@pytest.fixture
def clinic(db):
    found = place("Töölön lääkäriasema", "2345678-0", "Töölö", at=now())
    flag_premises(found.premises_id, "health", by=REGISTER_HOLDER)
    return found


@pytest.fixture
def me(clinic):
    person = stores(aino(at=now()), at=now(), first_name="Aino")
    issue_card(person.person_id, at=now())
    return person


@pytest.fixture
def phone(me):
    return phone_of(me)


def asked(place) -> str:
    return f"/me/sharing/{place.third_party_id}/visits/consent"


def outcome_at(place, me, *, minutes: int = 0) -> str:
    """What the till there is answered, now or so much later."""
    by, at = terminal_actor(place.secret), now() + timedelta(minutes=minutes)
    [answered] = hand_in([scan(code_of(me, at=at), occurred_at=at)], by=by, at=at)
    return answered.outcome


def agreed(me, place) -> bool:
    return Choice("special_visits", recipient_id=place.third_party_id) in standing(me.person_id)


def test_the_page_asks_for_this_company_alone_with_buttons_of_equal_weight(phone, clinic):
    page = text_of(phone.get(asked(clinic)))

    assert "a visit tells about your health" in page
    assert page.count('class="button button-quiet" type="submit" name="answer"') == 2
    assert "checkbox" not in page


def test_no_visit_is_recorded_before_the_answer_nor_after_a_no(phone, me, clinic):
    assert outcome_at(clinic, me) == "not_accepted"
    phone.post(asked(clinic), {"answer": "refuse"})
    assert (agreed(me, clinic), outcome_at(clinic, me)) == (False, "not_accepted")


def test_only_the_word_of_consent_is_one(phone, me, clinic):
    for answer in ["", "yes", "AGREE", "on"]:
        wording = wording_on(phone, asked(clinic))
        phone.post(asked(clinic), {"wording": wording} | ({"answer": answer} if answer else {}))
        assert not agreed(me, clinic), answer


def test_the_consent_given_there_is_for_that_company_and_is_withdrawn_there(phone, me, clinic):
    kaisa = kahvila_kaisa(at=now())
    flag_premises(kaisa.premises_id, "belief", by=REGISTER_HOLDER)

    agree(phone, asked(clinic))
    assert (agreed(me, clinic), agreed(me, kaisa)) == (True, False)
    assert (outcome_at(clinic, me), outcome_at(kaisa, me, minutes=2)) == ("identified", "not_accepted")
    assert "You have agreed" in text_of(phone.get(f"/me/sharing/{clinic.third_party_id}"))
    phone.post(f"/me/sharing/{clinic.third_party_id}/visits/withdrawal")
    assert not agreed(me, clinic)
