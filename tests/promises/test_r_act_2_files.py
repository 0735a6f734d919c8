"""R-ACT-2: a file of one's Activity names recipient, fields, purpose, basis and date of every entry: all of one's own,
those of a card one added too, and nobody else's."""

import csv
import io
import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entries_of
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.actions import issue_card
from kliento.domain.cards.queries import subjects_of
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.kernel.clock import now
from tests.blanks import blank_card, claimed, shown
from tests.phone import phone_of
from tests.world import aino, eino, kahvila_kaisa, kuntosali_kunto, shares, stores

pytestmark = pytest.mark.both_engines
FILE = "/me/activity/file"


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def me(kaisa):
    """Who shares a first name, was asked for more, and added a card that was shown before."""
    person = stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567")
    shares(person, kaisa, "first_name")
    asked(person, kaisa, "first_name", "phone")
    issue_card(person.person_id, at=now())
    number = blank_card(at=now() - timedelta(hours=3))
    shown(number, kaisa, at=now() - timedelta(hours=2))
    claimed(number, kuntosali_kunto(at=now() - timedelta(days=2)), person, at=now())
    return person


def asked(person, place, *fields):
    with suppress(Refused):
        to = ThirdPartyRecipient(place.third_party_id)
        disclose(person.person_id, to=to, purpose="serving", fields=fields, at=now())


def taken(person, **sought):
    answer = phone_of(person).post(FILE, {"kind": "json", **sought})
    assert answer.status_code == 200
    return json.loads(b"".join(answer.streaming_content))


def rows(person, **sought) -> list[dict[str, str]]:
    answer = phone_of(person).post(FILE, {"kind": "csv", **sought})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    page = b"".join(answer.streaming_content)
    assert page.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(page.decode("utf-8-sig"), newline="")))


def own_ids(person) -> list[str]:
    return [str(entry.id) for entry in entries_of(subjects_of(person.person_id), limit=5000)]


def test_r_act_2_a_file_holds_all_of_ones_own_entries_and_nobody_elses(me, kaisa):
    stranger = stores(eino(at=now()), at=now(), first_name="Eino")
    asked(stranger, kaisa, "first_name")
    file = taken(me)

    assert [entry["id"] for entry in file["entries"]] == own_ids(me)
    assert file["count"] == len(own_ids(me))
    assert file["schema"] == "kliento/activity/1"
    assert {entry["entered_under"]["is_card"] for entry in file["entries"]} == {True, False}
    assert file["entries"][0]["kind"] == "activity_downloaded"


def test_r_act_2_each_entry_says_who_what_why_on_what_basis_and_when(me, kaisa):
    [look] = taken(me, what="looks", field="first_name")["entries"]
    [row] = rows(me, what="looks", field="first_name")

    assert look["company"] == {"id": str(kaisa.third_party_id), "name": "Kahvila Kaisa"}
    assert look["fields"] == [{"code": "first_name", "label": "First name"}]
    assert look["purpose"] == {"code": "serving", "label": "Serving you"}
    assert look["legal_basis"] == {"code": "consent", "label": "Your consent, GDPR Art. 6(1)(a)"}
    assert look["refused"] == [
        {"code": "phone", "label": "Phone number", "reason": "You have not shared it with them."}
    ]
    assert (row["Who"], row["Company"], row["Details"], row["Why"], row["Legal basis"]) == (
        "Kahvila Kaisa",
        "Kahvila Kaisa",
        "First name",
        "Serving you",
        "Your consent, GDPR Art. 6(1)(a)",
    )
    assert row["Refused"] == "Phone number: You have not shared it with them."
    assert row["Date"] == look["at"][:10] or row["Time"] < "03:00:00"
    assert row["Number in your Activity"] == str(look["number"])


def test_r_act_2_a_long_log_is_in_the_file_to_its_end_in_as_many_statements_a_piece(me, kaisa):
    """Entries of one moment, and visits of an added card far apart, over the end of a piece."""
    [_person, card], then = subjects_of(me.person_id), now()
    with transaction.atomic():
        record([NewEntry(me.person_id, "value_stored", then, fields=("city",)) for _ in range(1100)])
        record([NewEntry(card, "visit", then - timedelta(hours=each), kaisa.third_party_id) for each in range(1, 1201)])
    phone = phone_of(me)
    with CaptureQueriesContext(connection) as captured:
        file = json.loads(b"".join(phone.post(FILE, {"kind": "json"}).streaming_content))

    assert [entry["id"] for entry in file["entries"]] == own_ids(me)
    assert file["count"] > 2300
    assert len(captured) <= 20 + 6 * 6


def test_r_act_2_what_was_looked_for_is_what_is_in_the_file_in_the_language_of_the_page(me):
    phone = phone_of(me)
    phone.cookies["django_language"] = "fi"
    page = b"".join(phone.post(FILE, {"kind": "csv", "field": "phone"}).streaming_content).decode("utf-8-sig")

    assert page.startswith('"Päivä";"Aika"')
    assert page.count("Puhelinnumero") == 2  # stored, and refused
    assert "activity_downloaded" not in [entry["kind"] for entry in taken(me, field="phone")["entries"]]
