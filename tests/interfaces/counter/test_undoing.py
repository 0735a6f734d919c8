"""Undoing the last scan at the till, and the ways people pass it."""

import re

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import add_premises, count_stays, make_pairing_code
from kliento.domain.visits.models import Visit
from kliento.kernel.clock import now
from tests import taps
from tests.phone import text_of
from tests.world import REGISTER_HOLDER


def undo(till, page):
    form = re.search(r'name="scan_id" value="([^"]+)">\s*<button[^>]*>.*?Undo the scan', page.content.decode(), re.S)
    return till.post("/counter/undo-scan", {"scan_id": form[1]}) if form else None


def test_the_last_scan_is_undone_once(till):
    till.post("/counter/", {"code": taps.code_of(taps.aino(), at=now())})
    waiting = till.get("/counter/")
    assert re.search(r"Undo the scan of \d{1,2}[.:]\d{2}", text_of(waiting))
    assert "The visit does not count" in text_of(undo(till, waiting))
    assert Visit.objects.get().cancelled_at is not None
    assert "Undo the scan" not in text_of(till.get("/counter/"))


def test_a_card_shown_twice_is_undone_as_the_one_visit_it_was(till):
    aino = taps.aino()
    till.post("/counter/", {"code": taps.code_of(aino, at=now())})
    at = now()
    till.post("/counter/", {"code": card_number(aino)})
    assert undo(till, till.get("/counter/")).status_code == 200
    assert Visit.objects.get().cancelled_at >= at


def test_what_is_undone_belongs_to_the_place_where_it_was_done(till, kaisa):
    other = add_premises(kaisa.third_party_id, "Punavuori", by=REGISTER_HOLDER, at=now())
    code = make_pairing_code(other.id, by=REGISTER_HOLDER, at=now())
    till.post("/counter/", {"code": taps.code_of(taps.aino(), at=now())})
    till.post("/counter/pair", {"code": code, "name": "Kassa"})
    assert "Undo the scan" not in text_of(till.get("/counter/"))
    till.post("/counter/", {"code": taps.code_of(taps.cardholder("mari@example.fi"), at=now())})
    till.post("/counter/places", {"premises_id": str(kaisa.premises_id)})
    assert "Undo the scan" not in text_of(till.get("/counter/"))


def test_another_tills_scan_is_none_of_its_own(till, kaisa):
    taps.tap(taps.aino(), kaisa, at=now())
    scan_id = Visit.objects.get().scan_id
    assert "Nothing to undo" in text_of(till.post("/counter/undo-scan", {"scan_id": str(scan_id)}))
    assert till.post("/counter/undo-scan", {"scan_id": "x"}).status_code == 400
    assert Visit.objects.get().stands


def test_where_stays_are_counted_the_till_knows_the_way_people_go(till, kaisa):
    buttons = '<form class="till-ways"'  # the settings for without a network name the ways in any case
    assert buttons not in text_of(till.get("/counter/"))
    count_stays(kaisa.premises_id, stays=True, by=REGISTER_HOLDER, at=now())
    assert buttons in text_of(till.get("/counter/"))
    assert till.post("/counter/settings", {"way": "exit"})["Location"] == "/counter/"
    assert 'value="exit" aria-pressed="true"' in till.get("/counter/").content.decode()
    aino = taps.aino()
    assert "No entry today" in text_of(till.post("/counter/", {"code": taps.code_of(aino, at=now())}))
    till.post("/counter/settings", {"way": "entry"})
    mari = taps.cardholder("mari@example.fi")
    assert "Welcome" in text_of(till.post("/counter/", {"code": taps.code_of(mari, at=now())}))
    till.post("/counter/settings", {"way": "exit"})
    number = card_number(mari)
    assert "Goodbye" in text_of(till.post("/counter/", {"code": number}))
    assert Visit.objects.get().left_at is not None
    assert till.post("/counter/settings", {"way": "up"}).status_code == 400
