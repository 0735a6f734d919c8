"""What a company wrote stays as it wrote it, marked with its language where the page has another (decision 0021)."""

import pytest

from kliento.domain.questions.actions import make_question
from kliento.domain.recipients.actions import note_language
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, NotAllowed
from tests import taps
from tests.interfaces.counter.tills import paired
from tests.phone import phone_of, text_of
from tests.programmes import coffee_card, takes
from tests.world import REGISTER_HOLDER, Place, kahvila_kaisa, operator

REASON = '<span lang="fi">jotta osaamme &lt;tervehtiä&gt;</span>'


@pytest.fixture
def kaisa(db) -> Place:
    """A café that writes in Finnish and asks for a first name; its programme is a coffee card."""
    place = kahvila_kaisa(at=now())
    note_language(place.third_party_id, "fi", by=REGISTER_HOLDER)
    return place


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    owner = operator(kaisa)
    asked = {"needed": ["first_name"], "optional": [], "grant_days": 30}
    make_question(owner, purpose="serving", reason="jotta osaamme <tervehtiä>", at=now(), **asked)
    return takes(taps.aino(at=now()), coffee_card(owner, needed=1, at=now()), at=now())


def test_a_question_is_marked_on_a_page_in_another_language_only(kaisa, aino):
    till = paired(kaisa)
    assert REASON in text_of(till.get("/counter/questions", follow=True))
    finnish = text_of(till.get("/counter/questions", follow=True, headers={"accept-language": "fi"}))
    assert "jotta osaamme &lt;tervehtiä&gt;" in finnish
    assert 'lang="fi">jotta' not in finnish


def test_a_reward_is_marked_at_the_till_and_on_the_phone(kaisa, aino):
    page = text_of(paired(kaisa).post("/counter/", {"code": taps.code_of(aino, at=now())}))
    assert '<span lang="fi">A coffee</span>: redeem' in page
    phone = phone_of(aino)
    [card] = [link for link in text_of(phone.get("/me/wallet")).split('"') if link.startswith("/me/wallet/")]
    assert 'Yours now: <span lang="fi">A coffee</span>. Say so at the till.' in text_of(phone.get(card))


def test_what_the_arrangement_says_is_marked_too(kaisa, aino):
    page = text_of(phone_of(aino).get(f"/me/sharing/{kaisa.third_party_id}"))
    assert '<dd><span lang="fi">' in page.replace("> <", "><")


def test_only_the_register_holder_says_it_and_only_a_language_of_the_service(kaisa, aino):
    with pytest.raises(Invalid):
        note_language(kaisa.third_party_id, "de", by=REGISTER_HOLDER)
    with pytest.raises(NotAllowed):
        note_language(kaisa.third_party_id, "sv", by=aino)
