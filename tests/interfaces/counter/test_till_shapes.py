"""Without a network the till keeps only what can be somebody's card, and says so at once of everything else."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kliento.domain.cards.queries import card_number
from kliento.domain.cards.rules import NoChip, chip_number
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.counters import Tablet, scan, stored
from tests.interfaces.counter.film import film_of
from tests.interfaces.counter.test_camera import camera_showing
from tests.world import Place

SAVED = "Offline: saved, checked later"
WHAT_TO_DO = "Not saved. Scan the code on the phone or the card again, or type the card’s number."
IS_CHIP = """async (typed) => {
    const { isChip, tidied } = await import("/static/js/till/symbols.js");
    return typed.map((each) => isChip(tidied(each)));
}"""
TYPED = [
    "04A22B62C15E80", "04:a2:2b:62:c1:5e:80", "04-A2-2B-62-C1-5E-80", "0x04A22B62", "04 A2 2B 62",
    "04A22B62C15E8090AABB", "04A22B62C15E8", "04A22B62C15E801", "08A22B62", "88A22B62", "1FA22B62", "00000000",
    "FFFFFFFFFFFFFF", "96385074", "96385075", "10614141000415", "10614141000416", "6412345678901", "036000291452",
    "Sisu", "KAHVILA", "customer", "04Z22B62", "1234", "tel:0401234567", "", "04:A2:2B", "DEADBEEF",
]  # fmt: skip


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    return taps.aino(at=now() - timedelta(days=1))


def test_what_can_be_a_chip_is_judged_as_the_service_does(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    theirs = [not isinstance(chip_number(each), NoChip) for each in TYPED]
    assert page.evaluate(IS_CHIP, TYPED) == theirs
    assert sum(theirs) == 9


def test_what_can_be_no_card_is_not_kept_and_stands_there_to_be_corrected(
    tablet: Tablet, kaisa: Place, aino: PersonActor
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    field = page.get_by_label("Card code")
    for typed in ("customer 17", "6412345678901", "96385074", "04A2U4C2D5E680", "08A22B62"):
        scan(page, typed)  # each takes the place of the one before
        expect(page.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
        expect(page.get_by_text(WHAT_TO_DO, exact=True)).to_be_visible()
        expect(field).to_have_value(typed)
    assert stored(page, "waiting") == []
    scan(page, card_number(aino))
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    expect(field).to_have_value("")
    assert len(stored(page, "waiting")) == 1
    assert tablet.errors == []


def test_a_mistyped_number_stands_there_until_somebody_goes_on(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    number = card_number(aino)
    wrong = number[:5] + ("7" if number[5] != "7" else "8") + number[6:]
    scan(page, wrong)
    expect(page.get_by_role("heading", name="Check the card number: a letter or digit is wrong.")).to_be_visible()
    field = page.get_by_label("Card code")
    expect(field).to_have_value(wrong)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    expect(field).to_have_value("")
    scan(page, wrong)
    expect(field).to_have_value(wrong)
    field.press("End")
    for _ in range(11):
        field.press("Backspace")
    page.keyboard.type(number[5:])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    assert tablet.errors == []


def test_what_a_camera_saw_is_not_left_in_the_field(tablet: Tablet, kaisa: Place, tmp_path) -> None:
    film = tmp_path / "film.y4m"
    film_of("6412345678901", film)
    tablet.launch_flags = ["--use-fake-ui-for-media-stream", *camera_showing(film)]
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
    expect(page.get_by_label("Card code")).to_have_value("")


def test_a_chip_that_nobody_uses_yet_waits_for_the_service(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    scan(page, "04:a2:2b:62:c1:5e:80")
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    expect(page.get_by_text("This kind of card cannot be checked without a network.", exact=True)).to_be_visible()
