"""At the till: a card without an account, its reward, its claim code."""

import re

import pytest

from kliento.domain.recipients.actions import demand_levels
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import programmes
from tests.blanks import blank_card
from tests.phone import text_of


@pytest.fixture
def number(kaisa) -> str:
    """A blank card at a café that gives a coffee for each visit."""
    programmes.offered(kaisa, needed=1, at=now())
    return blank_card(at=now())


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(visit_id|redemption_id)" value="([^"]+)"', page))


def test_the_reward_and_a_claim_code_are_offered_side_by_side_and_both_are_had(till, number):
    page = text_of(till.post("/counter/", {"code": number}))
    assert "Card without an account" in page
    assert "Give a claim code" in page
    redeemed = text_of(till.post("/counter/redeem", fields(page)))
    assert "Redeemed: A coffee" in redeemed
    assert "0 of 1 stamps" in redeemed
    code = text_of(till.post("/counter/claim-code", {"visit_id": fields(page)["visit_id"]}))
    assert "/me/claim" in code


def test_where_a_reward_asks_for_more_the_way_out_is_told_before_any_press_and_beside_the_refusal(till, kaisa, number):
    owner = programmes.owner_of(kaisa, "toinen@example.fi")
    demand_levels(identify="uid", redeem="rotating", by=owner, at=now())
    page = text_of(till.post("/counter/", {"code": number}))
    assert "To redeem it, give a claim code" in page
    assert "/counter/redeem" not in page
    refused = text_of(till.post("/counter/redeem", fields(page) | {"redemption_id": str(new_id())}))
    assert "This card alone is not enough" in refused
    assert "Give a claim code" in refused
    assert fields(refused)["visit_id"] == fields(page)["visit_id"]
