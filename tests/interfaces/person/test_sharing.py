"""One plain switch for each detail and company."""

import pytest

from kliento.domain.sharing.queries import relations
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests.choosing import agree, share
from tests.phone import phone_of, text_of
from tests.world import aino, kahvila_kaisa, kuntosali_kunto, stores


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now())


@pytest.fixture
def me(kaisa):
    return stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567")


def page_address(place) -> str:
    return f"/me/sharing/{place.third_party_id}"


def shared(me, place) -> frozenset[str]:
    relation = next(iter(relations([(me.person_id, place.third_party_id)]).values()), None)
    return relation.granted("serving", at=now()) if relation else frozenset()


def test_a_switch_shares_one_detail_with_one_company(me, kaisa):
    kunto, phone = kuntosali_kunto(at=now()), phone_of(me)

    answer = share(phone, page_address(kaisa), "first_name")
    assert answer["Location"] == f"{page_address(kaisa)}#first_name"
    assert (shared(me, kaisa), shared(me, kunto)) == ({"first_name"}, frozenset())
    phone.post(f"{page_address(kaisa)}/first_name/ending")
    assert shared(me, kaisa) == frozenset()


def test_the_page_shows_what_they_would_see_and_what_stands(me, kaisa):
    phone = phone_of(me)
    share(phone, page_address(kaisa), "first_name")
    page = text_of(phone.get(page_address(kaisa)))

    assert 'role="switch" aria-checked="true" aria-labelledby="label-first_name"' in page
    assert 'role="switch" aria-checked="false" aria-labelledby="label-phone"' in page
    assert "040 1234567" in page
    assert "Each is a controller of its own" in page


def test_a_special_detail_asks_for_consent_for_this_company_alone(me, kaisa):
    phone = phone_of(me)
    agree(phone, "/me/details/allergies/consent")
    phone.post("/me/details/allergies", {"value": "Pähkinät"})
    asked = f"{page_address(kaisa)}/allergies/consent"

    assert phone.post(f"{page_address(kaisa)}/allergies/grant")["Location"] == asked
    assert "Pähkinät" in text_of(phone.get(asked))
    phone.post(asked, {"answer": "refuse"})
    assert shared(me, kaisa) == frozenset()
    agree(phone, asked)
    assert shared(me, kaisa) == {"allergies"}


@pytest.mark.parametrize("code", ["login_email", "card_number", "nonsense"])
def test_what_cannot_be_shared_has_no_switch(me, kaisa, code):
    assert phone_of(me).post(f"{page_address(kaisa)}/{code}/grant").status_code == 404


def test_a_company_there_is_not_is_not_found(me):
    assert phone_of(me).get(f"/me/sharing/{new_id()}").status_code == 404
    assert phone_of(me).post(f"/me/sharing/{new_id()}/first_name/grant").status_code == 404
