"""A shop's program asks for what is not shared; the phone's messages tell of it. Pictures in out/alert-<engine>/."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from kliento.kernel.clock import now
from tests.album import Album
from tests.alerting import told
from tests.phone import cookie_for
from tests.serving import Served
from tests.taps import cardholder, tap
from tests.world import kahvila_kaisa, relation_of, stores


@pytest.mark.both_engines
def test_a_refused_attempt_over_the_api_stands_in_the_messages(served: Served, browser: Browser) -> None:
    kaisa, aino = kahvila_kaisa(at=now()), cardholder(at=now())
    stores(aino, at=now(), phone="+358401234567")
    tap(aino, kaisa, at=now() - timedelta(minutes=30))
    told(at=now())
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    context.add_cookies([{**cookie_for(aino), "url": served.url}])
    phone, album = context.new_page(), Album("alert")
    asked = context.request.get(
        f"{served.url}/api/v1/members/{relation_of(aino, kaisa).member_number}?fields=phone&purpose=serving",
        headers={"Authorization": f"Bearer {kaisa.secret}"},
    )
    assert asked.status == 403
    told(at=now())
    phone.goto(f"{served.url}/me/messages")
    album.take(phone, "messages")
    phone.get_by_role("link", name="Kahvila Kaisa asked for more than you share with it").click()
    album.take(phone, "message")
    phone.get_by_role("link", name="See what they asked for").click()
    expect(phone.get_by_text("You have not shared it with them.").first).to_be_visible()
    phone.goto(f"{served.url}/me/seen")
    album.take(phone, "seen")
    expect(phone.get_by_text("Saw your member number and your visits, no details")).to_be_visible()
