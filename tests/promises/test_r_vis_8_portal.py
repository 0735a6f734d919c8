"""R-VIS-8 and T-30 in the portal: who uses a right reads like somebody who shares nothing; who leaves is not there."""

import pytest

from kliento.domain.people.models import Person
from kliento.domain.profile.actions import hide_value
from kliento.domain.programmes.queries import stamps_at
from kliento.domain.sharing.queries import members_of
from kliento.domain.visits.queries import visits_between
from kliento.interfaces.partner.members import shared_by
from kliento.kernel.clock import now
from tests.office import Office, office
from tests.phone import text_of
from tests.portal import portal_of
from tests.world import relation_of


@pytest.fixture
def kaisa(db) -> Office:
    return office()


def becomes(kaisa: Office, state: str) -> None:
    Person.objects.filter(id=kaisa.aino.person_id).update(state=state)


def test_a_restricted_member_shows_neither_details_nor_stamps(kaisa: Office) -> None:
    portal = portal_of(kaisa.owner)
    assert "stamps. Reward" in text_of(portal.get(f"/partner/members/{kaisa.number}"))
    becomes(kaisa, "restricted")

    page = text_of(portal.get(f"/partner/members/{kaisa.number}"))
    assert "Not available" not in page
    assert "stamps. Reward" not in page
    assert "Aino" not in page
    assert "Nothing. They can change that on their phone at any time." in page
    relation = relation_of(kaisa.aino, kaisa.place)
    assert stamps_at([relation.relationship_id], at=now()) == {}
    assert [one.member_number for one in members_of(kaisa.owner.third_party_id, limit=9)] == [kaisa.number]


def test_what_is_hidden_reads_as_if_it_were_not_shared(kaisa: Office) -> None:
    hide_value(kaisa.aino.person_id, "first_name", by=kaisa.aino, at=now())
    shared = shared_by(relation_of(kaisa.aino, kaisa.place), by=kaisa.owner, at=now())
    assert "First name" not in [str(one.label) for one in shared["serving"]]
    assert all(one.text for one in shared["serving"])


def test_who_leaves_is_not_a_member_from_that_moment_on(kaisa: Office) -> None:
    portal = portal_of(kaisa.owner)
    becomes(kaisa, "erasing")
    today = now().date()

    assert members_of(kaisa.owner.third_party_id, limit=9) == []
    assert portal.get(f"/partner/members/{kaisa.number}").status_code == 404
    rows = visits_between(today, today, by=kaisa.owner, limit=9)
    assert {(row.member_number, row.fields) for row in rows} <= {("", ())}
    assert kaisa.number not in text_of(portal.get("/partner/today"))
