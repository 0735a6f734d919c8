"""R-DEL-1, sharing: what is paused, stopped, run out, hidden or removed is gone from every way out at the next read."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from kliento.domain.activity.rules import NewEntry
from kliento.domain.gate.actions import (
    ThirdPartyRecipient,
    at_till,
    disclose_export,
    disclose_list,
    disclose_many,
)
from kliento.domain.people.queries import lock_people
from kliento.domain.profile.actions import hide_value, remove_value, show_value
from kliento.domain.sharing.actions import (
    end_expired_grants,
    end_grant,
    end_programme_grants,
    grant_for_programme,
    pause_sharing,
    resume_sharing,
    stop_company,
)
from kliento.domain.sharing.queries import members_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.world import Place, aino, asked, kahvila_kaisa, kuntosali_kunto, operator, relation_of, shares, stores

NAME = "Kanarialintu"
Ending = Callable[[PersonActor, Place], None]


def ways_out(me: PersonActor, place: Place) -> set[str]:
    """By which of its ways out Kliento serves the name to this third party now."""
    at = now()
    kaisas = operator(place)
    members = members_of(place.third_party_id, limit=50)
    served = {
        "gate": asked(place, me, "first_name", at=at),
        "till": _till(me, place),
        "api": _api(me, place),
        "list": disclose_list(members, to=kaisas, purpose="serving", fields=["first_name"], at=at),
        "export": disclose_export(members, to=kaisas, purpose="serving", fields=["first_name"], at=at),
    }
    return {way for way, answer in served.items() if NAME in str(answer)}


EVERY_WAY = {"gate", "till", "api", "list", "export"}


def _till(me: PersonActor, place: Place) -> dict[str, str]:
    with transaction.atomic():
        person = lock_people([me.person_id])[me.person_id]
        entry = NewEntry(me.person_id, "visit", now())
        to = ThirdPartyRecipient.at(place.terminal)
        [sealed] = disclose_many([at_till(person, relation_of(me, place), to=to, entry=entry, at=now())], at=now())
    return sealed.open()


def _api(me: PersonActor, place: Place) -> dict[str, str]:
    answer = Client().get(
        f"/api/v1/members/{relation_of(me, place).member_number}",
        {"fields": "first_name", "purpose": "serving"},
        headers={"Authorization": f"Bearer {place.secret}"},
    )
    assert answer.status_code in (200, 403)
    return json.loads(answer.content).get("values", {})


ENDINGS: dict[str, Ending] = {
    "switch": lambda me, place: end_grant(me.person_id, place.third_party_id, "first_name", by=me, at=now()),
    "pause": lambda me, place: pause_sharing(me.person_id, place.third_party_id, by=me, at=now()),
    "stop": lambda me, place: stop_company(me.person_id, place.third_party_id, by=me, at=now()),
    "hide": lambda me, _place: hide_value(me.person_id, "first_name", by=me, at=now()),
    "remove": lambda me, _place: remove_value(me.person_id, "first_name", by=me, at=now()),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_gone_from_every_way_out_at_the_very_next_read_and_from_no_other_company(db, ending):
    me, kaisa, kunto = stores(aino(), first_name=NAME), kahvila_kaisa(), kuntosali_kunto()
    shares(me, kaisa, "first_name")
    shares(me, kunto, "first_name")
    assert ways_out(me, kaisa) == EVERY_WAY
    ENDINGS[ending](me, kaisa)
    assert ways_out(me, kaisa) == set()
    assert ways_out(me, kunto) == (set() if ending in {"hide", "remove"} else EVERY_WAY)


def test_what_was_paused_and_hidden_comes_back_as_it_was_chosen(db):
    me, kaisa = stores(aino(), first_name=NAME), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    ENDINGS["pause"](me, kaisa)
    ENDINGS["hide"](me, kaisa)
    resume_sharing(me.person_id, kaisa.third_party_id, by=me, at=now())
    assert ways_out(me, kaisa) == set()
    show_value(me.person_id, "first_name", by=me, at=now())
    assert ways_out(me, kaisa) == EVERY_WAY


def test_what_has_run_out_is_gone_before_the_clock_has_noticed(db):
    me, kaisa = stores(aino(), first_name=NAME), kahvila_kaisa()
    shares(me, kaisa, "first_name", until=now() + timedelta(milliseconds=1))
    while now() <= max(grant.expires_at for grant in relation_of(me, kaisa).grants):
        pass
    assert ways_out(me, kaisa) == set()
    end_expired_grants(at=now())
    assert ways_out(me, kaisa) == set()


def test_a_loyalty_card_out_of_use_ends_what_it_shared_and_a_pause_holds_it_back(db):
    me, kaisa = stores(aino(), first_name=NAME), kahvila_kaisa()
    grant_for_programme(me.person_id, kaisa.third_party_id, ["first_name"], by=me, at=now())
    for end in (pause_sharing, end_programme_grants):
        assert asked(kaisa, me, "first_name", purpose="programme", at=now()) == {"first_name": NAME}
        end(me.person_id, kaisa.third_party_id, by=me, at=now())
        assert asked(kaisa, me, "first_name", purpose="programme", at=now()) == {}
        resume_sharing(me.person_id, kaisa.third_party_id, by=me, at=now())
