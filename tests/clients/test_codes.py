"""Client and service read, judge and seal codes alike."""

from datetime import timedelta

import pytest

from kliento.domain.cards import rules
from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.models import Medium
from kliento.domain.cards.queries import card_number, public_code_key, public_sealing_key, unsealed
from kliento.kernel.clock import now
from kliento.kernel.ids import time_of
from kliento_till.ids import Ids
from kliento_till.judging import judge
from kliento_till.sealing import sealed
from kliento_till.symbols import is_number, tidied
from tests import taps
from tests.clients.tills import DEAD, Tills
from tests.serving import Served

TYPED = [
    "k1ab cdef-ghjk mnpq", "K1OIL0000000000", "04:a2:3b:5c", "04-A2-3B-5C-77-88-99", "0x04a23b5c", " k2.abc.def ",
    "6412345678901", "ÄÖ", "", "K1" * 150, "04a23b5c7788990011aa", "04 A2 3B",
]  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_typed_is_read_as_the_service_reads_it(typed: str) -> None:
    assert tidied(typed) == rules.tidied(typed)
    assert is_number(tidied(typed)) == rules.is_number(rules.tidied(typed))


def test_a_card_number_is_one_and_with_any_slip_it_is_none() -> None:
    number = rules.new_number()
    assert is_number(number)
    slipped = number[:-1] + ("A" if number[-1] != "A" else "B")
    assert not is_number(slipped)


def test_ids_are_uuids_of_their_moment_and_grow() -> None:
    at = now()
    made = Ids(at.timestamp)
    ids = [made.new() for _ in range(1000)]
    assert ids == sorted(set(ids))
    assert {one.version for one in ids} == {7}
    assert abs(time_of(ids[0]) - at) < timedelta(milliseconds=1)


def test_what_is_sealed_is_opened_by_the_service_for_that_scan_alone(db) -> None:
    made = Ids(now().timestamp)
    scan_id, other = made.new(), made.new()
    locked = sealed("K1 Ä 😀", scan_id, to=public_sealing_key())
    assert unsealed(scan_id, locked) == "K1 Ä 😀"
    assert unsealed(other, locked) is None


def _verdict(code: str, *, at, used=lambda _digest: False) -> str:
    return judge(code, at=at.timestamp(), code_key=public_code_key(), block_list=None, used=used).word


@pytest.mark.parametrize(
    ("seconds", "word"), [(-61, "too_early"), (-1, "genuine"), (0, "genuine"), (59, "genuine"), (60, "expired")]
)
def test_a_rotating_code_is_good_as_long_as_at_the_service(db, seconds: int, word: str) -> None:
    slot = rules.slot_at(now())
    start = rules.end_of_slot(slot) - rules.SLOT
    code = taps.code_of(taps.aino(at=start), at=start)
    assert _verdict(code, at=start + timedelta(seconds=seconds)) == word
    assert {
        _verdict(code[:-1] + last, at=start) for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if last != code[-1]
    } == {"not_ours"}
    assert _verdict(code, at=start, used=lambda _digest: True) == "used"


def test_what_is_on_the_signed_list_is_not_accepted_without_a_network(served: Served, tills: Tills) -> None:
    aino = taps.aino(at=now())
    number, code = card_number(aino), taps.code_of(aino, at=now())
    till = tills.open(served.url)
    assert till.refresh()
    for kind in ("printed", "phone"):
        medium = Medium.objects.get(card__person=aino.person_id, kind=kind)
        block_medium(aino.person_id, medium.id, by=aino, at=now())
    assert till.refresh()
    assert till.block_list_is_good
    till.close()

    without = tills.open(DEAD)
    assert [without.scan(shown).verdict for shown in (number, code)] == ["blocked", "blocked"]
    assert without.scan(card_number(aino)).verdict == "unchecked"
