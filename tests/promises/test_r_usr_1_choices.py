"""R-USR-1, choices: what cannot be chosen is refused and gives nothing; of two opposite choices the later stands."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connections

from kliento.domain.activity.queries import entries_of
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.actions import (
    change_end,
    grant_for_programme,
    pause_sharing,
    resume_sharing,
    stop_company,
)
from kliento.domain.sharing.models import Grant
from kliento.kernel.errors import Invalid, NotFound
from tests.world import NOON, aino, asked, kahvila_kaisa, relation_of, shares, stores


@pytest.fixture
def me(db):
    return stores(aino(), first_name="Aino", phone="+358401234567")


@pytest.mark.parametrize("until", [NOON, NOON - timedelta(microseconds=1), NOON - timedelta(days=400)])
def test_an_end_that_has_passed_is_refused_and_shares_nothing(me, until):
    kaisa = kahvila_kaisa()
    with pytest.raises(Invalid) as refused:
        shares(me, kaisa, "phone", until=until)
    assert (refused.value.code, refused.value.pointer) == ("until_in_the_past", "until")
    assert not Grant.objects.exists()
    shares(me, kaisa, "phone")
    with pytest.raises(Invalid):
        change_end(me.person_id, kaisa.third_party_id, "phone", until=until, by=me, at=NOON)
    assert asked(kaisa, me, "phone")


@pytest.mark.parametrize("lost", [{"state": "suspended"}, {"purposes": ["identification"]}])
def test_a_third_party_that_lost_its_approval_is_granted_nothing_and_given_nothing(me, lost):
    kaisa = kahvila_kaisa()
    shares(me, kaisa, "first_name")
    ThirdParty.objects.update(**lost)
    with pytest.raises((NotFound, Invalid)):
        shares(me, kaisa, "phone")
    with pytest.raises((NotFound, Invalid)):
        grant_for_programme(me.person_id, kaisa.third_party_id, ["phone"], by=me, at=NOON)
    assert [grant.field for grant in relation_of(me, kaisa).grants] == ["first_name"]
    assert asked(kaisa, me, "first_name", "phone") == {}


def test_a_draft_is_not_known_to_anybody(me):
    kaisa = kahvila_kaisa()
    ThirdParty.objects.update(state="draft")
    with pytest.raises(NotFound):
        shares(me, kaisa, "phone")
    assert not Grant.objects.exists()


SWITCHES = {
    "start and stop": (
        lambda me, place: shares(me, place, "phone"),
        lambda me, place: stop_company(me.person_id, place.third_party_id, by=me, at=NOON),
        {"sharing_started": True, "sharing_ended": False},
    ),
    "pause and resume": (
        lambda me, place: pause_sharing(me.person_id, place.third_party_id, by=me, at=NOON),
        lambda me, place: resume_sharing(me.person_id, place.third_party_id, by=me, at=NOON),
        {"sharing_resumed": True, "sharing_paused": False},
    ),
}


@pytest.mark.parametrize("switch", SWITCHES)
def test_of_two_tabs_with_opposite_choices_the_later_stands_and_activity_tells_which(me, switch):
    kaisa = kahvila_kaisa()
    shares(me, kaisa, "phone")
    *acts, sees_after = SWITCHES[switch]
    together, failures = threading.Barrier(2), []

    def press(act) -> None:
        try:
            for _time in range(8):
                together.wait()
                act(me, kaisa)
        except Exception as failure:  # noqa: BLE001 - shown by the assertion below
            failures.append(failure)
            together.abort()
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=press, args=[act]) for act in acts]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert failures == []
    entered = [entry.kind for entry in entries_of([me.person_id]) if entry.kind in sees_after]
    sees = relation_of(me, kaisa).granted("serving", at=NOON) == {"phone"}
    assert sees is (sees_after[entered[0]] if entered else True)
    assert all(later != earlier for later, earlier in pairwise(entered))
