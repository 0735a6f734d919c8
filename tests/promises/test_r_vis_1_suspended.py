"""R-VIS-1, afterwards: who is no longer approved, or not for that purpose, gets nothing, whatever was shared."""

import pytest

from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose, disclose_export, disclose_list
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.actions import grant_for_programme
from tests import taps
from tests.world import NOON, Place, kahvila_kaisa, operator, relation_of, shares


def everything_given(me, place: Place) -> list[dict[str, str]]:
    """What the third party gets through a till, an operator, a list, a file, and as the issuer of its card."""
    at_desk, member = operator(place), relation_of(me, place)
    got = []
    for to in (ThirdPartyRecipient.at(place.terminal), at_desk):
        for purpose in ("serving", "programme"):
            try:
                got.append(dict(disclose(me.person_id, to=to, purpose=purpose, fields=["first_name"], at=NOON).values))
            except Refused:
                got.append({})
    for read in (disclose_list, disclose_export):
        got.append(
            read([member], to=at_desk, purpose="serving", fields=["first_name"], at=NOON)[member.relationship_id]
        )
    return got


@pytest.fixture
def shared(db) -> tuple:
    """Somebody who shares a first name with the café, to be served and for its loyalty card."""
    me, kaisa = taps.cardholder(), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    grant_for_programme(me.person_id, kaisa.third_party_id, ["first_name"], by=me, at=NOON)
    assert everything_given(me, kaisa) == [{"first_name": "Aino"}] * 6
    return me, kaisa


@pytest.mark.parametrize("state", [ThirdParty.State.SUSPENDED, ThirdParty.State.DRAFT])
def test_who_is_not_approved_any_more_gets_nothing(shared, state):
    me, kaisa = shared
    ThirdParty.objects.update(state=state)
    assert everything_given(me, kaisa) == [{}] * 6


def test_a_purpose_it_is_not_approved_for_gives_nothing(shared):
    me, kaisa = shared
    ThirdParty.objects.update(purposes=["identification"])
    assert everything_given(me, kaisa) == [{}] * 6
