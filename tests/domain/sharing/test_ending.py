"""Every way sharing ends: by a switch, all at once, with a value, with a loyalty card, by the clock."""

from datetime import timedelta

import pytest
from django.db import transaction

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.queries import standing
from kliento.domain.profile.actions import remove_value
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.actions import (
    change_end,
    end_expired_grants,
    end_grant,
    end_programme_grants,
    grant_field,
    grant_for_programme,
    grant_special_field,
    stop_company,
)
from kliento.domain.sharing.models import Grant
from kliento.domain.sharing.rules import LONGEST_GRANT_DAYS
from kliento.kernel.actor import SystemActor
from kliento.kernel.errors import Invalid, NotAllowed, NotFound
from tests.world import (
    NOON,
    aino,
    eino,
    kahvila_kaisa,
    kuntosali_kunto,
    minna,
    operator,
    relation_of,
    shares,
    stores,
)

TOMORROW = NOON + timedelta(days=1)


def entered(me) -> list[tuple]:
    return [
        (entry.kind, entry.fields)
        for entry in entries_of([me.person_id])
        if entry.kind.startswith("sharing_") and entry.kind != "sharing_started"
    ]


def granted(me, place, purpose="serving", at=NOON) -> frozenset[str]:
    return relation_of(me, place).granted(purpose, at=at)


def test_a_company_is_stopped_in_one_step_and_no_other(db):
    me, kaisa, kunto = aino(), kahvila_kaisa(), kuntosali_kunto()
    shares(me, kaisa, "phone", "nickname")
    shares(me, kunto, "phone")
    grant_for_programme(me.person_id, kaisa.third_party_id, ["first_name"], by=me, at=NOON)
    stop_company(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert relation_of(me, kaisa).grants == frozenset()
    assert granted(me, kunto) == {"phone"}
    assert sorted(entered(me)) == [("sharing_ended", ("first_name",)), ("sharing_ended", ("nickname", "phone"))]
    stop_company(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert len(entered(me)) == 2


def test_a_suspended_company_can_be_stopped(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone")
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)
    stop_company(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert relation_of(me, kaisa).grants == frozenset()


def test_another_end_is_chosen_for_what_is_shared(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone")
    change_end(me.person_id, kaisa.third_party_id, "phone", until=TOMORROW, by=me, at=NOON)
    [grant] = relation_of(me, kaisa).grants
    assert (grant.expires_at, grant.granted_at) == (TOMORROW, NOON)
    change_end(me.person_id, kaisa.third_party_id, "phone", until=None, by=me, at=NOON)
    change_end(me.person_id, kaisa.third_party_id, "phone", until=None, by=me, at=NOON)
    [grant] = relation_of(me, kaisa).grants
    assert grant.expires_at is None
    assert entered(me) == [("sharing_end_changed", ("phone",))] * 2


def test_an_end_cannot_lie_in_the_past_nor_be_changed_once_it_came(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone", until=TOMORROW)
    for until in (NOON, NOON - timedelta(seconds=1)):
        with pytest.raises(Invalid) as refused:
            change_end(me.person_id, kaisa.third_party_id, "phone", until=until, by=me, at=NOON)
        assert refused.value.code == "until_in_the_past"
    for field, at in (("phone", TOMORROW), ("nickname", NOON)):
        with pytest.raises(NotFound):
            change_end(me.person_id, kaisa.third_party_id, field, until=None, by=me, at=at)
    assert granted(me, kaisa, at=TOMORROW) == frozenset()


def test_an_end_of_ones_own_is_at_most_as_far_off_as_one_a_company_asks_for(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    far = NOON + timedelta(days=LONGEST_GRANT_DAYS)
    for too_far in (far + timedelta(days=2), NOON.replace(year=9999)):
        with pytest.raises(Invalid) as refused:
            grant_field(me.person_id, kaisa.third_party_id, "first_name", until=too_far, by=me, at=NOON)
        assert refused.value.code == "until_too_far"
    grant_field(me.person_id, kaisa.third_party_id, "first_name", until=far, by=me, at=NOON)
    with pytest.raises(Invalid):
        change_end(me.person_id, kaisa.third_party_id, "first_name", until=NOON.replace(year=9999), by=me, at=NOON)
    assert {grant.expires_at for grant in relation_of(me, kaisa).grants} == {far}


def test_what_ran_out_is_ended_by_the_clock_and_entered_as_that(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone", "nickname", until=TOMORROW)
    shares(me, kaisa, "first_name", until=TOMORROW + timedelta(days=1))
    assert end_expired_grants(at=NOON) == 0
    assert end_expired_grants(at=TOMORROW) == 2
    assert end_expired_grants(at=TOMORROW) == 0
    assert {grant.field for grant in relation_of(me, kaisa).grants} == {"first_name"}
    assert entered(me) == [("sharing_ran_out", ("nickname", "phone"))]


def test_what_ran_out_unseen_by_the_clock_is_not_entered_as_ended_by_the_person(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone", until=TOMORROW)
    end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=TOMORROW)
    assert entered(me) == [("sharing_ran_out", ("phone",))]


def test_any_number_of_grants_runs_out(db):
    kaisa = kahvila_kaisa()
    for me in (aino(), eino(), minna()):
        shares(me, kaisa, "phone", "nickname", until=TOMORROW)
    assert end_expired_grants(at=TOMORROW, batch=2) == 6


def test_the_explicit_consent_behind_a_special_category_runs_out_with_it(db):
    me, kaisa = aino(), kahvila_kaisa()
    grant_special_field(me.person_id, kaisa.third_party_id, "allergies", until=TOMORROW, by=me, at=NOON)
    end_expired_grants(at=TOMORROW)
    assert standing(me.person_id) == frozenset()
    assert "consent_ended" in {entry.kind for entry in entries_of([me.person_id])}


def test_with_a_value_goes_every_fact_worked_out_from_it_and_every_purpose(db):
    me, kaisa, kunto = stores(aino(), birth_date="1984-05-06", first_name="Aino"), kahvila_kaisa(), kuntosali_kunto()
    shares(me, kaisa, "birth_date", "first_name")
    grant_for_programme(me.person_id, kunto.third_party_id, ["over_18", "first_name"], by=me, at=NOON)
    remove_value(me.person_id, "birth_date", by=me, at=NOON)
    assert granted(me, kaisa) == {"first_name"}
    assert granted(me, kunto, "programme") == {"first_name"}
    [removed] = [entry for entry in entries_of([me.person_id]) if entry.kind == "value_removed"]
    assert set(removed.payload["shared_with"]) == {str(kaisa.third_party_id), str(kunto.third_party_id)}


def test_a_loyalty_card_shares_exactly_what_its_programme_declares(db):
    me, kaisa = aino(), kahvila_kaisa()
    grant_for_programme(me.person_id, kaisa.third_party_id, ["first_name", "phone"], by=me, at=NOON)
    relation = grant_for_programme(me.person_id, kaisa.third_party_id, ["first_name", "email"], by=me, at=NOON)
    assert relation.granted("programme", at=NOON) == {"first_name", "email"}
    assert relation.granted("serving", at=NOON) == frozenset()
    end_programme_grants(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert relation_of(me, kaisa).grants == frozenset()


def test_no_switch_writes_what_belongs_to_a_loyalty_card(db):
    me, kaisa = aino(), kahvila_kaisa().third_party_id
    with pytest.raises(Invalid):
        grant_field(me.person_id, kaisa, "first_name", purpose="programme", by=me, at=NOON)


@pytest.mark.parametrize("field", ["allergies", "shoe_colour", "member_number", "title", "login_email"])
def test_a_loyalty_card_never_shares_what_programmes_may_not_have(db, field):
    me = aino()
    with pytest.raises(Invalid):
        grant_for_programme(me.person_id, kahvila_kaisa().third_party_id, [field], by=me, at=NOON)
    assert not Grant.objects.exists()


def test_an_issuer_ends_its_own_programme_and_nobody_elses(db):
    me, kaisa, kunto = aino(), kahvila_kaisa(), kuntosali_kunto()
    grant_for_programme(me.person_id, kaisa.third_party_id, ["first_name"], by=me, at=NOON)
    for by in (operator(kunto), eino(), SystemActor("tests")):
        with pytest.raises(NotAllowed):
            end_programme_grants(me.person_id, kaisa.third_party_id, by=by, at=NOON)
    with pytest.raises(NotAllowed):
        grant_for_programme(me.person_id, kaisa.third_party_id, ["first_name"], by=operator(kaisa), at=NOON)
    end_programme_grants(me.person_id, kaisa.third_party_id, by=operator(kaisa), at=NOON)
    assert relation_of(me, kaisa).grants == frozenset()


def test_a_third_party_is_given_nothing_for_a_purpose_it_is_not_approved_for(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    ThirdParty.objects.update(purposes=["identification", "programme"])
    assert not relation_of(me, kaisa).open_to("serving")
    with pytest.raises(Invalid) as refused:
        shares(me, kaisa, "phone")
    assert refused.value.code == "purpose_not_approved"
    with transaction.atomic():
        end_grant(me.person_id, kaisa.third_party_id, "first_name", by=me, at=NOON)
