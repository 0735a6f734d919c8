"""R-ACT-4: refused attempts show too, with the reason, and they stay although the asker got an error."""

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.gate.queries import reasons_of
from kliento.domain.people.models import Person
from kliento.domain.profile.actions import hide_value
from tests.world import NOON, aino, kahvila_kaisa, shares, stores


@pytest.mark.parametrize(
    ("obstacle", "says"),
    [
        ("not shared", "You have not shared it with them."),
        ("hidden", "You have hidden it."),
        ("restricted", "You have restricted the use of your data."),
        ("not stored", "You have not stored it."),
    ],
)
def test_a_refused_question_shows_with_its_reason(db, obstacle, says):
    me, kaisa = aino(), kahvila_kaisa()
    if obstacle != "not stored":
        stores(me, first_name="Aino")
    if obstacle != "not shared":
        shares(me, kaisa, "first_name")
    if obstacle == "hidden":
        hide_value(me.person_id, "first_name", by=me, at=NOON)
    if obstacle == "restricted":
        Person.objects.update(state=Person.State.RESTRICTED)
    before = entries_of([me.person_id])[0].number
    with pytest.raises(Refused):
        disclose(
            me.person_id,
            to=ThirdPartyRecipient(kaisa.third_party_id),
            purpose="serving",
            fields=["first_name"],
            at=NOON,
        )
    entry = entries_of([me.person_id])[0]
    assert (entry.kind, entry.recipient_id, entry.fields) == ("disclosure_refused", kaisa.third_party_id, ())
    assert entry.number == before + 1
    assert {field: str(reason) for field, reason in reasons_of(entry.payload).items()} == {"first_name": says}
    assert reading_of(entry).outcome == "no"
