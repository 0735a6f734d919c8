"""Lists and files for operators: of each member what they share, entered once an hour for a page, always for a file."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries import entries_of, fields_disclosed
from kliento.domain.gate.actions import disclose_export, disclose_list
from kliento.domain.people.models import Person
from kliento.domain.profile.actions import hide_value
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.actions import end_grant, open_relationships
from kliento.domain.sharing.queries import members_of
from kliento.domain.sharing.rules import Pair
from kliento.kernel.errors import Invalid, NotAllowed, NotFound
from tests.world import NOON, aino, eino, kahvila_kaisa, kuntosali_kunto, operator, person, relation_of, shares, stores

FIELDS = ("first_name", "over_18", "city")


def listed(members, by, *, fields=FIELDS, purpose="serving", at=NOON, how=disclose_list) -> list[dict[str, str]]:
    values = how(members, to=by, purpose=purpose, fields=fields, at=at)
    return [values[member.relationship_id] for member in members]


def releases(who) -> list:
    return [entry for entry in entries_of([who.person_id]) if entry.kind in {"disclosed", "exported"}]


def known(who, at_place):
    pair = Pair(who.person_id, at_place.third_party_id)
    return open_relationships([pair], at=NOON)[pair]


def test_each_member_shows_what_they_share_and_nothing_is_said_of_the_others(db):
    kaisa, me, other = kahvila_kaisa(), stores(aino(), first_name="Aino", birth_date="1990-02-14"), eino()
    shares(me, kaisa, "over_18")
    stores(other, first_name="Eino", city="Turku")
    members = [relation_of(me, kaisa), known(other, kaisa)]
    before = Entry.objects.filter(subject_id=other.person_id).count()
    assert listed(members, operator(kaisa)) == [{"over_18": "yes"}, {}]
    assert Entry.objects.filter(subject_id=other.person_id).count() == before


def test_repeated_pages_share_one_entry_for_each_clock_hour(db):
    kaisa, me = kahvila_kaisa(), stores(aino(), first_name="Aino", city="Helsinki")
    shares(me, kaisa, "first_name")
    kaija = operator(kaisa)
    for minute in (0, 10, 59):
        assert listed([relation_of(me, kaisa)], kaija, at=NOON + timedelta(minutes=minute)) == [{"first_name": "Aino"}]
    assert len(releases(me)) == 1
    listed([relation_of(me, kaisa)], kaija, at=NOON + timedelta(minutes=60))
    assert len(releases(me)) == 2
    shares(me, kaisa, "city")  # more than the entry names
    listed([relation_of(me, kaisa)], kaija, at=NOON + timedelta(minutes=61))
    assert releases(me)[0].fields == ("first_name", "city")
    listed([relation_of(me, kaisa)], operator(kaisa), at=NOON + timedelta(minutes=62))  # somebody else looks
    assert len(releases(me)) == 4
    assert releases(me)[0].basis == "consent"


def test_what_a_list_showed_is_found_when_sharing_ends_within_the_hour(db):
    kaisa, me = kahvila_kaisa(), stores(aino(), first_name="Aino")
    shares(me, kaisa, "first_name")
    kaija, later = operator(kaisa), NOON + timedelta(minutes=20)
    listed([relation_of(me, kaisa)], kaija)
    listed([relation_of(me, kaisa)], kaija, at=later)  # the same entry stands for it
    assert fields_disclosed(me.person_id, kaisa.third_party_id, since=later) == {"first_name"}


def test_a_file_is_entered_each_time(db):
    kaisa, me = kahvila_kaisa(), stores(aino(), first_name="Aino")
    shares(me, kaisa, "first_name")
    kaija = operator(kaisa)
    for _ in range(2):
        assert listed([relation_of(me, kaisa)], kaija, how=disclose_export) == [{"first_name": "Aino"}]
    assert [entry.kind for entry in releases(me)] == ["exported"] * 2


@pytest.mark.parametrize("how", [disclose_list, disclose_export])
def test_what_ended_since_the_members_were_read_is_not_shown(db, how):
    kaisa, me, other = kahvila_kaisa(), stores(aino(), first_name="Aino"), stores(eino(), first_name="Eino")
    for who in (me, other):
        shares(who, kaisa, "first_name")
    members = [relation_of(me, kaisa), relation_of(other, kaisa)]
    end_grant(me.person_id, kaisa.third_party_id, "first_name", by=me, at=NOON)
    hide_value(other.person_id, "first_name", by=other, at=NOON)
    assert listed(members, operator(kaisa), how=how) == [{}, {}]
    beside = [("member_number",)] if how is disclose_export else []  # a file names everybody in it by number
    assert [entry.fields for entry in releases(me)] == beside
    assert [entry.fields for entry in releases(other)] == beside


def test_whoever_is_restricted_or_erased_is_not_in_it(db):
    kaisa, me, other = kahvila_kaisa(), stores(aino(), first_name="Aino"), stores(eino(), first_name="Eino")
    for who in (me, other):
        shares(who, kaisa, "first_name")
    members = [relation_of(me, kaisa), relation_of(other, kaisa)]
    Person.objects.filter(id=me.person_id).update(state=Person.State.RESTRICTED)
    Person.objects.filter(id=other.person_id).update(state=Person.State.ERASED)
    assert listed(members, operator(kaisa)) == [{}, {}]


def test_a_suspended_third_party_lists_nobody(db):
    kaisa, me = kahvila_kaisa(), stores(aino(), first_name="Aino")
    shares(me, kaisa, "first_name")
    kaija, members = operator(kaisa), [relation_of(me, kaisa)]
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)
    assert listed(members, kaija) == [{}]


@pytest.mark.parametrize("how", [disclose_list, disclose_export])
def test_another_third_partys_members_do_not_exist(db, how):
    kaisa, kunto, me = kahvila_kaisa(), kuntosali_kunto(), stores(aino(), first_name="Aino")
    shares(me, kaisa, "first_name")
    with pytest.raises(NotFound):
        listed([relation_of(me, kaisa)], operator(kunto), how=how)


@pytest.mark.parametrize("how", [disclose_list, disclose_export])
@pytest.mark.parametrize("role", ["till", "analyst"])
def test_a_role_that_may_not_see_members_sees_none(db, how, role):
    kaisa, me = kahvila_kaisa(), stores(aino(), first_name="Aino")
    shares(me, kaisa, "first_name")
    with pytest.raises(NotAllowed):
        listed([relation_of(me, kaisa)], operator(kaisa, role=role), how=how)


@pytest.mark.parametrize("how", [disclose_list, disclose_export])
@pytest.mark.parametrize(("purpose", "fields"), [("curiosity", ["first_name"]), ("serving", ["first_name", "odd"])])
def test_a_list_nobody_declared_is_refused_and_entered(db, how, purpose, fields):
    kaisa, me = kahvila_kaisa(), stores(aino(), first_name="Aino")
    shares(me, kaisa, "first_name")
    with pytest.raises(Invalid):
        listed([relation_of(me, kaisa)], operator(kaisa), purpose=purpose, fields=fields, how=how)
    entry = entries_of([me.person_id])[0]
    assert (entry.kind, entry.fields, entry.recipient_id) == ("disclosure_refused", (), kaisa.third_party_id)


def test_a_list_is_at_most_500_long(db):
    kaisa, me = kahvila_kaisa(), aino()
    member = known(me, kaisa)
    assert listed([], operator(kaisa)) == []
    with pytest.raises(Invalid):
        listed([member] * 501, operator(kaisa))


@pytest.mark.parametrize("how", [disclose_list, disclose_export])
def test_the_statements_do_not_grow_with_the_members(db, how):
    kaisa = kahvila_kaisa()
    kaija, counts = operator(kaisa), []
    for size in (1, 9):
        for number in range(size):
            shares(stores(person(f"guest{number}of{size}@example.fi"), first_name="Aino"), kaisa, "first_name")
        members = members_of(kaisa.third_party_id, limit=100)
        with CaptureQueriesContext(connection) as captured:
            listed(members, kaija, at=NOON + timedelta(days=size), how=how)
        counts.append(len([query for query in captured if not query["sql"].startswith(("BEGIN", "COMMIT"))]))
    assert counts[0] == counts[1] <= 6  # people, relationships, values, entries known, numbers, entries
