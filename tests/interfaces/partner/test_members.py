"""Members in the portal: the list, and one member: what each shows, and to whom."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from kliento.domain.activity.queries import entries_of
from kliento.kernel.clock import now
from kliento.web.reading import member_number
from tests.blanks import blank_card, claimed
from tests.office import Office, office
from tests.phone import text_of
from tests.portal import portal_of
from tests.taps import cardholder, tap
from tests.world import relation_of


def test_the_list_shows_granted_names_and_says_nothing_of_the_rest(portal, kaisa: Office) -> None:
    page = text_of(portal.get("/partner/members"))
    assert "Aino" in page
    assert "Aalto" in page
    assert "+358" not in page
    assert "+358 40 1234567" in text_of(portal.get("/partner/members?fields=phone"))


def test_looking_at_the_list_stands_in_the_members_activity_once_an_hour(portal, kaisa: Office) -> None:
    before = len(entries_of([kaisa.aino.person_id]))
    portal.get("/partner/members")
    portal.get("/partner/members")

    newest = entries_of([kaisa.aino.person_id])
    assert len(newest) == before + 1
    assert set(newest[0].fields) == {"first_name", "last_name"}


def test_a_member_is_found_by_number(portal, kaisa: Office) -> None:
    other = cardholder("eino@example.fi", "Eino", at=now())
    tap(other, kaisa.place, at=now())

    page = text_of(portal.get(f"/partner/members?number={kaisa.number}"))

    assert member_number(kaisa.number) in page
    assert member_number(relation_of(other, kaisa.place).member_number) not in page
    grouped = text_of(portal.get("/partner/members", {"number": member_number(kaisa.number)}))
    assert f">{member_number(kaisa.number)}</a>" in grouped
    assert "No member has that number" in text_of(portal.get("/partner/members?number=99999999"))


def test_a_members_page_shows_grants_stamps_visits_and_what_was_asked(portal, kaisa: Office) -> None:
    page = text_of(portal.get(f"/partner/members/{kaisa.number}"))

    for text in ["Aino", "+358 40 1234567", "1 of 10 stamps", "Kahvi ja pulla", "To book a table.", "Kallio", "+1"]:
        assert text in page
    assert "Turku" not in page


def test_a_number_is_written_in_two_groups_and_read_either_way(portal, kaisa: Office) -> None:
    written = member_number(kaisa.number)
    assert written == f"{kaisa.number[:4]} {kaisa.number[4:]}"
    for path in ["", "/asking"]:
        page = text_of(portal.get(f"/partner/members/{written}{path}"))
        assert f"ember {written}</h1>" in page


def test_somebody_elses_number_is_not_found(portal, kaisa: Office) -> None:
    for path in ["members/00000000", "members/abc", "members/00000000/asking", "members/١٢"]:
        assert portal.get(f"/partner/{path}").status_code == 404


def test_a_field_no_list_may_show_is_refused(portal) -> None:
    for field in ["allergies", "visits", "nothing", "birth_date\x00"]:
        assert portal.get("/partner/members", {"fields": field}).status_code == 400


HELSINKI = ZoneInfo("Europe/Helsinki")


def test_stamps_that_came_with_a_card_read_so_and_of_their_day_alone(db) -> None:
    kaisa, earlier = office(), now() - timedelta(minutes=25)  # at another visit than her own card's
    claimed(blank_card(at=earlier), kaisa.place, kaisa.aino, at=earlier)

    page = text_of(portal_of(kaisa.owner).get(f"/partner/members/{kaisa.number}"))
    [row] = [row for row in page.split("<tr>") if "Moved with a card" in row]

    assert f'<time datetime="{earlier.astimezone(HELSINKI).date()}">' in row
    assert ":" not in row.partition("<time")[2].partition("</time>")[0].partition(">")[2]
