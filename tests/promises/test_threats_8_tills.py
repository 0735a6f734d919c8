"""Threat 8, what tills keep: two companies open the browsers at their counters, and find nobody who is in both."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.models import Medium
from kliento.domain.cards.queries import card_number
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.hoards import Hoard, joined, known_of
from tests.interfaces.counter.counters import Tablet, scan
from tests.media import STICKER, sticker
from tests.world import kahvila_kaisa, kuntosali_kunto

# Everything a page can find of what its browser keeps: databases, storages, caches; bytes in hex.
KEPT = """async () => {
    const plain = (name, value) => {
        if (value instanceof ArrayBuffer) value = new Uint8Array(value);
        if (!ArrayBuffer.isView(value)) return value;
        return [...new Uint8Array(value.buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    };
    const asked = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const found = { local: { ...localStorage }, session: { ...sessionStorage }, page: document.body.outerHTML };
    for (const { name } of await indexedDB.databases()) {
        const database = await asked(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            const rows = database.transaction(store).objectStore(store);
            found[`${name} ${store}`] = [await asked(rows.getAllKeys()), await asked(rows.getAll())];
        }
        database.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            if (new URL(request.url).pathname.startsWith("/static/")) continue;
            found[`${name} ${request.url}`] = await (await cache.match(request)).text();
        }
    }
    return JSON.stringify(found, plain);
}"""


@pytest.fixture
def people(db) -> list[PersonActor]:
    return [taps.cardholder(f"guest{number}@example.fi", f"Etunimi{number}", at=now()) for number in range(6)]


@pytest.fixture
def opened(browser_type, browser_type_launch_args, served, tmp_path: Path):
    """A new browser as a till of this place; all are closed in the end."""
    tablets = []

    def open_at(place) -> tuple[Tablet, Page]:
        tablet = Tablet(browser_type, browser_type_launch_args, served, tmp_path / f"profile-{len(tablets)}")
        tablets.append(tablet)
        return tablet, tablet.pair(tablet.open(), place)

    yield open_at
    for tablet in tablets:
        tablet.close()


def take(hoard: Hoard, turn: int | None, tablet: Tablet, page: Page, *, since: datetime) -> None:
    """All this browser keeps now; what came with this turn is of this person."""
    found = json.loads(page.evaluate(KEPT)) | {"cookies": tablet.context.cookies()}
    texts = {name: json.dumps(kept, ensure_ascii=False) for name, kept in found.items()}
    hoard.take(turn, texts, since=since, until=now() + timedelta(seconds=5))


@pytest.mark.long
def test_threat_8_what_the_tills_of_two_companies_keep_joins_nobody(people, opened: Callable) -> None:
    at_cafe, at_gym = opened(kahvila_kaisa(at=now())), opened(kuntosali_kunto(at=now()))
    sticker(people[4], at=now())
    hoards = [Hoard(), Hoard()]
    for tablet, _page in (at_cafe, at_gym):
        tablet.context.set_offline(True)
    for turn, person in enumerate(people):
        for number, (tablet, page) in enumerate((at_cafe, at_gym)):
            since = now() - timedelta(seconds=1)
            # a phone's code is another one at each; a number and a chip are the same everywhere
            code = {3: card_number(person), 4: STICKER}.get(turn) or taps.code_of(
                person, at=now() + timedelta(seconds=30 * number)
            )
            scan(page, code)
            expect(page.get_by_text(f"{turn + 1} waiting")).to_be_visible()
            take(hoards[number], turn or None, tablet, page, since=since)
    for medium in Medium.objects.filter(card__person=people[5].person_id, state="active"):
        block_medium(people[5].person_id, medium.id, by=people[5], at=now())
    for number, (tablet, page) in enumerate((at_cafe, at_gym)):
        since = now() - timedelta(seconds=1)
        tablet.context.set_offline(False)
        expect(page.get_by_text("Saved scans sent: 6.")).to_be_visible()
        page.reload()
        page.wait_for_load_state("networkidle")
        take(hoards[number], 5, tablet, page, since=since)

    ids = {
        turn: [
            person.person_id,
            person.account_id,
            *Medium.objects.filter(card__person=person.person_id).values_list("id", "card_id").first(),
        ]
        for turn, person in enumerate(people)
    }
    assert joined(hoards[0], hoards[1], {}) == {}
    for hoard in hoards:
        assert known_of(hoard, ids) == {}
        assert card_number(people[3]).casefold() not in hoard.turns
        assert STICKER.replace(":", "").casefold() not in hoard.turns
