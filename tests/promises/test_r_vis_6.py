"""R-VIS-6: nobody is approved without a recorded role arrangement; its essence stands on the company page."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.queries import approved_third_parties
from kliento.kernel.errors import Invalid, NotAllowed
from tests import taps
from tests.phone import phone_of
from tests.world import NOON, REGISTER_HOLDER, kahvila_kaisa

ARRANGEMENT = "Each is a controller of its own; Kliento answers requests about the card."


@pytest.fixture
def draft(db) -> ThirdParty:
    """A gym that is not approved yet."""
    return recipients.add_third_party(
        name="Kuntosali Kunto", business_id="2345678-0", country="FI", by=REGISTER_HOLDER, at=NOON
    )


@pytest.mark.parametrize(
    ("arrangement", "signed_on"),
    [("", NOON.date()), ("  \n ", NOON.date()), (ARRANGEMENT, None), (ARRANGEMENT, NOON.date() + timedelta(days=1))],
)
def test_approval_is_refused_without_a_signed_arrangement(draft, arrangement, signed_on):
    with pytest.raises(Invalid) as refused:
        recipients.approve_third_party(
            draft.id, arrangement=arrangement, signed_on=signed_on, by=REGISTER_HOLDER, at=NOON
        )
    assert refused.value.code in {"arrangement_missing", "arrangement_unsigned"}
    assert approved_third_parties() == []


def test_not_even_the_database_keeps_such_an_approval(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        ThirdParty.objects.filter(id=draft.id).update(state=ThirdParty.State.APPROVED)


def test_before_approval_no_terminal_records_anything(draft):
    premises = recipients.add_premises(draft.id, "Töölö", by=REGISTER_HOLDER, at=NOON)
    with pytest.raises(NotAllowed):
        recipients.make_pairing_code(premises.id, by=REGISTER_HOLDER, at=NOON)


def test_its_essence_stands_on_the_company_page(db):
    place, aino = kahvila_kaisa(), taps.aino()
    taps.tap(aino, place)
    page = phone_of(aino).get(f"/me/sharing/{place.third_party_id}")
    assert ARRANGEMENT in page.content.decode()
