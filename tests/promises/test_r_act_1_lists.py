"""R-ACT-1, lists: what leaves after sharing was stopped and begun again is entered after the stop."""

from datetime import timedelta

from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import disclose_list
from kliento.domain.sharing.actions import end_grant, grant_field
from tests.world import NOON, aino, kahvila_kaisa, operator, relation_of, shares, stores


def test_what_is_shared_again_within_the_hour_is_entered_again(db):
    kaisa, me = kahvila_kaisa(), stores(aino(), first_name="Aino")
    shares(me, kaisa, "first_name")
    kaija = operator(kaisa)

    def look(minute: int) -> list[dict[str, str]]:
        at = NOON + timedelta(minutes=minute)
        found = disclose_list([relation_of(me, kaisa)], to=kaija, purpose="serving", fields=["first_name"], at=at)
        return list(found.values())

    assert look(1) == [{"first_name": "Aino"}]
    end_grant(me.person_id, kaisa.third_party_id, "first_name", by=me, at=NOON + timedelta(minutes=2))
    again = NOON + timedelta(minutes=3)
    grant_field(me.person_id, kaisa.third_party_id, "first_name", by=me, at=again)

    assert look(4) == [{"first_name": "Aino"}]
    newest = entries_of([me.person_id])[0]
    assert (newest.kind, newest.at) == ("disclosed", NOON + timedelta(minutes=4))
    assert look(5) == [{"first_name": "Aino"}]
    assert entries_of([me.person_id])[0].id == newest.id
