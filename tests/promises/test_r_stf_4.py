"""R-STF-4: whoever works at a till is told what is recorded about them, and sees what the audit says of them alone."""

from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import Client

from kliento.domain.recipients.actions import name_oneself, note_at_till, set_pin, want_pins
from kliento.domain.recipients.queries import describe_person
from kliento.kernel.actor import OperatorActor, TerminalActor
from kliento.kernel.clock import now
from tests import world
from tests.interfaces.counter.tills import paired
from tests.phone import text_of
from tests.portal import appointed, operator, portal_of
from tests.world import Place, kahvila_kaisa

NOTICE = "While you are on duty, each visit recorded at the till keeps that it was you"


@pytest.fixture
def kaisa(db: object) -> Place:
    cache.clear()
    return kahvila_kaisa(at=now())


def _at_work(kaisa: Place, address: str, name: str) -> OperatorActor:
    who = operator(kaisa, "till", address=address)
    name_oneself(name, by=who)
    return who


def test_it_is_told_before_the_till_is_opened_and_in_the_portal(kaisa: Place) -> None:
    owner, till = operator(kaisa), paired(kaisa)
    set_pin("4071", by=owner, at=now())
    want_pins(wanted=True, by=owner, at=now())
    assert NOTICE in text_of(till.get("/counter/unlock"))
    tiina = _at_work(kaisa, "tiina@example.fi", "Tiina")
    assert NOTICE in text_of(portal_of(tiina).get("/partner/pin"))


def test_everybody_reads_their_own_acts_and_nobody_elses(kaisa: Place) -> None:
    tiina, pekka = _at_work(kaisa, "tiina@example.fi", "Tiina"), _at_work(kaisa, "pekka@example.fi", "Pekka")
    set_pin("4071", by=tiina, at=now())
    on_duty = _on_duty(kaisa, pekka)
    note_at_till(on_duty, "reward_undone", at=now())
    assert "Undid a reward at the till" in _seen(portal_of(pekka))
    assert "Undid a reward at the till" not in _seen(portal_of(tiina))
    assert "Chose a PIN" in _seen(portal_of(tiina))


def test_their_own_acts_are_in_their_download(kaisa: Place) -> None:
    person = world.person("pekka@example.fi", at=now())
    note_at_till(_on_duty(kaisa, appointed(person.account_id, kaisa, "till")), "reward_undone", at=now())
    [act] = describe_person(person.person_id)["operator_acts"]
    assert act["act"] == "reward_undone"


def _on_duty(kaisa: Place, who: OperatorActor) -> TerminalActor:
    return replace(kaisa.terminal, operator_id=who.operator_id)


def _seen(portal: Client) -> str:
    return text_of(portal.get("/partner/pin"))
