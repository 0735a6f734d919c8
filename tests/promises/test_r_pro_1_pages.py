"""R-PRO-1 on the pages: all of one's data at any time, with sources and retention; free; also while restricted."""

import pytest

from kliento.domain.cards.actions import issue_card
from kliento.domain.policy.queries import register
from kliento.kernel.clock import now
from kliento.web.reading import as_read
from tests.choosing import agree
from tests.phone import phone_of, text_of
from tests.taps import restricted, tap
from tests.world import aino, kahvila_kaisa, stores

VALUES = {"first_name": "Aino", "phone": "+358401234567", "birth_date": "1990-02-14", "city": "Helsinki"}


@pytest.fixture
def me(db):
    person = stores(aino(at=now()), at=now(), **VALUES)
    issue_card(person.person_id, at=now())
    tap(person, kahvila_kaisa(at=now()), at=now())
    return person


def how_long(purpose: str) -> str:
    return register().retention[register().purpose(purpose).retention].label.en


def details_of(person) -> str:
    return text_of(phone_of(person).get("/me/details"))


def test_every_value_stands_there_with_its_source(me):
    page = details_of(me)
    source = register().source("person").label.en

    for field, text in VALUES.items():
        row = page.split(f'id="{field}"')[1].split("</li>")[0]
        assert as_read(register().field(field), text) in row
        assert f"Source: {source}," in row


def test_what_kliento_keeps_stands_there_or_behind_a_link_with_its_source(me):
    page = details_of(me).split("Kept by Kliento")[1]

    for field in register().fields.values():
        if field.keeper != "person" and field.status == "in_use":
            row = page.split(f">{field.label.en}</dt>")[1].split("</dd>")[0]
            assert "Source: " in row
            assert row.split("Source: ")[0].replace("<dd>", "").replace('<span class="detail-note">', "").strip(), field


def test_it_says_how_long_everything_is_kept(me):
    phone = phone_of(me)
    agree(phone, "/me/details/allergies/consent")
    phone.post("/me/details/allergies", {"value": "Pähkinät"})
    page = details_of(me)

    assert f"How long: {how_long('service')}" in page
    for label, purpose in [("Allergies", "special_storage"), ("Visits", "identification"), ("Sign-ins", "security")]:
        row = page.split(f">{label}<")[1].split("</dd>")[0].split("</li>")[0]
        assert f"How long: {how_long(purpose)}" in row


def test_visits_stand_in_activity_and_the_number_behind_its_button(me):
    phone = phone_of(me)

    assert "Kahvila Kaisa" in text_of(phone.get("/me/activity"))
    assert "Kahvila Kaisa" in text_of(phone.get("/me/sharing"))
    assert "K1" in text_of(phone.post("/me/card-number/showing"))


def test_taking_everything_along_is_free_however_often(me):
    phone = phone_of(me)

    assert "costs nothing" in text_of(phone.get("/me/download"))
    for _ in range(3):
        answer = phone.post("/me/download")
        assert answer["Content-Disposition"].startswith("attachment")
        assert {value["field"] for value in answer.json()["values"]} == {*VALUES, "login_email"}


def test_a_restricted_person_reads_the_same(me):
    before = details_of(me)
    restricted(me)

    assert [text for text in ("Aino", "040 1234567", "Helsinki") if text not in details_of(me)] == []
    assert details_of(me).count("Source: ") == before.count("Source: ")
