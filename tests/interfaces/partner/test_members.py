"""Members in the portal: how a member's page reads."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from kliento.kernel.clock import now
from tests.blanks import blank_card, claimed
from tests.office import office
from tests.phone import text_of
from tests.portal import portal_of

HELSINKI = ZoneInfo("Europe/Helsinki")


def test_stamps_that_came_with_a_card_read_so_and_of_their_day_alone(db) -> None:
    kaisa, earlier = office(), now() - timedelta(minutes=25)  # at another visit than her own card's
    claimed(blank_card(at=earlier), kaisa.place, kaisa.aino, at=earlier)

    page = text_of(portal_of(kaisa.owner).get(f"/partner/members/{kaisa.number}"))
    [row] = [row for row in page.split("<tr>") if "Moved with a card" in row]

    assert f'<time datetime="{earlier.astimezone(HELSINKI).date()}">' in row
    assert ":" not in row.partition("<time")[2].partition("</time>")[0].partition(">")[2]
