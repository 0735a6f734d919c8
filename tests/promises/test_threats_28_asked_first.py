"""Threat 28: what cannot be taken back is asked once more, without a script too: one press deletes no card."""

import pytest
from django.test import Client

from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.clock import now
from tests import programmes
from tests.blanks import blank_card, code_for, shown
from tests.phone import text_of
from tests.world import kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


def test_a_card_and_all_under_it_are_deleted_on_the_second_answer_only():
    at = now()
    kaisa, visitor = kahvila_kaisa(at=at), Client()
    programmes.offered(kaisa, at=at)
    code = code_for(number := blank_card(at=at), kaisa, at=at)
    sent = {"number": number, "code": code}
    asked = text_of(visitor.post("/card/", sent | {"act": "delete"}))
    assert "Delete it and the card?" in asked
    assert "Kahvila Kaisa" in asked
    assert "1 of 3 stamps" in asked
    assert "There is no way back." in asked
    kept = text_of(visitor.post("/card/", sent | {"act": ""}))
    assert "What is kept under your card" in kept
    assert shown(number, kaisa, at=at).outcome is Outcome.UNCLAIMED
    assert "no till takes the card any more" in text_of(visitor.post("/card/", sent | {"act": "delete_for_good"}))
    assert shown(number, kaisa, at=at).outcome is Outcome.UNKNOWN
    assert not Visit.objects.filter(subject_id__isnull=False).exists()
