"""Deletion notices: what left to a company and may not be kept any more, told, mailed, confirmed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.queries import entries_of
from kliento.domain.outbox.models import Item
from kliento.domain.profile.actions import hide_value, remove_value, show_value
from kliento.domain.recipients.queries import acts_of
from kliento.domain.rights.actions import close_account
from kliento.domain.sharing.actions import (
    confirm_deletion,
    end_expired_grants,
    end_grant,
    end_programme_grants,
    grant_for_programme,
    mark_announced,
    purge_settled_notices,
    stop_company,
    take_back_confirmation,
)
from kliento.domain.sharing.models import DeletionNotice
from kliento.domain.sharing.queries import notices_at_hand, notices_of, open_notices, open_notices_count
from kliento.kernel.errors import Conflict, NotAllowed, NotFound
from tests.world import NOON, aino, asked, eino, kahvila_kaisa, kuntosali_kunto, operator, shares, stores

LATER = NOON + timedelta(days=2)


def aino_seen(place):
    """Aino, whose phone this company has seen and whose nickname it has not asked for."""
    me = shares(stores(aino(), phone="+358401234567", nickname="Ainska"), place, "phone", "nickname")
    assert asked(place, me, "phone")
    return me


def told(place) -> list[tuple[str, str]]:
    return [(notice.field, notice.reason) for notice in open_notices(place.third_party_id, limit=50)]


def test_what_left_is_to_be_deleted_and_what_never_left_is_not(db):
    kaisa = kahvila_kaisa()
    me = aino_seen(kaisa)
    for field in ("phone", "nickname"):
        end_grant(me.person_id, kaisa.third_party_id, field, by=me, at=NOON)
    assert told(kaisa) == [("phone", "ended")]
    assert [item.ref for item in Item.objects.filter(kind="deletion_notices")] == [str(kaisa.third_party_id)]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda me, kaisa: stop_company(me.person_id, kaisa.third_party_id, by=me, at=NOON), "stopped"),
        (lambda me, kaisa: remove_value(me.person_id, "phone", by=me, at=NOON), "removed"),
        (lambda me, kaisa: hide_value(me.person_id, "phone", by=me, at=NOON), "hidden"),
    ],
)
def test_the_notice_says_why(db, act, reason):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    me = shares(aino_seen(kaisa), kunto, "phone")  # whom nobody has shown the phone
    act(me, kaisa)
    assert told(kaisa) == [("phone", reason)]
    assert told(kunto) == []


def test_what_runs_out_is_to_be_deleted(db):
    kaisa = kahvila_kaisa()
    me = shares(stores(aino(), phone="+358401234567"), kaisa, "phone", until=LATER)
    assert asked(kaisa, me, "phone")
    end_expired_grants(at=LATER)
    assert told(kaisa) == [("phone", "ran_out")]


def test_a_loyalty_card_out_of_use_leaves_what_is_shared_besides(db):
    kaisa = kahvila_kaisa()
    me = aino_seen(kaisa)
    grant_for_programme(me.person_id, kaisa.third_party_id, ["phone"], by=me, at=NOON)
    end_programme_grants(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert told(kaisa) == []
    grant_for_programme(me.person_id, kaisa.third_party_id, ["phone"], by=me, at=NOON)
    end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
    assert told(kaisa) == []
    end_programme_grants(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert told(kaisa) == [("phone", "card_out_of_use")]


def test_a_fact_worked_out_from_a_value_goes_with_it(db):
    kaisa = kahvila_kaisa()
    me = shares(stores(aino(), birth_date="1984-05-06"), kaisa, "over_18")
    assert asked(kaisa, me, "over_18")
    hide_value(me.person_id, "birth_date", by=me, at=NOON)
    assert told(kaisa) == [("over_18", "hidden")]


def test_sharing_again_leaves_the_notice_open_and_makes_no_second_one(db):
    kaisa = kahvila_kaisa()
    me = aino_seen(kaisa)
    end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
    shares(me, kaisa, "phone")
    assert asked(kaisa, me, "phone")
    end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=LATER)
    assert told(kaisa) == [("phone", "ended")]


def test_a_copy_made_after_the_first_was_deleted_has_a_notice_of_its_own(db):
    kaisa = kahvila_kaisa()
    me, kaisas = aino_seen(kaisa), operator(kaisa)
    hide_value(me.person_id, "phone", by=me, at=NOON)
    [notice] = open_notices(kaisa.third_party_id, limit=50)
    confirm_deletion(notice.id, by=kaisas, at=NOON)
    show_value(me.person_id, "phone", by=me, at=LATER)
    end_grant(me.person_id, kaisa.third_party_id, "nickname", by=me, at=LATER)
    assert told(kaisa) == []
    assert asked(kaisa, me, "phone", at=LATER)
    hide_value(me.person_id, "phone", by=me, at=LATER)
    assert told(kaisa) == [("phone", "hidden")]
    assert [notice.confirmed_at for notice in notices_of(me.person_id, kaisa.third_party_id)] == [None, NOON]


def test_the_person_sees_not_yet_and_then_confirmed(db):
    kaisa = kahvila_kaisa()
    me, kaisas = aino_seen(kaisa), operator(kaisa, role="manager")
    stop_company(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    [notice] = notices_of(me.person_id, kaisa.third_party_id)
    assert (notice.field, notice.announced_at, notice.confirmed_at) == ("phone", None, None)
    assert mark_announced(kaisa.third_party_id, at=NOON) == 1
    for _again in range(2):
        confirm_deletion(notice.id, by=kaisas, at=LATER)
    [notice] = notices_of(me.person_id, kaisa.third_party_id)
    assert (notice.announced_at, notice.confirmed_at) == (NOON, LATER)
    assert [entry.fields for entry in entries_of([me.person_id]) if entry.kind == "deletion_confirmed"] == [("phone",)]
    assert [act.act for act in acts_of(kaisa.third_party_id, limit=5)] == ["deletion_confirmed"]
    assert open_notices_count(kaisa.third_party_id) == 0


def test_a_slip_is_taken_back_within_the_hour_and_both_sides_see_it(db):
    kaisa = kahvila_kaisa()
    me, kaisas = aino_seen(kaisa), operator(kaisa)
    end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
    [notice] = open_notices(kaisa.third_party_id, limit=50)
    confirm_deletion(notice.id, by=kaisas, at=NOON)
    for _again in range(2):
        take_back_confirmation(notice.id, by=kaisas, at=NOON + timedelta(minutes=59))
    assert told(kaisa) == [("phone", "ended")]
    assert [notice.confirmed_at for notice in notices_of(me.person_id, kaisa.third_party_id)] == [None]
    said = [entry.kind for entry in entries_of([me.person_id]) if entry.kind.startswith("deletion")]
    assert said == ["deletion_taken_back", "deletion_confirmed"]
    assert [act.act for act in acts_of(kaisa.third_party_id, limit=5)] == said


def test_it_is_too_late_an_hour_later_and_once_a_newer_notice_asks_for_the_copy(db):
    kaisa = kahvila_kaisa()
    me, kaisas = aino_seen(kaisa), operator(kaisa)
    hide_value(me.person_id, "phone", by=me, at=NOON)
    [first] = open_notices(kaisa.third_party_id, limit=50)
    confirm_deletion(first.id, by=kaisas, at=NOON)
    with pytest.raises(Conflict):
        take_back_confirmation(first.id, by=kaisas, at=NOON + timedelta(hours=1, seconds=1))
    show_value(me.person_id, "phone", by=me, at=NOON)
    assert asked(kaisa, me, "phone", at=NOON + timedelta(minutes=1))
    hide_value(me.person_id, "phone", by=me, at=NOON + timedelta(minutes=2))
    with pytest.raises(Conflict):
        take_back_confirmation(first.id, by=kaisas, at=NOON + timedelta(minutes=3))
    assert told(kaisa) == [("phone", "hidden")]


def test_what_was_just_confirmed_keeps_its_place_among_the_open_ones(db):
    kaisa = kahvila_kaisa()
    me, kaisas = stores(aino(), phone="+358401234567", nickname="Ainska", first_name="Aino"), operator(kaisa)
    fields = ("phone", "nickname", "first_name")
    shares(me, kaisa, *fields)
    assert len(asked(kaisa, me, *fields)) == 3
    for hours, field in enumerate(fields):
        end_grant(me.person_id, kaisa.third_party_id, field, by=me, at=NOON + timedelta(hours=hours))
    middle = next(notice for notice in open_notices(kaisa.third_party_id, limit=3) if notice.field == "nickname")
    confirm_deletion(middle.id, by=kaisas, at=LATER)

    def at_hand(since, **page):
        return notices_at_hand(kaisa.third_party_id, confirmed_since=since, **page)

    with CaptureQueriesContext(connection) as captured:
        shown = at_hand(LATER, limit=2)
    assert len(captured) == 2
    assert [notice.field for notice in shown] == ["first_name", "nickname"]
    assert [notice.field for notice in at_hand(LATER, before=(middle.made_at, middle.id), limit=2)] == ["phone"]
    assert [notice.field for notice in at_hand(LATER + timedelta(seconds=1), limit=3)] == ["first_name", "phone"]


def test_nobody_confirms_for_another_company_or_without_the_right(db):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    me = aino_seen(kaisa)
    end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
    [notice] = open_notices(kaisa.third_party_id, limit=50)
    with pytest.raises(NotFound):
        confirm_deletion(notice.id, by=operator(kunto), at=NOON)
    for role in ("till", "analyst"):
        with pytest.raises(NotAllowed):
            confirm_deletion(notice.id, by=operator(kaisa, role=role), at=NOON)
    confirm_deletion(notice.id, by=operator(kaisa), at=NOON)
    with pytest.raises(NotFound):
        take_back_confirmation(notice.id, by=operator(kunto), at=NOON)
    for role in ("till", "analyst"):
        with pytest.raises(NotAllowed):
            take_back_confirmation(notice.id, by=operator(kaisa, role=role), at=NOON)
    take_back_confirmation(notice.id, by=operator(kaisa, role="manager"), at=NOON)
    assert told(kaisa) == [("phone", "ended")]
    assert notices_of(eino().person_id, kaisa.third_party_id) == []


def test_the_list_is_read_in_one_statement_page_by_page(db):
    kaisa = kahvila_kaisa()
    me = stores(aino(), phone="+358401234567", nickname="Ainska", first_name="Aino")
    shares(me, kaisa, "phone", "nickname", "first_name")
    assert len(asked(kaisa, me, "phone", "nickname", "first_name")) == 3
    for hours, field in enumerate(("phone", "nickname", "first_name")):
        end_grant(me.person_id, kaisa.third_party_id, field, by=me, at=NOON + timedelta(hours=hours))
    with CaptureQueriesContext(connection) as captured:
        first = open_notices(kaisa.third_party_id, limit=2)
    assert len(captured) == 1
    second = open_notices(kaisa.third_party_id, before=(first[-1].made_at, first[-1].id), limit=2)
    assert [notice.field for notice in first + second] == ["first_name", "nickname", "phone"]
    assert {notice.member_number for notice in first} == {first[0].member_number}


def test_what_is_owed_to_whoever_left_stays_until_it_is_confirmed_and_no_longer(db):
    kaisa = kahvila_kaisa()
    me, kaisas = aino_seen(kaisa), operator(kaisa)
    assert asked(kaisa, me, "nickname")
    hide_value(me.person_id, "nickname", by=me, at=NOON)
    [settled] = open_notices(kaisa.third_party_id, limit=5)
    confirm_deletion(settled.id, by=kaisas, at=NOON)
    close_account(me, language="en", at=NOON)
    assert ("phone", "account_closed") in told(kaisa)
    assert DeletionNotice.objects.filter(confirmed_at__isnull=False).count() == purge_settled_notices() == 0
    for notice in open_notices(kaisa.third_party_id, limit=5):
        confirm_deletion(notice.id, by=kaisas, at=LATER)
    purge_settled_notices()
    assert not DeletionNotice.objects.exists()
