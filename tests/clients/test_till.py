"""A till with software of its own: with a network, without one, with a wrong clock."""

import time
from datetime import timedelta

import pytest

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import demand_levels, make_pairing_code, revoke_terminal
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from kliento_till import NotKept, NotNow, QueueInUse, QueueOfAnother, Refused, Terminal, Till, pair
from tests import taps
from tests.blanks import blank_card
from tests.clients.tills import DEAD, Tills
from tests.programmes import coffee_card, collects, offered, owner_of, takes
from tests.serving import Served
from tests.world import REGISTER_HOLDER, Place


def test_a_paired_device_identifies_people_and_says_what_they_share(served: Served, kaisa: Place, tmp_path) -> None:
    aino = taps.aino(at=now())
    taps.share(aino, kaisa, "first_name", at=now())
    code = make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=now())
    pair(served.url, code, "Till 2").save(tmp_path / "till.json")
    assert (tmp_path / "till.json").stat().st_mode & 0o777 == 0o600

    terminal = Terminal.load(tmp_path / "till.json")
    assert (terminal.third_party, terminal.premises) == ("Kahvila Kaisa", "Kallio")
    assert terminal.secret not in repr(terminal)
    with Till(terminal, queue=tmp_path / "queue.sqlite3") as till:
        answer = till.scan(taps.code_of(aino, at=now()))
        assert (answer.outcome, dict(answer.values)) == ("identified", {"first_name": "Aino"})
        assert dict(till.member(answer.member_number, "first_name").values) == {"first_name": "Aino"}
        with pytest.raises(Refused, match="withheld"):
            till.member(answer.member_number, "phone")
        assert till.waiting == 0
    with pytest.raises(Refused):
        pair(served.url, code, "Till 3")


def test_the_same_id_again_is_the_same_scan_with_its_first_answer(served: Served, tills: Tills) -> None:
    till, code = tills.open(served.url), taps.code_of(taps.aino(at=now()), at=now())
    scan_id = till.new_id()
    first, again = (till.scan(code, id=scan_id) for _ in range(2))
    assert first.outcome == "identified"
    assert (again.visit_id, again.member_number) == (first.visit_id, first.member_number)
    assert Scan.objects.count() == Visit.objects.count() == 1
    till.close()
    assert tills.open(DEAD).scan(code, id=scan_id).outcome == "identified"


def test_without_a_queue_a_repeat_is_harmless_as_well(served: Served, tills: Tills) -> None:
    till, code = tills.open(served.url, queue=None), taps.code_of(taps.aino(at=now()), at=now())
    scan_id = till.new_id()
    assert till.scan(code, id=scan_id) == till.scan(code, id=scan_id)
    assert till.scan("other", id=scan_id).problem.code == "scan_id_reused"


def test_what_was_shown_without_a_network_is_handed_in_once_and_nothing_on_the_disk_tells_the_code(
    served: Served, tills: Tills
) -> None:
    aino = taps.aino(at=now())
    code, number = taps.code_of(aino, at=now()), card_number(aino)
    till = tills.open(DEAD)
    kept = [till.scan(code), till.scan(code), till.scan(number), till.scan("no card of ours")]
    assert [answer.verdict for answer in kept] == ["genuine", "used", "unchecked", "unchecked"]
    till.close()
    written = b"".join(file.read_bytes() for file in tills.folder.glob("queue.sqlite3*"))
    assert code.encode() not in written
    assert number.encode() not in written

    till = tills.open(served.url)
    answers = {answer.id: answer.outcome for answer in till.hand_in()}
    assert [answers[one.id] for one in kept] == ["identified", "replayed", "identified", "unknown"]
    assert (till.waiting, till.hand_in(), Visit.objects.count()) == (0, [], 1)
    assert {answer.id for answer in till.answers_since(now() - timedelta(minutes=1))} == set(answers)


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_till_whose_clock_is_hours_wrong_reckons_with_the_servers(served: Served, tills: Tills, hours: int) -> None:
    till = tills.open(served.url, wall=lambda: time.time() + hours * 3600)
    answer = till.scan(taps.code_of(taps.aino(at=now()), at=now()))
    if hours > 0:  # the id names a time to come: it waits until then, everything after it does not
        assert (answer.outcome, till.waiting) == ("queued", 1)
    else:
        assert answer.outcome == "identified"
    later = till.scan(taps.code_of(taps.cardholder("eino@example.fi", at=now()), at=now()))
    assert later.outcome == "identified"
    assert abs(Scan.objects.get(id=later.id).occurred_at - now()) < timedelta(seconds=20)
    till.close()
    started = tills.open(DEAD, wall=lambda: time.time() + hours * 3600)  # the difference is known from then on
    assert started.scan(taps.code_of(taps.cardholder("maija@example.fi", at=now()), at=now())).verdict == "genuine"


def test_scans_of_the_wrong_time_are_corrected_before_they_are_recorded(served: Served, tills: Tills) -> None:
    till = tills.open(DEAD, wall=lambda: time.time() - 5 * 3600)
    kept = till.scan(taps.code_of(taps.aino(at=now()), at=now()))
    till.close()
    till = tills.open(served.url, wall=lambda: time.time() - 5 * 3600)
    assert [(answer.id, answer.outcome) for answer in till.hand_in()] == [(kept.id, "identified")]
    assert abs(Scan.objects.get().occurred_at - now()) < timedelta(seconds=30)


def test_a_reward_is_handed_out_once_and_undone(served: Served, kaisa: Place, tills: Tills) -> None:
    since = now() - timedelta(days=1)
    aino = takes(taps.cardholder(at=since), offered(kaisa, needed=3, at=since), at=since)
    collects(aino, kaisa, 2, since=since)
    till = tills.open(served.url)
    answer = till.scan(taps.code_of(aino, at=now()))
    assert answer.stamps.can_redeem
    redemption = new_id()
    after = [till.redeem(answer.visit_id, id=redemption) for _ in range(2)]
    assert [stamps.balance for stamps in after] == [0, 0]
    with pytest.raises(Refused, match="too_few_stamps"):
        till.redeem(answer.visit_id, id=new_id())
    assert till.undo_redemption(redemption).balance == 3


def test_what_to_show_before_a_reward_is_said_with_the_scan(served: Served, kaisa: Place, tills: Tills) -> None:
    since = now() - timedelta(days=1)
    owner = owner_of(kaisa)
    aino = takes(taps.cardholder(at=since), coffee_card(owner, needed=1, at=since), at=since)
    demand_levels(identify="uid", redeem="rotating", by=owner, at=since)
    till = tills.open(served.url)
    codes = (card_number(aino), taps.code_of(aino, at=now()))
    assert [till.scan(code).redeem_with for code in codes] == ["rotating", None]


def test_the_holder_of_a_blank_card_gets_a_claim_code(served: Served, tills: Tills) -> None:
    till = tills.open(served.url)
    answer = till.scan(blank_card(at=now()))
    assert answer.outcome == "unclaimed"
    assert till.claim_code(answer.visit_id).expires_at > now()


def test_a_revoked_terminal_hands_in_what_it_had(served: Served, kaisa: Place, tills: Tills) -> None:
    till = tills.open(DEAD)
    till.scan(taps.code_of(taps.aino(at=now()), at=now()))
    till.close()
    time.sleep(0.01)
    revoke_terminal(kaisa.terminal.terminal_id, by=REGISTER_HOLDER, at=now())
    till = tills.open(served.url)
    assert [answer.outcome for answer in till.hand_in()] == ["received"]


def test_after_thirty_unknown_codes_a_till_waits_as_it_is_told(served: Served, tills: Tills) -> None:
    till = tills.open(served.url)
    outcomes = [till.scan(f"04A23B{number:02X}").outcome for number in range(31)]
    assert (outcomes[0], outcomes[-1]) == ("unknown", "queued")
    assert isinstance(till.trouble, NotNow)
    assert 55 < till.pause_seconds <= 60


def test_what_a_till_need_not_know_any_more_leaves_its_disk(served: Served, tills: Tills) -> None:
    till = tills.open(served.url)
    till.scan("04A23B5C")
    month, until = timedelta(days=32), now()
    assert len(till.answers_since(until - month)) == 1
    till._queue._connection.execute(f"UPDATE answered SET at = at - {31 * 86_400}")
    assert till.refresh()
    assert till.answers_since(until - month) == []


def test_a_file_that_is_no_queue_is_not_taken_for_one(tills: Tills) -> None:
    (tills.folder / "queue.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(NotKept):
        tills.open(DEAD)
    assert (tills.folder / "queue.sqlite3").read_bytes() == b"no database" * 1000


def test_a_queue_is_its_owners_alone(tills: Tills) -> None:
    tills.open(DEAD).scan("04A23B5C")
    assert {file.stat().st_mode & 0o777 for file in tills.folder.glob("queue.sqlite3*")} == {0o600}


def test_a_disk_that_takes_nothing_promises_nothing(tills: Tills) -> None:
    till = tills.open(DEAD)
    till._queue._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(NotKept):
        [till.scan("04A23B5C") for _ in range(100)]


def test_a_queue_belongs_to_one_program_and_one_terminal(tills: Tills) -> None:
    till = tills.open(DEAD)
    till.scan("04A23B5C")
    with pytest.raises(QueueInUse):
        tills.open(DEAD)
    till.close()
    stranger = Terminal(DEAD, "kt_another", b"", b"")
    with pytest.raises(QueueOfAnother):
        Till(stranger, queue=tills.folder / "queue.sqlite3")
    assert tills.open(DEAD).waiting == 1
