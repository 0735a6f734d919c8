"""What a company wrote stays as it wrote it, marked with its language where the page has another (decision 0021)."""

import re

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.programmes.actions import change_programme
from kliento.domain.questions.actions import make_question
from kliento.domain.recipients.actions import note_language
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, NotAllowed
from tests import taps
from tests.interfaces.counter.tills import paired
from tests.phone import phone_of, text_of
from tests.portal import appointed, portal_of
from tests.programmes import coffee_card, takes
from tests.world import REGISTER_HOLDER, Place, kahvila_kaisa, operator, relation_of

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


def test_a_reward_is_marked_when_it_was_handed_over_and_taken_back(kaisa, aino):
    till = paired(kaisa)
    page = text_of(till.post("/counter/", {"code": taps.code_of(aino, at=now())}))
    sent = dict(re.findall(r'name="(visit_id|redemption_id)" value="([^"]+)"', page))
    given = text_of(till.post("/counter/redeem", sent))
    assert '<h1>Redeemed: <span lang="fi">A coffee</span></h1>' in given
    undone = text_of(till.post("/counter/undo", {"redemption_id": sent["redemption_id"]}))
    assert '<h1>Undone: <span lang="fi">A coffee</span></h1>' in undone


def test_changed_terms_are_marked_in_activity_and_on_the_card(kaisa, aino):
    owner = appointed(aino.account_id, kaisa)
    terms = {"stamps_needed": 1, "most_a_day": 20, "stamps_last_days": None}
    change_programme(name="Coffee card", reward="Tee & <pulla>", **terms, by=owner, at=now())
    phone = phone_of(aino)
    changed = 'the reward is <span lang="fi">Tee &amp; &lt;pulla&gt;</span>, it was <span lang="fi">A coffee</span>'
    [card] = [link for link in text_of(phone.get("/me/wallet")).split('"') if link.startswith("/me/wallet/")]
    entry = entries_of([aino.person_id], limit=1)[0].id
    for page in ("/me/activity", f"/me/activity/{entry}", card, f"/me/sharing/{kaisa.third_party_id}"):
        assert changed in text_of(phone.get(page)), page
    finnish = text_of(phone.get(f"/me/activity/{entry}", headers={"accept-language": "fi"}))
    assert "Tee &amp; &lt;pulla&gt;" in finnish
    assert 'lang="fi">Tee' not in finnish
    assert not set("\u2068\u2069") & set(finnish)


def test_what_the_company_wrote_is_marked_in_its_portal(kaisa, aino):
    browser = portal_of(appointed(aino.account_id, kaisa))
    number = relation_of(aino, kaisa).member_number
    question = re.search(r"/partner/questions/[0-9a-f-]{36}", text_of(browser.get("/partner/questions")))
    reward = '<span lang="fi">A coffee</span>'
    assert question
    for page, words in {
        "/partner/questions": REASON,
        question[0]: REASON,
        f"/partner/members/{number}/asking": REASON,
        f"/partner/members/{number}": reward,
        "/partner/programme": reward,
    }.items():
        assert words in text_of(browser.get(page)), page
        assert words not in text_of(browser.get(page, headers={"accept-language": "fi"})), page


def test_what_the_arrangement_says_is_marked_too(kaisa, aino):
    page = text_of(phone_of(aino).get(f"/me/sharing/{kaisa.third_party_id}"))
    assert '<dd><span lang="fi">' in page.replace("> <", "><")


def test_only_the_register_holder_says_it_and_only_a_language_of_the_service(kaisa, aino):
    with pytest.raises(Invalid):
        note_language(kaisa.third_party_id, "de", by=REGISTER_HOLDER)
    with pytest.raises(NotAllowed):
        note_language(kaisa.third_party_id, "sv", by=aino)
