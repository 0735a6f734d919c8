"""The lost-card page: since when the tills of each place one knows have had the block list."""

import re

from django.db import connections
from django.test.utils import CaptureQueriesContext

from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.models import Medium
from kliento.domain.recipients.actions import make_pairing_code, note_list_handed, pair_terminal, revoke_terminal
from kliento.kernel.clock import now
from tests import taps
from tests.phone import phone_of
from tests.world import REGISTER_HOLDER, kahvila_kaisa, kuntosali_kunto, place


def _block(person) -> None:
    medium = Medium.objects.get(card__person=person.person_id, kind="phone")
    block_medium(person.person_id, medium.id, by=person, at=now())


def _page(person) -> str:
    text = re.sub(r"<[^>]+>", " ", phone_of(person).get("/me/lost").content.decode())
    return " ".join(text.split())


def test_a_place_whose_tills_all_had_the_list_since_knows(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    taps.tap(aino, kaisa)
    _block(aino)
    note_list_handed(kaisa.terminal.terminal_id, at=now())
    page = _page(aino)
    assert "All tills know" in page
    assert "Every till there had the list" in page


def test_a_place_with_a_till_that_had_none_since_does_not_know_yet(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    taps.tap(aino, kaisa)
    note_list_handed(kaisa.terminal.terminal_id, at=now())
    _block(aino)
    assert "Not all tills know yet Every till there had the list" in _page(aino)
    code = make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=now())
    second, _ = pair_terminal(code, name="Kassa 2", at=now())
    note_list_handed(kaisa.terminal.terminal_id, at=now())
    assert "Not all tills know yet 1 of 2 tills there have had a list" in _page(aino)
    revoke_terminal(second.id, by=REGISTER_HOLDER, at=now())
    assert "All tills know" in _page(aino)


def test_places_one_does_not_know_are_not_named_and_what_is_not_blocked_needs_no_verdict(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    kuntosali_kunto()
    taps.tap(aino, kaisa)
    page = _page(aino)
    assert "Kahvila Kaisa" in page
    assert "Kunto" not in page
    assert "know yet" not in page
    assert "All tills know" not in page


def test_many_places_take_as_many_statements_as_one(db):
    aino = taps.aino()
    taps.tap(aino, kahvila_kaisa())
    browser = phone_of(aino)

    def statements() -> int:
        with CaptureQueriesContext(connections["default"]) as said:
            browser.get("/me/lost")
        return len(said)

    statements()
    of_one = statements()
    taps.tap(aino, kuntosali_kunto(), at=taps.later(hours=1))
    taps.tap(aino, place("Kirjakauppa", "0737546-2", "Turku"), at=taps.later(hours=2))
    assert statements() == of_one
