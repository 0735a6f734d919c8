"""T-11: a choice forged by staff, import or partner. Objections are made and ended by the person alone."""

import pytest

from kliento.domain.consents.actions import end_objection, object_to
from kliento.domain.consents.queries import objections_of
from kliento.domain.policy.queries import register
from kliento.kernel.errors import NotAllowed
from tests.forging import others
from tests.phone import phone_of
from tests.world import NOON, aino, eino, kahvila_kaisa


@pytest.mark.parametrize("code", register().objections)
def test_threat_11_nobody_else_makes_or_ends_an_objection(db, code):
    me = aino()
    everybody = others(me, kahvila_kaisa())
    for who, by in everybody.items():
        with pytest.raises(NotAllowed):
            object_to(me.person_id, code, by=by, at=NOON)
        assert objections_of([me.person_id])[me.person_id] == frozenset(), who
    object_to(me.person_id, code, by=me, at=NOON)
    for who, by in everybody.items():
        with pytest.raises(NotAllowed):
            end_objection(me.person_id, code, by=by, at=NOON)
        assert objections_of([me.person_id])[me.person_id] == {code}, who


def test_threat_11_a_page_acts_for_whoever_is_signed_in_alone(db):
    me, other = aino(), eino()
    phone_of(other).post("/me/purposes/direct_advertising/objection", {"person_id": str(me.person_id)})
    phone_of(other).post(f"/me/purposes/direct_advertising/objection?person={me.person_id}")
    assert objections_of([me.person_id])[me.person_id] == frozenset()
