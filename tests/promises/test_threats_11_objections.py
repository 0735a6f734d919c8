"""T-11: a choice forged by staff, import or partner. Objections are made and ended by the person alone."""

from uuid import UUID

import pytest

from kliento.domain.consents.actions import end_objection, object_to
from kliento.domain.consents.queries import objections_of
from kliento.domain.policy.queries import register
from kliento.kernel.actor import AccountActor, OperatorActor, PersonActor, SystemActor, Visitor
from kliento.kernel.errors import NotAllowed
from kliento.kernel.ids import new_id
from tests.phone import phone_of
from tests.world import NOON, aino, eino, kahvila_kaisa, operator

FORGERS = {
    "another person": lambda me, kaisa: eino(),
    "their own account, signed in elsewhere": lambda me, kaisa: AccountActor(me.account_id),
    "a partner's operator": lambda me, kaisa: operator(kaisa),
    "an operator with the person's account": lambda me, kaisa: OperatorActor(
        me.account_id, kaisa.third_party_id, new_id(), "owner"
    ),
    "a till": lambda me, kaisa: kaisa.terminal,
    "a program": lambda me, kaisa: SystemActor(task="import"),
    "a visitor": lambda me, kaisa: Visitor(),
    "a person of another id": lambda me, kaisa: PersonActor(UUID(int=7), me.account_id),
}


@pytest.mark.parametrize("forger", FORGERS)
@pytest.mark.parametrize("code", register().objections)
def test_threat_11_nobody_else_makes_or_ends_an_objection(db, forger, code):
    me, kaisa = aino(), kahvila_kaisa()
    somebody = FORGERS[forger](me, kaisa)
    with pytest.raises(NotAllowed):
        object_to(me.person_id, code, by=somebody, at=NOON)
    assert objections_of([me.person_id])[me.person_id] == frozenset()
    object_to(me.person_id, code, by=me, at=NOON)
    with pytest.raises(NotAllowed):
        end_objection(me.person_id, code, by=somebody, at=NOON)
    assert objections_of([me.person_id])[me.person_id] == {code}


def test_threat_11_a_page_acts_for_whoever_is_signed_in_alone(db):
    me, other = aino(), eino()
    phone_of(other).post("/me/purposes/direct_advertising/objection", {"person_id": str(me.person_id)})
    phone_of(other).post(f"/me/purposes/direct_advertising/objection?person={me.person_id}")
    assert objections_of([me.person_id])[me.person_id] == frozenset()
