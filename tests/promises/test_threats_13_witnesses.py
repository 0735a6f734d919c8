"""Threat 13: every till and phone is a witness. It keeps the last checkpoint, demands the proof that the log only grew,
and alarms on its screen and in the service's log."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from kliento.domain.activity.actions.sealing import begin_epoch
from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries.proving import newest_checkpoint
from kliento.domain.activity.rules import notes
from kliento.domain.cards.actions import issue_card
from kliento.kernel.clock import now
from tests.interfaces.counter.counters import Tablet
from tests.phone import cookie_for
from tests.sealed import seal
from tests.serving import Served
from tests.tampering import AT, as_owner, entered, rewritten
from tests.world import aino, kahvila_kaisa

CHANGED = "The log of Activity is not the one this device saw before."
UNCHECKED = "The log of Activity could not be checked since:"
ANEW = "The log of Activity began anew."
KEPT = """async () => {
    if (!(await indexedDB.databases()).some(({ name }) => name === "kliento-log")) return null;
    const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const database = await done(indexedDB.open("kliento-log"));
    const kept = await done(database.transaction("kept").objectStore("kept").get("log"));
    database.close();
    return kept ?? null;
}"""


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Page]:
    """A phone with the card on it, over a log of a few entries."""
    me = aino(at=now())
    issue_card(me.person_id, at=now())
    grow(me.person_id, 20)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    context.add_cookies([{**cookie_for(me), "url": served.url}])
    page = context.new_page()
    page.me = me.person_id
    page.goto(f"{served.url}/me/")
    until_seen(page)
    yield page
    context.close()


def grow(person_id, count: int) -> None:
    entered(person_id, count)
    seal(at=AT)


def until_seen(page: Page) -> None:
    """Until this device keeps the newest checkpoint."""
    for _ in range(200):
        kept = page.evaluate(KEPT)
        if kept and kept.get("note") == newest_checkpoint():
            return
        time.sleep(0.05)
    raise AssertionError(f"kept {kept}, not {newest_checkpoint()}")


def until_refused(page: Page, count: int) -> None:
    """Until this device has counted so many answers without a checkpoint."""
    for _ in range(200):
        kept = page.evaluate(KEPT)
        if kept.get("refusals") == count:
            return
        time.sleep(0.05)
    raise AssertionError(kept)


def told(served: Served, reason: str) -> bool:
    """Whether the service's log has the alarm."""
    for _ in range(200):
        if any("a witness alarms" in line and reason in line for line in served.log.read_text().splitlines()):
            return True
        time.sleep(0.05)
    return False


def rewrite() -> None:
    """An entry that everybody saw sealed becomes another one; everything is computed and signed anew."""
    as_owner("UPDATE activity_entry SET purpose = 'another' WHERE seq = %s", (Entry.objects.order_by("seq")[7].seq,))
    rewritten()


def test_threat_13_a_phone_follows_a_log_that_grows(phone, served):
    for count in (1, 2, 5, 11, 300, 1):
        grow(phone.me, count)
        phone.reload()
        until_seen(phone)
        expect(phone.get_by_text(CHANGED)).to_be_hidden()


def test_threat_13_a_phone_says_since_when_the_log_is_kept_from_it(phone, served):
    answers = iter((503, 403, 503, 500, 503, 503))
    phone.route("**/log/checkpoint", lambda route: route.fulfill(status=next(answers)))
    for count in range(1, 6):
        phone.reload()
        until_refused(phone, count)
    expect(phone.get_by_text(UNCHECKED)).to_be_hidden()  # no day has passed
    later = now() + timedelta(hours=25)
    phone.clock.set_fixed_time(later)
    phone.reload()
    expect(phone.get_by_text(UNCHECKED)).to_be_visible()
    expect(phone.get_by_text(CHANGED)).to_be_hidden()
    phone.unroute_all()
    phone.reload()
    expect(phone.get_by_text(UNCHECKED)).to_be_hidden()
    until_refused(phone, 0)


@pytest.mark.both_engines
def test_threat_13_a_phone_alarms_at_a_log_that_was_rolled_back(phone, served):
    kept = phone.evaluate(KEPT)["note"]
    rewritten(upto=12)
    phone.reload()
    expect(phone.get_by_text(CHANGED)).to_be_visible()
    expect(phone.get_by_text("and ask what happened")).to_be_visible()
    assert told(served, "rolled_back")
    assert phone.evaluate(KEPT)["note"] == kept


def test_threat_13_a_phone_alarms_at_a_log_that_was_rewritten_and_went_on(phone, served):
    rewrite()
    entered(phone.me, 30)
    rewritten(reseal=True)
    phone.reload()
    expect(phone.get_by_text(CHANGED)).to_be_visible()
    assert told(served, "rewritten")
    phone.reload()
    expect(phone.get_by_text(CHANGED)).to_be_visible()  # it does not go away by itself
    phone.get_by_role("button", name="I have read this").click()
    expect(phone.get_by_text(CHANGED)).to_be_hidden()
    until_seen(phone)


def test_threat_13_a_phone_alarms_at_a_log_of_the_same_size(phone, served):
    rewrite()
    phone.reload()
    expect(phone.get_by_text(CHANGED)).to_be_visible()


def test_threat_13_a_phone_alarms_at_another_key(phone, served, settings):
    """A checkpoint that somebody signed with a key of their own."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from kliento.domain.activity.models import Checkpoint

    said = notes.read(newest_checkpoint())
    forged = notes.Checkpoint(said.origin, said.size + 5, said.root).signed(Ed25519PrivateKey.generate())
    Checkpoint.objects.update(note=forged)
    phone.reload()
    expect(phone.get_by_text(CHANGED)).to_be_visible()
    assert told(served, "foreign")


def test_threat_13_a_phone_says_that_the_log_began_anew(phone, served):
    begin_epoch(at=AT)
    phone.reload()
    expect(phone.get_by_text(ANEW)).to_be_visible()
    expect(phone.get_by_text(CHANGED)).to_be_hidden()
    assert told(served, "another_epoch")


def test_threat_13_a_till_alarms_when_it_connects_again(tablet: Tablet, served: Served):
    me, kaisa = aino(at=now()), kahvila_kaisa(at=now())
    grow(me.person_id, 20)
    page = tablet.pair(tablet.open(), kaisa)
    until_seen(page)
    tablet.context.set_offline(True)
    rewritten(upto=12)
    tablet.context.set_offline(False)
    page.reload()
    expect(page.get_by_text(CHANGED)).to_be_visible()
    expect(page.get_by_text("tell the owner of this till")).to_be_visible()
    assert told(served, "rolled_back")
    assert tablet.errors == []


def test_threat_13_only_an_alarm_is_heeded(db):
    entered(aino().person_id)
    seal(at=AT)
    client, kept = Client(), newest_checkpoint()
    for odd in ({}, {"reason": "x", "kept": kept}, {"reason": "foreign", "kept": "x"}, {"kept": kept}, {"more": "x"}):
        assert client.post("/log/alarm", odd).status_code == 400
    answers = [client.post("/log/alarm", {"reason": "rewritten", "kept": kept}).status_code for _ in range(8)]
    assert answers[0] == 204
    assert answers[-1] == 429
