"""T-30, a shop inferring a right's use from its answer: every refusal is the same answer, byte by byte."""

import re

import pytest
from django.test import Client

from kliento.kernel.actor import PersonActor
from tests.promises.test_r_vis_8_gate import OBSTACLES
from tests.world import Place, aino, eino, kahvila_kaisa, relation_of, shares, stores


def answer(client: Client, me: PersonActor, kaisa: Place) -> tuple[int, str, dict[str, str]]:
    """What a till of the café gets when it asks for a first name; without what is different in every answer."""
    number = relation_of(me, kaisa).member_number
    response = client.get(
        f"/api/v1/members/{number}",
        {"fields": "first_name,phone", "purpose": "serving"},
        headers={"Authorization": f"Bearer {kaisa.secret}"},
    )
    always_new = re.compile("date|request-id", re.IGNORECASE)
    headers = {name: value for name, value in response.headers.items() if not always_new.search(name)}
    return response.status_code, response.content.decode().replace(number, "NUMBER"), headers


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_threat_30_using_a_right_looks_like_never_having_shared(db, client, obstacle):
    kaisa = kahvila_kaisa()
    me, other = (stores(who, first_name="Aino", phone="040 123 4567") for who in (aino(), eino()))
    shares(me, kaisa, "first_name")
    shares(other, kaisa, "city")
    OBSTACLES[obstacle](me, kaisa)
    answered = answer(client, me, kaisa)
    assert answered == answer(client, other, kaisa)
    assert answered[0] == 403
    assert '"withheld"' in answered[1]
