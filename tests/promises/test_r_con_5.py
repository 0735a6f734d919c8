"""R-CON-5 and threat 11: only the person gives a consent; nobody else can, whatever they are."""

import pytest

from kliento.domain.consents.actions import give_consent, note_refusal, note_shown
from kliento.domain.consents.models import Event
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.kernel.errors import NotAllowed
from tests.declaring import MARKETING, in_use, running_by
from tests.domain.policy.declarations import default_text
from tests.forging import others
from tests.world import NOON, aino, kahvila_kaisa

CHOICES = [Choice("direct_marketing", "email"), Choice("special_storage", field="allergies")]


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
