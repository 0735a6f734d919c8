"""GET /api/v1/members/{number}."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.recipients.actions import revoke_terminal
from kliento.kernel.clock import now
from tests import taps
from tests.blanks import blank_card, claimed, shown
from tests.world import REGISTER_HOLDER, kahvila_kaisa, kuntosali_kunto

ASKED = {"fields": "first_name,phone", "purpose": "serving"}


def _number(person, place) -> str:
    return taps.tap(person, place, at=now()).member_number


def test_a_shop_gets_what_is_shared_and_not_why_the_rest_is_missing(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, place, "first_name")
    number = _number(aino, place)
    response = api_of(place).get(f"/members/{number}", ASKED)
    assert response.status_code == 200
    assert response.json() == {"number": number, "values": {"first_name": "Aino"}, "withheld": ["phone"]}
    assert entries_of([aino.person_id])[0].fields == ("first_name",)


def test_a_refusal_is_entered_and_reads_withheld(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    number = _number(aino, place)
    before = len(entries_of([aino.person_id]))
    response = api_of(place).get(f"/members/{number}", ASKED)
    assert (response.status_code, response.json()["code"]) == (403, "withheld")
    entries = entries_of([aino.person_id])
    assert len(entries) == before + 1
    assert entries[0].payload["withheld"] == {"first_name": "not_chosen", "phone": "not_chosen"}


def test_another_shops_member_number_does_not_exist(api_of):
    place, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    taps.share(aino, place, "first_name")
    number = _number(aino, place)
    theirs, nobodys = (api_of(gym).get(f"/members/{asked}", ASKED) for asked in (number, "00000000"))
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content


def test_the_number_of_a_card_without_an_account_is_as_unknown_as_any(api_of):
    place, aino = kahvila_kaisa(), taps.cardholder(at=now())
    card = shown(number := blank_card(at=now()), place, at=now()).member_number
    answers = [api_of(place).get(f"/members/{asked}", ASKED) for asked in (card, "00000000")]
    claimed(number, place, aino, at=now())
    answers.append(api_of(place).get(f"/members/{card}", ASKED))
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json()["code"] for answer in answers} == {"unknown_member"}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("number", ["1", "123456789", "abc", "%00", "٠١٢٣٤٥٦٧", "x" * 5000])
def test_whatever_is_no_number_does_not_exist(api_of, number):
    assert api_of(kahvila_kaisa()).get(f"/members/{number}", ASKED).status_code == 404


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"fields": "first_name"}, "/purpose"),
        ({"purpose": "serving"}, "/fields"),
        ({**ASKED, "why": "x"}, "/why"),
        ({**ASKED, "fields": ","}, "/fields"),
    ],
)
def test_a_question_that_is_none_is_pointed_at(api_of, query, pointer):
    place, aino = kahvila_kaisa(), taps.aino()
    response = api_of(place).get(f"/members/{_number(aino, place)}", query)
    assert response.status_code == 400
    assert [mistake["pointer"] for mistake in response.json()["errors"]] == [pointer]


@pytest.mark.parametrize("query", [{**ASKED, "purpose": "gossip"}, {**ASKED, "fields": "shoe_colour"}])
def test_what_is_not_declared_cannot_be_asked_for(api_of, query):
    place, aino = kahvila_kaisa(), taps.aino()
    assert api_of(place).get(f"/members/{_number(aino, place)}", query).status_code == 400


def test_unknown_and_revoked_terminals_are_answered_alike(api_of):
    place = kahvila_kaisa()
    revoke_terminal(place.terminal.terminal_id, by=REGISTER_HOLDER, at=now())
    revoked, nobody = api_of(place).get("/members/12345678", ASKED), api_of(None).get("/members/12345678", ASKED)
    assert revoked.status_code == nobody.status_code == 401
    assert revoked.content == nobody.content
    assert revoked["WWW-Authenticate"].startswith("Bearer")
    assert revoked.json()["title"] == "This is not allowed"
