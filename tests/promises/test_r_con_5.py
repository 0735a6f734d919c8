"""R-CON-5 and threat 11: only the person gives a consent; nobody else can, whatever they are."""

import pytest

from kliento.domain.consents.actions import give_consent, note_refusal, note_shown
from kliento.domain.consents.models import Event
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.sharing.actions import grant_special_field
from kliento.kernel.actor import AccountActor, OperatorActor, PersonActor, SystemActor, TerminalActor, Visitor
from kliento.kernel.errors import NotAllowed
from kliento.kernel.ids import new_id
from tests.declaring import MARKETING, in_use, running_by
from tests.domain.policy.declarations import default_text
from tests.world import NOON, Place, aino, eino, kahvila_kaisa, operator

CHOICES = [Choice("direct_marketing", "email"), Choice("special_storage", field="allergies")]


def others(me: PersonActor, kaisa: Place) -> dict:
    return {
        "another person": eino(),
        "who says to be them with another account": PersonActor(new_id(), me.account_id, "active"),
        "their own account without them": AccountActor(me.account_id),
        "the shop": operator(kaisa),
        "a forged operator": OperatorActor(me.account_id, new_id(), kaisa.third_party_id, "owner"),
        "a till": kaisa.terminal,
        "a forged till": TerminalActor(new_id(), new_id(), new_id()),
        "the service": SystemActor("import"),
        "nobody": Visitor(),
    }


@pytest.mark.parametrize("choice", CHOICES, ids=["marketing", "health"])
def test_r_con_5_nobody_but_the_person_gives(db, settings, tmp_path, choice):
    running_by(in_use(default_text(), *MARKETING), settings, tmp_path, at=NOON)
    me = aino()
    for who, by in others(me, kahvila_kaisa()).items():
        for act in (give_consent, note_refusal):
            with pytest.raises(NotAllowed):
                act(me.person_id, choice, by=by, at=NOON)
        with pytest.raises(NotAllowed):
            note_shown(me.person_id, [choice], language="en", by=by, at=NOON)
        assert standing(me.person_id) == frozenset(), who
    assert not Event.objects.exists()
    give_consent(me.person_id, choice, by=me, at=NOON)
    assert standing(me.person_id) == {choice}


def test_threat_11_nobody_gives_it_along_with_something_else(db):
    me, kaisa = aino(), kahvila_kaisa()
    for who, by in others(me, kaisa).items():
        with pytest.raises(NotAllowed):
            grant_special_field(me.person_id, kaisa.third_party_id, "allergies", by=by, at=NOON)
        assert not Event.objects.exists(), who
