"""Questions in the portal: made, shown, put to a member, closed."""

from tests.office import Office
from tests.phone import text_of


def test_a_question_is_made_shown_and_closed(portal, kaisa: Office) -> None:
    sent = {
        "purpose": "serving",
        "detail_first_name": "needed",
        "detail_over_18": "optional",
        "reason": "To book a class.",
        "grant_days": "365",
    }
    there = portal.post("/partner/questions/new", sent)["Location"]
    page = text_of(portal.get(there))
    assert "/me/questions/" in page
    assert "data:image/svg+xml" in page
    assert "365 days" in page

    portal.post(f"{there}/closing")

    assert "Closed on" in text_of(portal.get(there))


def test_a_question_without_a_reason_or_a_detail_says_what_to_do(portal) -> None:
    answer = portal.post("/partner/questions/new", {"purpose": "serving", "grant_days": "0", "reason": " "})
    assert answer.status_code == 400
    for missing in ["Say in your own words", "Choose at least one detail"]:
        assert missing in text_of(answer)
    answer = portal.post("/partner/questions/new", {"purpose": "serving", "grant_days": "0", "reason": "Why not"})
    assert "Choose at least one detail" in text_of(answer)


def test_a_detail_of_a_question_is_asked_in_one_way(portal) -> None:
    page = text_of(portal.get("/partner/questions/new"))
    for how in ["not asked", "optional", "needed"]:
        assert f"Phone number: {how}<" in page
    assert page.count('name="detail_phone"') == 3


def test_a_member_is_asked_from_their_page(portal, kaisa: Office) -> None:
    there = portal.post(f"/partner/members/{kaisa.number}/asking", {"question": str(kaisa.question_id)})["Location"]

    assert there == f"/partner/members/{kaisa.number}"
    assert portal.post(f"/partner/members/{kaisa.number}/asking", {}).status_code == 400
