"""One card, many media: added, named, blocked, used again, replaced, removed, each told in Activity."""

import pytest
from django.db import connection

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.cards.actions import (
    add_medium,
    block_medium,
    erase_person,
    issue_card,
    name_medium,
    remove_medium,
    replace_number,
    use_again,
    use_as_card,
)
from kliento.domain.cards.models import Medium
from kliento.domain.cards.queries import card_number, carrier_of, carriers_of, media_of_person
from kliento.domain.claiming.actions import undo_claim
from kliento.domain.rights.actions import close_account, download
from kliento.domain.visits.models import OtherMedium, Visit
from kliento.domain.visits.queries import last_uses
from kliento.domain.visits.rules import Outcome
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import taps
from tests.blanks import blank_card, claimed
from tests.media import STICKER, TRAVEL_CARD, held, sticker, travel_card
from tests.taps import later
from tests.world import NOON, REGISTER_HOLDER, aino, eino, kahvila_kaisa, kuntosali_kunto

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def me():
    return taps.cardholder()


def own_number(person):
    return next(medium.id for medium in media_of_person(person.person_id) if medium.is_own_number and medium.is_active)


def told(person) -> list[str]:
    return [entry.kind for entry in entries_of([person.person_id]) if entry.kind.startswith("medium_")]


@pytest.mark.parametrize(
    "as_read", ["04b13b5c6d7e80", "04-B1-3B-5C-6D-7E-80", "0x04B13B5C6D7E80", " 04 b1 3b 5c 6d 7e 80"]
)
def test_a_chip_is_known_at_tills_however_their_reader_writes_it(me, as_read):
    kaisa, medium_id = kahvila_kaisa(), sticker(me)
    assert held(as_read, kaisa).outcome is Outcome.IDENTIFIED
    assert last_uses(me.person_id) == {medium_id: NOON}


def test_what_is_shown_later_in_a_visit_is_used_too_however_often(me):
    kaisa, medium_id = kahvila_kaisa(), sticker(me)
    taps.tap(me, kaisa)
    phone = next(view.id for view in media_of_person(me.person_id) if view.kind == "phone")
    for minutes in (3, 4):
        assert held(STICKER, kaisa, at=later(minutes=minutes)).outcome is Outcome.IDENTIFIED
    assert last_uses(me.person_id) == {phone: NOON, medium_id: later(minutes=3)}
    number = taps.record([taps.scan(card_number(me), occurred_at=later(minutes=5))], kaisa, at=later(minutes=5))
    assert number[0].outcome is Outcome.IDENTIFIED
    assert last_uses(me.person_id)[own_number(me)] == later(minutes=5)
    assert Visit.objects.count() == 1
    close_account(me, language="en", at=later(days=1))
    assert not OtherMedium.objects.exists()


def test_since_when_a_medium_is_there_is_not_changed_by_losing_and_finding_it(me):
    medium_id = sticker(me)
    block_medium(me.person_id, medium_id, by=me, at=later(days=2))
    lost = carrier_of(me, medium_id)
    assert (lost.here_since, lost.stands_since) == (NOON, later(days=2))
    use_again(me.person_id, medium_id, by=me, at=later(days=3))
    assert carrier_of(me, medium_id).stands_since == NOON


def test_each_kind_has_its_level(me):
    sticker(me)
    travel_card(me)
    levels = {medium.kind: medium.level for medium in media_of_person(me.person_id)}
    assert levels == {"phone": "rotating", "printed": "static", "nfc": "uid", "travel": "uid"}


def test_number_and_name_stand_nowhere_in_clear_and_are_the_holders_to_see(me):
    medium_id = sticker(me, name="Key ring")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cards_medium")
        stored = repr([[bytes(c) if isinstance(c, memoryview) else c for c in row] for row in cursor.fetchall()])
    assert "04B13B5C6D7E80" not in stored
    assert "Key ring" not in stored
    assert carrier_of(me, medium_id).name == "Key ring"
    assert "Key ring" not in repr(carriers_of(me))
    assert "Key ring" not in repr(entries_of([me.person_id]))


def test_the_download_tells_numbers_and_names(me):
    sticker(me, name="Key ring")
    media = download(me, at=later(minutes=1))["card"]["media"]
    assert [(one["kind"], one["level"], one["number"], one["name"]) for one in media if one["kind"] != "printed"] == [
        ("nfc", "uid", "04B13B5C6D7E80", "Key ring"),
        ("phone", "rotating", "", ""),
    ]
    assert [one["number"] for one in media if one["kind"] == "printed"] == [card_number(me)]


@pytest.mark.parametrize("uid", ["08A23B5C", "88A23B5C", "1FA23B5C", "00000000", "3735928559", "hello", "K1", ""])
def test_what_tells_no_chip_from_others_is_refused_with_a_sentence(me, uid):
    with pytest.raises(Invalid) as refused:
        sticker(me, uid)
    assert len(str(refused.value.message)) > 30
    assert not Medium.objects.filter(kind="nfc").exists()


def test_nobody_adds_a_travel_card_but_its_holder(me):
    for somebody in (REGISTER_HOLDER, eino()):
        with pytest.raises(NotAllowed):
            add_medium(me.person_id, "travel", TRAVEL_CARD, by=somebody, at=NOON)


@pytest.mark.parametrize("kind", ["phone", "printed", "watch"])
def test_only_chips_are_added(me, kind):
    with pytest.raises(Invalid):
        add_medium(me.person_id, kind, STICKER, by=me, at=NOON)


def test_twelve_are_enough(me):
    for number in range(12):
        sticker(me, f"04A23B5C6D7E{number:02}")
    with pytest.raises(Conflict, match="twelve"):
        sticker(me, "04A23B5C6D7E99")


def test_ones_own_is_not_added_twice(me):
    sticker(me)
    with pytest.raises(Conflict, match="already"):
        travel_card(me, STICKER)


def test_it_is_named_and_the_name_is_taken_away(me):
    medium_id = sticker(me)
    name_medium(me.person_id, medium_id, "  Key   ring ", by=me, at=NOON)
    assert carrier_of(me, medium_id).name == "Key ring"
    name_medium(me.person_id, medium_id, "", by=me, at=NOON)
    assert carrier_of(me, medium_id).name == ""
    assert told(me) == ["medium_named", "medium_named", "medium_added"]


@pytest.mark.parametrize("name", ["x" * 41, "131052-308T"])
def test_a_name_that_is_too_long_or_holds_an_identity_code_is_refused(me, name):
    with pytest.raises(Invalid):
        name_medium(me.person_id, sticker(me), name, by=me, at=NOON)


def test_it_is_blocked_and_used_again(me):
    kaisa, medium_id = kahvila_kaisa(), sticker(me)
    block_medium(me.person_id, medium_id, by=me, at=NOON)
    assert held(STICKER, kaisa).outcome is Outcome.NOT_ACCEPTED
    use_again(me.person_id, medium_id, by=me, at=NOON)
    assert held(STICKER, kaisa, at=later(minutes=1)).outcome is Outcome.IDENTIFIED
    assert told(me) == ["medium_used_again", "medium_blocked", "medium_added"]


def test_a_new_number_takes_the_place_of_the_old_one_for_good(me):
    kaisa, old, old_id = kahvila_kaisa(), card_number(me), own_number(me)
    replace_number(me.person_id, old_id, by=me, at=NOON)
    new = card_number(me)
    assert (held(old, kaisa).outcome, held(new, kaisa).outcome) == (Outcome.NOT_ACCEPTED, Outcome.IDENTIFIED)
    assert carrier_of(me, old_id).state == "replaced"
    with pytest.raises(Invalid):
        use_again(me.person_id, old_id, by=me, at=NOON)
    with pytest.raises(Invalid):
        replace_number(me.person_id, old_id, by=me, at=NOON)


def test_a_chip_has_no_number_of_ours_to_replace(me):
    with pytest.raises(Invalid):
        replace_number(me.person_id, sticker(me), by=me, at=NOON)


def test_what_is_removed_is_as_unknown_as_any_and_may_be_added_by_whoever_has_it(me):
    kaisa, medium_id = kahvila_kaisa(), sticker(me)
    remove_medium(me.person_id, medium_id, by=me, at=NOON)
    assert held(STICKER, kaisa).outcome is Outcome.UNKNOWN
    sticker(taps.cardholder("eino@example.fi"))
    assert told(me) == ["medium_removed", "medium_added"]


def test_phone_and_number_in_use_stay(me):
    for medium in media_of_person(me.person_id):
        with pytest.raises(Invalid):
            remove_medium(me.person_id, medium.id, by=me, at=NOON)


def test_a_claimed_card_is_removed_once_its_claim_cannot_be_undone(me):
    number = blank_card()
    claimed(number, kahvila_kaisa(), me)
    medium_id = next(one.id for one in media_of_person(me.person_id) if one.kind == "printed" and not one.is_own_number)
    with pytest.raises(Conflict, match="undo"):
        remove_medium(me.person_id, medium_id, by=me, at=later(days=6))
    remove_medium(me.person_id, medium_id, by=me, at=later(days=8))
    assert number != card_number(me)


def test_undoing_a_claim_takes_the_persons_word_off_the_card(me):
    claim_id = claimed(blank_card(), kahvila_kaisa(), me)
    medium_id = next(one.id for one in media_of_person(me.person_id) if one.kind == "printed" and not one.is_own_number)
    name_medium(me.person_id, medium_id, "Grandmother's", by=me, at=later(minutes=2))
    undo_claim(claim_id, by=me, at=later(minutes=3))
    assert Medium.objects.get(id=medium_id).sealed_name is None


def test_whoever_blocks_their_last_number_has_a_new_one(me):
    claimed(blank_card(), kahvila_kaisa(), me, instead_of=own_number(me))
    [last] = [one.id for one in media_of_person(me.person_id) if one.kind == "printed" and one.is_active]
    block_medium(me.person_id, last, by=me, at=later(minutes=2))
    assert held(card_number(me), kuntosali_kunto(), at=later(minutes=3)).outcome is Outcome.IDENTIFIED


def test_media_of_others_are_not_there(me):
    medium_id, other = sticker(me), taps.cardholder("eino@example.fi")
    for act in (remove_medium, replace_number, block_medium, use_again):
        with pytest.raises(NotFound):
            act(other.person_id, medium_id, by=other, at=NOON)
    with pytest.raises(NotFound):
        name_medium(other.person_id, medium_id, "Mine", by=other, at=NOON)
    with pytest.raises(NotFound):
        carrier_of(other, medium_id)


def test_every_act_reads_as_a_sentence(me):
    medium_id = sticker(me)
    travel_id = travel_card(me)
    name_medium(me.person_id, medium_id, "Key ring", by=me, at=NOON)
    replace_number(me.person_id, own_number(me), by=me, at=NOON)
    remove_medium(me.person_id, medium_id, by=me, at=NOON)
    remove_medium(me.person_id, travel_id, by=me, at=NOON)
    lines = [str(reading_of(entry).line) for entry in entries_of([me.person_id]) if entry.kind.startswith("medium_")]
    assert len(set(lines)) == 6
    assert all(len(line) > 20 for line in lines)


def test_without_a_card_nothing_is_added(db):
    person = aino()
    with pytest.raises(NotFound):
        sticker(person)
    issue_card(person.person_id, at=NOON)
    sticker(person)


@pytest.mark.parametrize("uid", ["08:A2:3B:5C", "88A23B5C", "1FA23B5C"])
def test_no_till_makes_a_card_of_a_number_that_tells_no_chip_from_others(uid):
    with pytest.raises(Invalid):
        use_as_card(uid, at=NOON)


def test_nothing_of_a_sticker_is_left_when_its_holder_leaves(me):
    sticker(me, name="Key ring")
    erase_person(me.person_id, at=NOON)
    assert not Medium.objects.exists()
    assert held(STICKER, kahvila_kaisa()).outcome is Outcome.UNKNOWN
