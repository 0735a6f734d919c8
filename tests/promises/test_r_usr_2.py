"""R-USR-2: facts, not values: who is told that somebody is over 18 never learns when they were born."""

import json
from itertools import chain

import pytest
from django.db import connection

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries import describe_person
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose, disclose_export, disclose_list
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import hide_value, remove_value
from kliento.domain.sharing.actions import grant_field
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from tests import taps
from tests.world import NOON, aino, kahvila_kaisa, operator, relation_of, shares, stores

VALUES = {"birth_date": "1990-02-14", "postcode": "00250"}
TOLD = {"over_18": "yes", "birthday_month": "02", "postcode_area": "002"}
FACTS = register().derived


def everything_asked(me, place) -> list[dict[str, str]]:
    """What the third party gets in every way there is, asking for all it could ever be given."""
    everything = sorted(register().purpose("serving").fields)
    member, at_desk = relation_of(me, place), operator(place)
    asked = {"purpose": "serving", "fields": everything, "at": NOON}
    got = [
        disclose(me.person_id, to=to, **asked).values
        for to in (ThirdPartyRecipient.at(place.terminal), ThirdPartyRecipient(place.third_party_id), at_desk)
    ]
    return got + [
        listed([member], to=at_desk, **asked)[member.relationship_id] for listed in (disclose_list, disclose_export)
    ]


@pytest.mark.parametrize("fact", FACTS)
def test_sharing_a_fact_tells_the_fact_and_nothing_else_however_it_is_asked(db, fact):
    me, kaisa = stores(aino(), **VALUES), kahvila_kaisa()
    shares(me, kaisa, fact)
    assert everything_asked(me, kaisa) == [{fact: TOLD[fact]}] * 5


def test_the_till_that_sees_over_18_never_gets_the_birth_date(db, client):
    me, kaisa = stores(taps.cardholder(), **VALUES), kahvila_kaisa()
    shares(me, kaisa, "over_18")
    at_till = taps.tap(me, kaisa, at=now())
    assert at_till.values == {"over_18": "yes"}
    asked = {"fields": "over_18,birth_date,birthday_month", "purpose": "serving"}
    headers = {"Authorization": f"Bearer {kaisa.secret}"}
    answer = client.get(f"/api/v1/members/{at_till.member_number}", asked, headers=headers)
    assert answer.json()["values"] == {"over_18": "yes"}
    assert "1990" not in answer.content.decode()


def test_nothing_that_is_written_down_about_telling_a_fact_holds_the_value(db):
    me, kaisa = stores(aino(), **VALUES), kahvila_kaisa()
    shares(me, kaisa, "over_18")
    everything_asked(me, kaisa)
    written = json.dumps(describe_person(me.person_id)) + str(list(Entry.objects.values()))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            written += str([bytes(c) if isinstance(c, memoryview) else c for c in chain(*cursor.fetchall())])
    assert "1990-02-14" not in written


@pytest.mark.parametrize("ends", [hide_value, remove_value])
@pytest.mark.parametrize("fact", FACTS)
def test_hiding_or_removing_the_value_ends_its_facts_with_the_next_read(db, fact, ends):
    me, kaisa = stores(aino(), **VALUES, first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, fact, "first_name")
    ends(me.person_id, FACTS[fact].of, by=me, at=NOON)
    assert everything_asked(me, kaisa) == [{"first_name": "Aino"}] * 5


@pytest.mark.parametrize("fact", FACTS)
def test_what_is_stored_again_after_removing_is_told_to_nobody(db, fact):
    me, kaisa = stores(aino(), **VALUES, first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, fact, "first_name")
    remove_value(me.person_id, FACTS[fact].of, by=me, at=NOON)
    stores(me, **{FACTS[fact].of: VALUES[FACTS[fact].of]})
    assert everything_asked(me, kaisa) == [{"first_name": "Aino"}] * 5


def test_a_purpose_that_does_not_declare_the_fact_cannot_have_it(db):
    me, kaisa = stores(aino(), **VALUES), kahvila_kaisa()
    with pytest.raises(Invalid):
        grant_field(me.person_id, kaisa.third_party_id, "over_18", purpose="identification", by=me, at=NOON)
    shares(me, kaisa, "over_18")
    to = ThirdPartyRecipient(kaisa.third_party_id)
    with pytest.raises(Refused):
        disclose(me.person_id, to=to, purpose="identification", fields=["over_18"], at=NOON)


def test_the_notice_says_what_can_be_told_instead_of_a_value(db, client):
    said = client.get("/register-description", {"language": "en"}).content.decode()
    assert all(fact.learns.en in said for fact in FACTS.values())
