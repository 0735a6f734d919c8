"""R-VIS-8, asking by API: whoever asks never learns why nothing came; the person does. (T-30: whole answers.)"""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.people.models import Person
from kliento.domain.profile.actions import hide_value, remove_value
from kliento.domain.sharing.actions import end_grant
from tests.world import NOON, aino, kahvila_kaisa, shares, stores


def _removed_and_shared_again(me, kaisa):
    """Removing ends the sharing; shared again, there is a choice without a value."""
    remove_value(me.person_id, "first_name", by=me, at=NOON)
    shares(me, kaisa, "first_name")


OBSTACLES = {
    "hidden": lambda me, kaisa: hide_value(me.person_id, "first_name", by=me, at=NOON),
    "empty": _removed_and_shared_again,
    "not_chosen": lambda me, kaisa: end_grant(me.person_id, kaisa.third_party_id, "first_name", by=me, at=NOON),
    "restricted": lambda me, kaisa: Person.objects.update(state=Person.State.RESTRICTED),
}


@pytest.mark.parametrize("reason", OBSTACLES)
def test_the_asker_gets_one_answer_and_the_person_the_reason(db, reason):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    OBSTACLES[reason](me, kaisa)
    with pytest.raises(Refused) as refused:
        disclose(
            me.person_id,
            to=ThirdPartyRecipient(kaisa.third_party_id),
            purpose="serving",
            fields=["first_name"],
            at=NOON,
        )
    assert (refused.value.code, str(refused.value.message), refused.value.pointer) == (
        "withheld",
        "Not available.",
        None,
    )
    assert entries_of([me.person_id])[0].payload["withheld"] == {"first_name": reason}


@pytest.mark.parametrize("reason", ["hidden", "empty", "not_chosen"])
def test_a_partial_answer_names_what_is_missing_and_not_why(db, reason):
    me, kaisa = stores(aino(), first_name="Aino", phone="040 123 4567"), kahvila_kaisa()
    shares(me, kaisa, "first_name", "phone")
    OBSTACLES[reason](me, kaisa)
    got = disclose(
        me.person_id,
        to=ThirdPartyRecipient(kaisa.third_party_id),
        purpose="serving",
        fields=["first_name", "phone"],
        at=NOON,
    )
    assert (got.values, got.withheld) == ({"phone": "+358401234567"}, ("first_name",))
