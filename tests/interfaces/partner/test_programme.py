"""The loyalty programme in the portal."""

from tests.office import Office
from tests.phone import text_of


def test_a_programme_is_changed_closed_and_started_anew(portal, kaisa: Office) -> None:
    terms = {
        "name": "Kaisan kortti",
        "reward": "Pulla",
        "stamps_needed": "8",
        "most_a_day": "1",
        "stamps_last_days": "",
    }
    assert portal.post("/partner/programme/change", terms).status_code == 302
    assert "Pulla" in text_of(portal.get("/partner/programme"))
    for number in ["0", "101", "many", "", "\u00b2"]:
        wrong = portal.post("/partner/programme/change", {**terms, "stamps_needed": number})
        assert wrong.status_code == 400
        assert "Stamps for a reward: enter 1 to 100." in text_of(wrong), number
    assert "Reward: fill it in." in text_of(portal.post("/partner/programme/change", {**terms, "reward": ""}))
    portal.post("/partner/programme/closing")
    assert "No programme yet" in text_of(portal.get("/partner/programme"))

    wrong = portal.post("/partner/programme/new", {**terms, "fields_asked": ["first_name"], "reason": ""})
    assert wrong.status_code == 400
    assert "people see it before they decide" in text_of(wrong)
    assert portal.post("/partner/programme/new", {**terms, "fields_asked": [], "reason": ""}).status_code == 302
