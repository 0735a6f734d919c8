"""Adding a card, undoing it, losing and finding one: the person's pages, without JavaScript."""

from datetime import timedelta

import pytest

from kliento.domain.cards.models import CardBatch, Claim, Medium
from kliento.domain.cards.queries import media_of_person, numbers_of_batch
from kliento.domain.recipients.queries import acts_of
from kliento.domain.visits.rules import Outcome
from kliento.interfaces.person.views.claiming import CODES
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import programmes, taps
from tests.blanks import blank_card, claimed, code_for, shown, stamps_of
from tests.media import sticker
from tests.phone import phone_of, text_of
from tests.portal import operator, portal_of
from tests.windows import begins_with_room
from tests.world import kahvila_kaisa, kuntosali_kunto

pytestmark = pytest.mark.usefixtures("db")


def test_the_page_shows_exactly_what_comes_and_nothing_moves_before_the_answer():
    at = now()
    kaisa, aino = kahvila_kaisa(at=at), taps.cardholder(at=at)
    programmes.coffee_card(programmes.owner_of(kaisa), at=at)
    phone, code = phone_of(aino), code_for(blank_card(at=at), kaisa, at=at)
    seen = text_of(phone.post("/me/claim", {"code": code.lower()}))
    assert "Kahvila Kaisa" in seen
    assert "1 visit" in seen
    assert "1 of 3 stamps" in seen
    assert not Claim.objects.exists()
    done = phone.post("/me/claim", {"code": code, "way": "beside"}, follow=True)
    assert done.redirect_chain == [("/me/claims", 302)]
    assert "Undo" in text_of(done)
    assert stamps_of(aino.person_id, at=at) == [1]
    phone.post(f"/me/claims/{Claim.objects.get().id}/undo")
    assert stamps_of(aino.person_id, at=at) == [0]


def test_instead_of_the_number_one_has():
    at = now()
    kaisa, aino = kahvila_kaisa(at=at), taps.cardholder(at=at)
    number = Medium.objects.get(card__person=aino.person_id, kind="printed")
    code = code_for(blank_card(at=at), kaisa, at=at)
    phone_of(aino).post("/me/claim", {"code": code, "way": str(number.id)})
    number.refresh_from_db()
    assert number.state == "replaced"


def test_what_one_calls_a_carrier_stands_where_it_is_chosen_and_where_it_is_lost():
    at = now()
    kaisa, aino = kahvila_kaisa(at=at), taps.cardholder(at=at)
    sticker(aino, name="Key ring")
    phone, code = phone_of(aino), code_for(blank_card(at=at), kaisa, at=at)
    assert "Instead of: Key ring (NFC card or sticker), since" in text_of(phone.post("/me/claim", {"code": code}))
    assert "Key ring (NFC card or sticker), since" in text_of(phone.get("/me/lost"))


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M Q2ZT 9V4B X", "' OR 1=1"])
def test_a_code_that_is_none_is_pointed_at(typed):
    aino = taps.cardholder(at=now())
    answer = phone_of(aino).post("/me/claim", {"code": typed, "way": "beside"})
    assert answer.status_code == 400
    assert "There is a problem" in text_of(answer)


def test_guessing_is_slowed_down():
    phone = phone_of(taps.cardholder(at=now()))
    begins_with_room(CODES)
    answers = [phone.post("/me/claim", {"code": "7K3M"}).status_code for _guess in range(11)]
    assert answers == [400] * 10 + [429]


def test_a_lost_card_is_refused_at_once_and_what_was_found_works_again():
    at = now()
    kaisa, aino = kahvila_kaisa(at=at), taps.cardholder(at=at)
    number = blank_card(at=at)
    claimed(number, kaisa, aino, at=at)
    phone = phone_of(aino)
    assert "Block my card" in text_of(phone.get("/me/lost"))
    phone.post("/me/lost/blocking")
    assert shown(number, kaisa, at=now()).outcome is Outcome.NOT_ACCEPTED
    found = [medium for medium in media_of_person(aino.person_id) if medium.may_be_used_again]
    assert sorted(medium.kind for medium in found) == ["phone", "printed"]
    for medium in found:
        phone.post(f"/me/lost/{medium.id}/found")
    assert shown(number, kaisa, at=now()).outcome is Outcome.IDENTIFIED


def test_closing_says_from_when_on_a_card_just_added_goes_along_and_a_blocked_one_stays_so():
    at = now()
    kaisa, aino = kahvila_kaisa(at=at), taps.cardholder(at=at)
    phone = phone_of(aino)
    assert "on their own again" not in text_of(phone.get("/me/close"))
    claimed(blank_card(at=at), kaisa, aino, at=at)
    assert "within the last seven days are on their own again" in text_of(phone.get("/me/close"))
    assert "It stays blocked" not in text_of(phone.get("/me/claims"))
    phone.post("/me/lost/blocking")
    assert "It stays blocked" in text_of(phone.get("/me/claims"))


def test_the_portal_lets_a_card_work_again_that_was_left_blocked():
    at = now()
    kaisa, theo = kahvila_kaisa(at=at), taps.cardholder(at=at)
    portal, phone = portal_of(operator(kaisa)), phone_of(theo)
    claim = claimed(number := blank_card(at=at), kaisa, theo, at=at)
    phone.post("/me/lost/blocking")
    phone.post(f"/me/claims/{claim}/undo")
    assert "Let the card work again" in text_of(portal.get("/partner/claims"))
    assert portal.post(f"/partner/claims/{claim}/undo").status_code == 302
    assert "Let the card work again" not in text_of(portal.get("/partner/claims"))
    assert shown(number, kaisa, at=at).outcome is Outcome.UNCLAIMED


def test_the_portal_makes_blank_cards_as_a_page_and_as_a_pdf_and_tells_their_numbers_once():
    at = now()
    kaisa = kahvila_kaisa(at=at)
    portal = portal_of(programmes.owner_of(kaisa))
    asked = {"size": 2, "language": "fi", "kind": "page", "form": new_id()}
    page = portal.post("/partner/blank-cards", asked, follow=True)
    assert page.content.decode().count('class="blank-number"') == 2
    assert "enintään 90 päivää" in text_of(page)
    assert "no-store" in page["Cache-Control"]
    pdf = portal.post("/partner/blank-cards", asked | {"language": "sv", "kind": "pdf", "form": new_id()}, follow=True)
    assert pdf.content.startswith(b"%PDF")
    assert b"SourceSans3" in pdf.content
    assert Medium.objects.filter(card__person=None).count() == 4
    assert portal.post("/partner/blank-cards", asked | {"size": 101}).status_code == 400


def test_sheets_loaded_or_asked_for_again_are_the_same_cards_for_an_hour_and_for_their_company_alone():
    at = now()
    kaisa, kunto = kahvila_kaisa(at=at), kuntosali_kunto(at=at)
    owner = programmes.owner_of(kaisa)
    portal, others = portal_of(owner), portal_of(programmes.owner_of(kunto, "kunto@example.fi"))
    asked = {"size": 2, "language": "fi", "kind": "page", "form": new_id()}
    sheets = portal.post("/partner/blank-cards", asked).url
    first = portal.get(sheets).content
    assert portal.get(sheets).content == first
    assert portal.post("/partner/blank-cards", asked).url == sheets
    assert portal.post("/partner/blank-cards", asked | {"kind": "pdf"}).url == sheets.replace("?", ".pdf?")
    assert Medium.objects.filter(card__person=None).count() == 2
    acts = [act.act for act in acts_of(kaisa.third_party_id, limit=9)]
    assert (acts.count("blank_cards_made"), acts.count("blank_cards_shown")) == (1, 2)
    assert "Opened the sheets of blank cards" in text_of(portal.get("/partner/audit"))
    portal.post("/partner/blank-cards", asked | {"size": 3})
    others.post("/partner/blank-cards", asked)
    assert Medium.objects.filter(card__person=None).count() == 2 + 3 + 2
    assert others.get(sheets).status_code == 404
    batch = CardBatch.objects.filter(third_party=kaisa.third_party_id, size=2)
    number = next(iter(numbers_of_batch(batch.get().id, by=owner, at=at)))
    claimed(number, kaisa, taps.cardholder(at=at), at=at)
    assert number not in numbers_of_batch(batch.get().id, by=owner, at=at)  # somebody's by now
    batch.update(made_at=at - timedelta(hours=1))
    over = portal.get(sheets)
    assert over.status_code == 404
    assert "shown no more" in text_of(over)
