"""This wasn't me, and the card afterwards; what an entry of Activity lets one stop."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import block_medium, issue_card
from kliento.domain.cards.queries import media_of_person
from kliento.kernel.clock import now
from tests.phone import cookie_for, phone_of, text_of
from tests.taps import tap
from tests.world import aino, kahvila_kaisa, relation_of, shares, stores


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now())


@pytest.fixture
def me(kaisa):
    person = stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567")
    issue_card(person.person_id, at=now())
    return shares(person, kaisa, "first_name", "phone")


@pytest.fixture
def phone(me):
    return phone_of(me)


def visit_of(me, kaisa) -> str:
    """The address of the entry of a visit there."""
    tap(me, kaisa, at=now())
    [newest, *_] = [entry for entry in entries_of([me.person_id], limit=9) if entry.kind == "visit"]
    return f"/me/activity/{newest.id}"


def block_phone(me) -> None:
    [phone] = [medium for medium in media_of_person(me.person_id) if medium.kind == "phone"]
    block_medium(me.person_id, phone.id, by=me, at=now())


def test_an_entry_stops_what_it_shows_and_nothing_else(phone, me, kaisa):
    entry = visit_of(me, kaisa)
    assert "Kahvila Kaisa may still see: First name." in text_of(phone.get(entry))

    said = text_of(phone.post(f"{entry}/stop", follow=True))
    assert "No longer shared: First name." in said
    assert "Stop sharing" not in said
    assert {grant.field for grant in relation_of(me, kaisa).grants} == {"phone"}


def test_who_did_ones_own_act_is_you(phone, me):
    [own] = [
        entry for entry in entries_of([me.person_id], limit=9) if entry.fields == ("phone",) and entry.recipient_id
    ]
    page = text_of(phone.get(f"/me/activity/{own.id}"))

    assert "<dt>Who</dt> <dd>You</dd>" in page
    assert "<dt>About whom</dt> <dd>Kahvila Kaisa</dd>" in page


def test_what_happens_is_said_before_a_visit_is_disputed(phone, me, kaisa):
    entry = visit_of(me, kaisa)
    assert f'href="{entry}/dispute"' in text_of(phone.get(entry))

    assert phone.get(f"{entry}/disputed")["Location"] == f"{entry}/dispute"
    page = text_of(phone.get(f"{entry}/dispute"))
    for said in [
        "is blocked: no till accepts it",
        "stamp of this visit is taken back",
        "use the card on your phone again",
    ]:
        assert said in page
    assert tap(me, kaisa, at=now() + timedelta(minutes=20)).outcome == "identified"


def test_after_this_wasnt_me_the_card_is_blocked_and_can_be_used_again(phone, me, kaisa):
    entry = visit_of(me, kaisa)

    assert "To use your card again" in text_of(phone.post(f"{entry}/dispute", follow=True))
    assert f'href="{entry}/dispute"' not in text_of(phone.get(entry))
    assert tap_refused(me, kaisa)
    page = text_of(phone.get("/me/"))
    assert "card is blocked: no till accepts it" in page
    assert '<svg class="qr-picture' not in page
    phone.post("/me/card/use")
    assert "Your card works again." in text_of(phone.get("/me/"))
    assert phone.get("/me/codes").status_code == 200


def tap_refused(me, kaisa) -> bool:
    """Whether the phone has no code to show."""
    return phone_of(me).get("/me/codes").status_code == 409


def test_only_a_visit_can_be_disputed(phone, me):
    [newest, *_] = entries_of([me.person_id], limit=1)

    assert phone.get(f"/me/activity/{newest.id}/dispute").status_code == 404
    assert phone.post(f"/me/activity/{newest.id}/dispute").status_code == 404


def test_a_blocked_phone_promises_nothing_without_a_network(browser: Browser, served, me):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{**cookie_for(me), "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/me/")
    expect(page.locator("[data-ring]")).to_be_visible()
    block_phone(me)
    page.goto(f"{served.url}/me/")
    expect(page.locator("[data-card-blocked]")).to_be_visible()
    context.set_offline(True)
    page.goto(f"{served.url}/me/")

    expect(page.locator("[data-card-blocked]")).to_be_visible()
    expect(page.locator("[data-qr]")).to_be_hidden()
    expect(page.locator("[data-card-problem]")).to_be_hidden()
    context.set_offline(False)
    page.goto(f"{served.url}/me/")
    page.get_by_role("button", name="Use my card again").click()
    expect(page.locator("[data-ring]")).to_be_visible()
    expect(page.locator("[data-card-blocked]")).to_be_hidden()
    context.close()
