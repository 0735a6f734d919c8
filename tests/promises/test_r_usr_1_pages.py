"""R-USR-1 on the pages: each optional field is added, hidden, shared and removed on its own; private by default."""

import pytest

from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose, own_values
from kliento.domain.policy.queries import register
from kliento.domain.sharing.actions import SERVING
from kliento.kernel.clock import now
from tests.choosing import share
from tests.phone import phone_of, text_of
from tests.world import aino, kahvila_kaisa, kuntosali_kunto

VALUES = {"first_name": "Aino", "phone": "+358401234567", "city": "Helsinki"}


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now())


@pytest.fixture
def me(kaisa):
    return aino(at=now())


@pytest.fixture
def phone(me):
    """Her browser, in which she has added each detail on its own page."""
    phone = phone_of(me)
    for field, text in VALUES.items():
        assert phone.post(f"/me/details/{field}", {"value": text}).status_code == 302
    return phone


def seen_by(place, me) -> set[str]:
    """Everything that third party gets by asking for all it could be given."""
    everything = sorted(register().purpose(SERVING).fields)
    recipient = ThirdPartyRecipient(place.third_party_id)
    try:
        return set(disclose(me.person_id, to=recipient, purpose=SERVING, fields=everything, at=now()).values)
    except Refused:
        return set()


def test_nothing_is_asked_for_that_could_be_left_out(me):
    page = text_of(phone_of(me).get("/me/details"))

    optional = [field for field in register().fields.values() if field.keeper == "person" and field.status == "in_use"]
    assert not any(field.mandatory for field in optional)
    assert all(f'href="/me/details/{field.code}"' in page for field in optional)


def test_what_is_added_is_private_and_every_switch_is_off(phone, me, kaisa):
    assert seen_by(kaisa, me) == set()

    page = text_of(phone.get(f"/me/sharing/{kaisa.third_party_id}"))
    assert page.count('role="switch" aria-checked="false"') == len(VALUES)
    assert 'aria-checked="true"' not in page


def test_a_switch_shares_one_detail_with_one_company_and_takes_it_back(phone, me, kaisa):
    kunto = kuntosali_kunto(at=now())

    share(phone, f"/me/sharing/{kaisa.third_party_id}", "phone")
    assert (seen_by(kaisa, me), seen_by(kunto, me)) == ({"phone"}, set())
    phone.post(f"/me/sharing/{kaisa.third_party_id}/phone/ending")
    assert seen_by(kaisa, me) == set()


def test_hiding_and_removing_one_detail_leave_the_others(phone, me, kaisa):
    for field in VALUES:
        share(phone, f"/me/sharing/{kaisa.third_party_id}", field)

    phone.post("/me/details/phone/hiding")
    assert seen_by(kaisa, me) == {"first_name", "city"}
    phone.post("/me/details/city/removal")
    assert seen_by(kaisa, me) == {"first_name"}
    phone.post("/me/details/phone/showing")
    assert seen_by(kaisa, me) == {"first_name", "phone"}
    assert set(own_values(me)) == {"first_name", "phone", "login_email"}
