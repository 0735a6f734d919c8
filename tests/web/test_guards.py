"""Who is let in, and where everybody else is sent."""

import pytest
from django.test import Client

from kliento.kernel.clock import now
from tests.phone import phone_of
from tests.world import aino


@pytest.fixture
def visitor(db) -> Client:
    return Client()


def test_a_visitor_signs_in_and_comes_back_to_the_page(visitor):
    assert visitor.get("/me/details")["Location"] == "/sign-in/me/?next=%2Fme%2Fdetails"


def test_a_form_sent_too_late_comes_back_to_its_page_without_what_was_typed(visitor):
    answer = visitor.post("/me/details/first_name", {"value": "Aino"})

    assert answer["Location"] == "/sign-in/me/?next=%2Fme%2Fdetails%2Ffirst_name"


def test_a_fragment_sends_the_whole_page_to_sign_in(visitor):
    answer = visitor.get("/me/latest", headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == "/sign-in/me/"


def test_a_signed_in_person_is_let_in(db):
    assert phone_of(aino(at=now())).get("/me/me").status_code == 200


def test_a_made_up_session_opens_nothing(visitor):
    visitor.cookies["me"] = "a" * 32

    assert visitor.get("/me/me").status_code == 302
