"""R-USR-1: what is stored where a value was removed is not shared by an old choice, not even at a first visit."""

from kliento.domain.profile.actions import remove_value
from kliento.domain.sharing.actions import set_default_set
from kliento.domain.sharing.queries import default_set
from tests import taps
from tests.world import NOON, kahvila_kaisa, stores


def test_a_removed_value_and_its_facts_leave_the_default_set(db):
    me = stores(taps.cardholder(), city="Lahti", birth_date="1990-02-14")
    set_default_set(me.person_id, ["first_name", "city", "over_18"], by=me, at=NOON)
    for field in ("city", "birth_date"):
        remove_value(me.person_id, field, by=me, at=NOON)
    assert default_set(me.person_id) == {"first_name"}

    stores(me, city="Turku", birth_date="1990-02-14")
    assert taps.tap(me, kahvila_kaisa()).values == {"first_name": "Aino"}
