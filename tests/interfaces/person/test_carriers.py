"""The card and its carriers: the person's pages, without JavaScript."""

import pytest
from django.conf import settings

from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.queries import card_number, carriers_of, media_of_person
from kliento.kernel.clock import now
from tests import taps
from tests.media import STICKER, held, sticker, travel_card
from tests.phone import phone_of, text_of
from tests.world import kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")

SAME = "Every shop that reads it sees the same number"
CHANGES = "Changes every 30 seconds; two shops cannot compare it"


@pytest.fixture
def me():
    return taps.cardholder(at=now())


@pytest.fixture
def phone(me):
    return phone_of(me)


def of_kind(me, kind: str):
    return next(medium.id for medium in media_of_person(me.person_id) if medium.kind == kind and medium.is_active)


def test_each_carrier_says_what_shops_can_compare_and_when_it_was_used(me, phone):
    travel_card(me, at=now())
    held(taps.code_of(me, at=now()), kahvila_kaisa(at=now()), at=now())
    page = text_of(phone.get("/me/carriers"))
    assert page.count(CHANGES) == 1
    assert page.count(SAME) == 2
    assert page.count("last used") == 1
    assert page.index("Phone") < page.index("Card number") < page.index("Travel card")


def test_a_sticker_is_added_named_blocked_used_again_and_removed(me, phone):
    added = phone.post("/me/carriers/new", {"kind": "nfc", "code": STICKER, "name": "Key ring"}, follow=True)
    one = f"/me/carriers/{of_kind(me, 'nfc')}"
    assert added.redirect_chain == [(one, 302)]
    assert "Key ring" in text_of(added)
    assert SAME in text_of(added)
    assert "Wallet" in text_of(phone.post(one, {"name": "Wallet"}, follow=True))
    assert "Blocked" in text_of(phone.post(f"{one}/block", follow=True))
    assert "Use it again" in text_of(phone.get(one))
    assert "It works again" in text_of(phone.post(f"{one}/use", follow=True))
    assert "Removed" in text_of(phone.post(f"{one}/removal", follow=True))
    assert phone.get(one).status_code == 404
    assert [medium.kind for medium in carriers_of(me)] == ["phone", "printed"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "nfc", "code": ""}, "Enter the number of the chip"),
        ({"code": STICKER}, "Choose one."),
        ({"kind": "printed", "code": STICKER}, "Choose one."),
        ({"kind": "nfc", "code": "3735928559"}, "hexadecimal"),
        ({"kind": "nfc", "code": "08:11:22:33"}, "makes up a new number each time"),
        ({"kind": "nfc", "code": STICKER, "name": "131052-308T"}, "personal identity code"),
    ],
)
def test_what_cannot_be_added_is_said_beside_its_field(me, phone, sent, said):
    answer = phone.post("/me/carriers/new", {"name": ""} | sent)
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert "There is a problem" in text_of(answer)
    assert len(carriers_of(me)) == 2


def test_a_form_carries_no_more_than_it_asks_for(phone):
    assert phone.post("/me/carriers/new", {"kind": "nfc", "code": STICKER, "level": "static"}).status_code == 400


def test_a_new_number_takes_the_place_of_the_old_one(me, phone):
    old, number_id = card_number(me), of_kind(me, "printed")
    answer = phone.post(f"/me/carriers/{number_id}/replacement", follow=True)
    assert answer.redirect_chain == [("/me/card-number/paper", 302)]
    assert card_number(me) != old
    assert "Replaced" in text_of(phone.get("/me/carriers"))


def test_carriers_of_others_are_not_there(me, phone):
    other = taps.cardholder("eino@example.fi", at=now())
    one = f"/me/carriers/{sticker(other, at=now())}"
    asked = [phone.get(one), *(phone.post(f"{one}{act}") for act in ("/block", "/use", "/replacement", "/removal"))]
    assert [answer.status_code for answer in asked] == [404] * 5
    assert phone.post(one, {"name": "Mine"}).status_code == 404


def test_the_card_on_paper_is_shown_when_asked_for_and_says_what_it_is_first(me, phone):
    number = card_number(me)
    first = text_of(phone.get("/me/card-number/paper"))
    assert "What it cannot do" in first
    assert "<svg xmlns" not in first
    shown = text_of(phone.post("/me/card-number/print"))
    assert " ".join(number[place : place + 4] for place in range(0, 16, 4)) in shown
    assert shown.count("<svg xmlns") == 2


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_pdf_is_a_file_of_its_own_that_is_kept_nowhere(phone, language):
    phone.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = phone.post("/me/card-number/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert f"/Lang({language})".encode() in answer.content
    assert b"pdfuaid" in answer.content


def test_a_blocked_phone_is_listed_as_not_in_use(me, phone):
    block_medium(me.person_id, of_kind(me, "phone"), by=me, at=now())
    page = text_of(phone.get("/me/carriers"))
    assert page.index("Card number") < page.index("Not in use") < page.index("Phone</a>")
