"""Facts worked out from a value: decided by their own grant, and opened without the value."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, at_till, disclose, disclose_many
from kliento.domain.people.queries import lock_people
from kliento.domain.profile.actions import hide_value, remove_value
from kliento.kernel.errors import Invalid
from tests.world import NOON, aino, kahvila_kaisa, relation_of, shares, stores

BORN = {"birth_date": "1990-02-14"}
SEVENTEEN = {"birth_date": "2008-11-23"}  # on the day after NOON it is the eighteenth birthday


def got(me, place, *codes: str, at=NOON) -> dict[str, str]:
    to = ThirdPartyRecipient(place.third_party_id)
    return dict(disclose(me.person_id, to=to, purpose="serving", fields=codes, at=at).values)


def test_each_fact_is_told_by_its_own_grant(db):
    me, kaisa = stores(aino(), **BORN, postcode="00250"), kahvila_kaisa()
    shares(me, kaisa, "over_18", "postcode_area")
    assert got(me, kaisa, "over_18", "birthday_month", "postcode_area", "birth_date", "postcode") == {
        "over_18": "yes",
        "postcode_area": "002",
    }
    shares(me, kaisa, "birthday_month")
    assert got(me, kaisa, "birthday_month") == {"birthday_month": "02"}


def test_a_value_and_its_fact_are_shared_apart(db):
    me, kaisa = stores(aino(), **BORN), kahvila_kaisa()
    shares(me, kaisa, "birth_date")
    assert got(me, kaisa, "birth_date", "over_18") == BORN
    shares(me, kaisa, "over_18")
    assert got(me, kaisa, "birth_date", "over_18") == {**BORN, "over_18": "yes"}


def test_the_entry_names_the_fact_and_not_the_field_behind_it(db):
    me, kaisa = stores(aino(), **BORN), kahvila_kaisa()
    shares(me, kaisa, "over_18")
    got(me, kaisa, "over_18", "birth_date")
    entry = entries_of([me.person_id])[0]
    assert (entry.kind, entry.fields, entry.payload["withheld"]) == (
        "disclosed",
        ("over_18",),
        {"birth_date": "not_chosen"},
    )


def test_a_fact_is_that_of_the_day_at_the_register_holders(db):
    me, kaisa = stores(aino(), **SEVENTEEN), kahvila_kaisa()
    shares(me, kaisa, "over_18")
    assert got(me, kaisa, "over_18", at=datetime(2026, 11, 22, 21, 59, tzinfo=UTC)) == {"over_18": "no"}
    assert got(me, kaisa, "over_18", at=datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) == {"over_18": "yes"}  # in Helsinki


@pytest.mark.parametrize("ends", [hide_value, remove_value])
def test_hiding_or_removing_the_value_ends_the_fact(db, ends):
    me, kaisa = stores(aino(), **BORN), kahvila_kaisa()
    shares(me, kaisa, "over_18")
    ends(me.person_id, "birth_date", by=me, at=NOON)
    with pytest.raises(Refused):
        got(me, kaisa, "over_18")


def test_a_fact_nobody_declared_spoils_the_question(db):
    me, kaisa = stores(aino(), **BORN), kahvila_kaisa()
    shares(me, kaisa, "over_18")
    with pytest.raises(Invalid):
        got(me, kaisa, "over_18", "over_65")
    assert entries_of([me.person_id])[0].payload["withheld"] == {"over_18": "undeclared_question"}


def test_the_till_shows_the_fact_that_is_meant_for_it(db):
    me, kaisa = stores(aino(), **BORN, first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "over_18", "birthday_month", "first_name")
    with transaction.atomic():
        state = lock_people([me.person_id])[me.person_id]
        to = ThirdPartyRecipient.at(kaisa.terminal)
        [sealed] = disclose_many([at_till(state, relation_of(me, kaisa), to=to, entry=None, at=NOON)], at=NOON)
    assert sealed.open() == {"first_name": "Aino", "over_18": "yes"}
