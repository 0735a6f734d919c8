"""R-ACT-2: Activity shows the named recipient, fields, purpose, basis and date of what left."""

from datetime import timedelta

from django.db import transaction

from kliento.domain.activity.queries import entry_of, reading_of
from kliento.domain.activity.rules import NewEntry
from kliento.domain.gate.actions import ThirdPartyRecipient, at_till, disclose, disclose_many
from kliento.domain.people.queries import lock_people
from kliento.domain.recipients.queries import names_of
from tests.world import NOON, aino, kahvila_kaisa, relation_of, shares, stores

UNTIL = NOON + timedelta(days=30)
LATER = NOON + timedelta(minutes=5)


def test_a_disclosure_shows_who_what_why_on_what_basis_when_and_until_when(db):
    me, kaisa = stores(aino(), first_name="Aino", phone="040 123 4567", city="Helsinki"), kahvila_kaisa()
    shares(me, kaisa, "first_name", "city", until=UNTIL)
    asked = ["first_name", "phone", "city"]
    got = disclose(
        me.person_id, to=ThirdPartyRecipient(kaisa.third_party_id), purpose="serving", fields=asked, at=LATER
    )
    entry = entry_of([me.person_id], got.entry_id)
    assert names_of([entry.recipient_id])[entry.recipient_id].name == "Kahvila Kaisa"
    assert entry.fields == ("first_name", "city") == tuple(got.values)
    assert (entry.purpose, entry.basis, entry.at, entry.until) == ("serving", "consent", LATER, UNTIL)
    assert str(reading_of(entry).line) == "Saw part of what they asked for"


def test_a_visit_shows_what_was_shown_with_it(db):
    me, kaisa = stores(aino(), first_name="Aino", nickname="Ansku", phone="040 123 4567"), kahvila_kaisa()
    shares(me, kaisa, "nickname", "phone")
    with transaction.atomic():
        ask = at_till(
            lock_people([me.person_id])[me.person_id],
            relation_of(me, kaisa),
            to=ThirdPartyRecipient(kaisa.third_party_id, kaisa.terminal.terminal_id),
            entry=NewEntry(me.person_id, "visit", LATER, purpose="identification", basis="contract"),
            at=LATER,
        )
        [sealed] = disclose_many([ask], at=LATER)
    entry = entry_of([me.person_id], sealed.entry_id)
    assert entry.fields == ("nickname",) == tuple(sealed.open())
    assert (entry.kind, entry.recipient_id, entry.at) == ("visit", kaisa.third_party_id, LATER)
    assert (entry.purpose, entry.basis) == ("serving", "consent")
