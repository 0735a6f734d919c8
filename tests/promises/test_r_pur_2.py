"""R-PUR-2: reading a personal value without a declared purpose and field raises, returns nothing, and is recorded."""

from collections.abc import Callable

import pytest
from django.db import transaction

from kliento.domain.activity.queries import entries_of
from kliento.domain.activity.rules import EntryView
from kliento.domain.gate.actions import (
    Refused,
    ThirdPartyRecipient,
    disclose,
    open_for_delivery,
    open_sealed,
    own_values,
)
from kliento.domain.vault.actions import seal_text
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Invalid, KlientoError
from tests.world import NOON, Place, aino, kahvila_kaisa, shares, stores

FOREIGN = "<script>alert(1)</script>"


def refusal_entered(of: PersonActor, reading: Callable[[], object]) -> tuple[KlientoError, EntryView]:
    """What reading raised, and the one entry it left."""
    before = {entry.id for entry in entries_of([of.person_id])}
    with pytest.raises(KlientoError) as raised:
        reading()
    [entry] = [entry for entry in entries_of([of.person_id]) if entry.id not in before]
    assert (entry.kind, entry.fields) == ("disclosure_refused", ())
    return raised.value, entry


def aino_who_shares_her_name() -> tuple[PersonActor, Place]:
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    return shares(me, kaisa, "first_name"), kaisa


@pytest.mark.parametrize(
    ("purpose", "fields", "code"),
    [
        ("curiosity", ["first_name"], "undeclared_purpose"),
        ("", ["first_name"], "undeclared_purpose"),
        (FOREIGN, ["first_name"], "undeclared_purpose"),
        ("serving", ["shoe_colour"], "undeclared_field"),
        ("serving", ["first_name", "shoe_colour"], "undeclared_field"),
        ("serving", [FOREIGN], "undeclared_field"),
    ],
)
def test_a_third_party_gets_nothing_for_what_is_not_declared(db, purpose, fields, code):
    me, kaisa = aino_who_shares_her_name()
    to = ThirdPartyRecipient(kaisa.third_party_id)
    raised, entry = refusal_entered(me, lambda: disclose(me.person_id, to=to, purpose=purpose, fields=fields, at=NOON))
    assert isinstance(raised, Invalid)
    assert raised.code == code
    assert entry.recipient_id == kaisa.third_party_id
    assert FOREIGN not in str(entry)  # what somebody made up is counted, never copied


def test_a_purpose_that_is_only_planned_releases_nothing(db):
    me, kaisa = aino_who_shares_her_name()
    to = ThirdPartyRecipient(kaisa.third_party_id)
    raised, entry = refusal_entered(
        me, lambda: disclose(me.person_id, to=to, purpose="partner_marketing", fields=["first_name"], at=NOON)
    )
    assert isinstance(raised, Refused)
    assert entry.payload["withheld"] == {"first_name": "planned_purpose"}


def test_kliento_itself_reads_nothing_that_is_not_declared(db):
    me, _kaisa = aino_who_shares_her_name()
    with transaction.atomic():
        sealed = seal_text(me.person_id, place="cards_medium.sealed_code", row=1, text="K1")
    for reading in (
        lambda: own_values(me, fields=["first_name", "shoe_colour"]),
        lambda: open_for_delivery(me.person_id, field="first_name", purpose="curiosity"),
        lambda: open_for_delivery(me.person_id, field="shoe_colour"),
        lambda: open_sealed(me.person_id, place="cards_medium.sealed_code", row=1, sealed=sealed, purpose="curiosity"),
    ):
        raised, entry = refusal_entered(me, reading)
        assert isinstance(raised, Invalid)
        assert entry.recipient_id is None
