"""Disconnecting a till: asked first, with which it is and what may still wait there; no row jumps."""

import re

from kliento.domain.recipients.actions import make_pairing_code, pair_terminal
from kliento.domain.recipients.models import Terminal
from kliento.kernel.clock import now
from tests.blanks import blank_card, shown
from tests.phone import text_of
from tests.portal import operator, portal_of
from tests.world import REGISTER_HOLDER, kahvila_kaisa, kuntosali_kunto


def rows(page: str) -> list[str]:
    return re.findall(r"Till \d", re.sub(r"<span class=.visually-hidden.>[^<]*</span>", "", page))


def test_a_till_is_disconnected_on_the_second_answer_and_keeps_its_place(db):
    kaisa = kahvila_kaisa(at=now())
    for name in ("Till 2", "Till 3"):
        pair_terminal(make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=now()), name=name, at=now())
    shown(blank_card(at=now()), kaisa, at=now())
    portal = portal_of(operator(kaisa))
    before = rows(portal.get("/partner/terminals").content.decode())
    there = Terminal.objects.get(name="Till 3")
    address = f"/partner/terminals/{there.id}/revocation"
    asked = text_of(portal.get(address))
    assert "Disconnect Till 3 at" in asked
    assert "It has not handed in a scan in the last 30 days." in asked
    assert "for 7 days" in asked
    there.refresh_from_db()
    assert there.revoked_at is None
    first = kaisa.terminal.terminal_id
    assert "The last scan it handed in is of" in text_of(portal.get(f"/partner/terminals/{first}/revocation"))
    assert portal.post(address).status_code == 302
    assert rows(portal.get("/partner/terminals").content.decode()) == before
    assert "It was disconnected" in text_of(portal.get(address))


def test_a_till_of_another_company_is_not_there(db):
    portal = portal_of(operator(kahvila_kaisa(at=now())))
    kunto = kuntosali_kunto(at=now())
    assert portal.get(f"/partner/terminals/{kunto.terminal.terminal_id}/revocation").status_code == 404
