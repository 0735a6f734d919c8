"""R-USR-1: each optional field is added, hidden, shared and removed on its own; private by default."""

import pytest

from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose, own_values
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import hide_value, remove_value
from kliento.domain.sharing.actions import end_grant
from tests.world import NOON, aino, kahvila_kaisa, kuntosali_kunto, shares, stores

VALUES = {"first_name": "Aino", "phone": "040 123 4567", "city": "Helsinki"}


def seen_by(place, who) -> set[str]:
    """Everything that third party gets by asking for all it could be given."""
    everything = sorted(register().purpose("serving").fields)
    try:
        released = disclose(
            who.person_id, to=ThirdPartyRecipient(place.third_party_id), purpose="serving", fields=everything, at=NOON
        )
    except Refused:
        return set()
    return set(released.values)


def test_what_is_stored_is_private_until_it_is_shared(db):
    me, kaisa = stores(aino(), **VALUES), kahvila_kaisa()
    assert seen_by(kaisa, me) == set()


@pytest.mark.parametrize("field", VALUES)
def test_a_field_is_shared_with_one_third_party_and_nothing_else_is(db, field):
    me, kaisa, kunto = stores(aino(), **VALUES), kahvila_kaisa(), kuntosali_kunto()
    shares(me, kaisa, field)
    assert (seen_by(kaisa, me), seen_by(kunto, me)) == ({field}, set())


@pytest.mark.parametrize("field", VALUES)
def test_a_field_is_hidden_no_longer_shared_or_removed_without_touching_another(db, field):
    me, kaisa = stores(aino(), **VALUES), kahvila_kaisa()
    shares(me, kaisa, *VALUES)
    others = set(VALUES) - {field}

    hide_value(me.person_id, field, by=me, at=NOON)
    assert seen_by(kaisa, me) == others
    assert VALUES.keys() <= own_values(me).keys()

    end_grant(me.person_id, kaisa.third_party_id, field, by=me, at=NOON)
    assert seen_by(kaisa, me) == others

    remove_value(me.person_id, field, by=me, at=NOON)
    assert seen_by(kaisa, me) == others
    assert own_values(me).keys() & VALUES.keys() == others


def test_a_field_added_later_is_private_too(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    stores(me, nickname="Ansku")
    assert seen_by(kaisa, me) == {"first_name"}
