"""Pausing a company: shown nothing until resumed; what was chosen stays chosen, and nobody has to delete anything."""

from datetime import timedelta

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.sharing.actions import end_grant, pause_sharing, resume_sharing, stop_company
from kliento.domain.sharing.models import DeletionNotice
from kliento.domain.sharing.queries import companies_of
from kliento.kernel.errors import NotAllowed, NotFound
from tests.world import NOON, aino, asked, eino, kahvila_kaisa, kuntosali_kunto, relation_of, shares, stores


def kinds(me) -> list[str]:
    return [entry.kind for entry in entries_of([me.person_id]) if entry.kind.startswith("sharing_")]


def test_a_paused_company_sees_nothing_and_sees_again_what_was_chosen(db):
    me, kaisa, kunto = stores(aino(), phone="+358401234567"), kahvila_kaisa(), kuntosali_kunto()
    shares(me, kaisa, "phone")
    shares(me, kunto, "phone")
    pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert asked(kaisa, me, "phone") == {}
    assert asked(kunto, me, "phone") == {"phone": "+358401234567"}
    resume_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert asked(kaisa, me, "phone") == {"phone": "+358401234567"}
    assert not DeletionNotice.objects.exists()


def test_the_choices_of_a_paused_company_are_still_listed_and_can_change(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone", "nickname")
    pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    end_grant(me.person_id, kaisa.third_party_id, "nickname", by=me, at=NOON)
    [company] = companies_of(me.person_id)
    assert (company.paused_at, {grant.field for grant in company.grants}) == (NOON, {"phone"})
    assert company.granted("serving", at=NOON) == frozenset()


def test_pausing_twice_is_one_pause_since_the_first(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone")
    for later in (NOON, NOON + timedelta(hours=1)):
        pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=later)
    assert relation_of(me, kaisa).paused_at == NOON
    for _again in range(2):
        resume_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    assert kinds(me) == ["sharing_resumed", "sharing_paused", "sharing_started"]


def test_a_company_that_is_stopped_is_not_paused_when_something_is_shared_anew(db):
    me, kaisa = stores(aino(), phone="+358401234567"), kahvila_kaisa()
    shares(me, kaisa, "phone")
    pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    stop_company(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    shares(me, kaisa, "phone")
    assert asked(kaisa, me, "phone") == {"phone": "+358401234567"}


def test_only_the_person_pauses_and_only_whom_they_know(db):
    me, kaisa = aino(), kahvila_kaisa()
    for act in (pause_sharing, resume_sharing):
        with pytest.raises(NotFound):
            act(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    shares(me, kaisa, "phone")
    other = eino()
    for act in (pause_sharing, resume_sharing, stop_company):
        with pytest.raises(NotAllowed):
            act(me.person_id, kaisa.third_party_id, by=other, at=NOON)
