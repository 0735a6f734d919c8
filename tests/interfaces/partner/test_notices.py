"""What a company has still to delete: confirmed, and undone when it was a slip."""

from datetime import timedelta

from kliento.domain.sharing.actions import confirm_deletion
from kliento.domain.sharing.queries import notices_of, open_notices
from kliento.kernel.clock import now
from kliento.web.reading import member_number
from tests.office import Office
from tests.phone import text_of


def test_deleted_is_confirmed_and_the_member_sees_it(portal, kaisa: Office) -> None:
    assert member_number(kaisa.number) in text_of(portal.get("/partner/notices"))

    there = portal.post("/partner/notices/confirmation", {"notice": [str(kaisa.notice_id)]})["Location"]

    assert there == f"/partner/notices#notice-{kaisa.notice_id}"
    assert open_notices(kaisa.place.third_party_id, limit=9) == []
    assert notices_of(kaisa.aino.person_id, kaisa.place.third_party_id)[0].confirmed_at is not None


def test_deleted_by_a_slip_stays_on_the_page_and_is_undone_there(portal, kaisa: Office) -> None:
    named = {"notice": [str(kaisa.notice_id)]}
    portal.post("/partner/notices/confirmation", named)
    assert ">Undo<" in text_of(portal.get("/partner/notices"))

    portal.post("/partner/notices/undoing", named)

    assert [notice.id for notice in open_notices(kaisa.place.third_party_id, limit=9)] == [kaisa.notice_id]
    assert notices_of(kaisa.aino.person_id, kaisa.place.third_party_id)[0].confirmed_at is None
    assert ">Undo<" not in text_of(portal.get("/partner/notices"))


def test_an_hour_after_the_last_confirmation_nothing_is_left_to_delete(portal, kaisa: Office) -> None:
    confirm_deletion(kaisa.notice_id, by=kaisa.owner, at=now() - timedelta(minutes=61))
    assert "Nothing to delete" in text_of(portal.get("/partner/notices"))
    assert portal.post("/partner/notices/undoing", {"notice": [str(kaisa.notice_id)]}).status_code == 409
