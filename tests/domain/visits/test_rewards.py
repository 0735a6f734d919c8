"""A reward at the till: redeemed once, undone within minutes, refused without a word too many."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.cards.queries import card_number
from kliento.domain.programmes.actions import expire_lots
from kliento.domain.programmes.models import LedgerEntry, LotUse
from kliento.domain.programmes.queries import loyalty_cards_of, programme_by
from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.visits.actions import dispute_visit, redeem_at_till, undo_redemption
from kliento.kernel.errors import Conflict, KlientoError, NotAllowed, NotFound
from kliento.kernel.ids import new_id
from tests import taps
from tests.programmes import collects, movements, offered, takes
from tests.taps import later
from tests.world import NOON, REGISTER_HOLDER, kahvila_kaisa, kuntosali_kunto


@pytest.fixture
def full_card(db):
    """Aino with a full card at the till where she stands: (till, aino, her visit, now)."""
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till, needed=3))
    last = collects(aino, till, 3)[-1]
    assert last.stamps.can_redeem
    return till, aino, last.visit_id, later(minutes=61)


def test_a_full_card_gives_the_reward_and_the_person_sees_it(full_card):
    till, aino, visit_id, at = full_card
    assert redeem_at_till(visit_id, new_id(), by=till.terminal, at=at).balance == 0
    newest = entries_of([aino.person_id])[0]
    assert (newest.kind, newest.recipient_id) == ("reward_redeemed", till.third_party_id)
    assert str(reading_of(newest).line) == "Reward redeemed · 3 stamps used, 0 left"


def test_the_same_redemption_again_gets_its_first_answer_whenever(full_card):
    till, aino, visit_id, at = full_card
    act = new_id()
    first = redeem_at_till(visit_id, act, by=till.terminal, at=at)
    assert redeem_at_till(visit_id, act, by=till.terminal, at=at + timedelta(days=2)) == first
    assert [kind for kind, *_ in movements(aino)].count("redeemed") == 1


def test_another_redemption_finds_too_few_stamps(full_card):
    till, _aino, visit_id, at = full_card
    redeem_at_till(visit_id, new_id(), by=till.terminal, at=at)
    with pytest.raises(Conflict) as refused:
        redeem_at_till(visit_id, new_id(), by=till.terminal, at=at)
    assert refused.value.code == "too_few_stamps"


def test_a_redemption_id_is_for_one_card(full_card):
    till, _aino, visit_id, at = full_card
    eino = taps.cardholder("eino@example.fi", "Eino")
    his = taps.tap(eino, till, at=at)
    act = new_id()
    redeem_at_till(visit_id, act, by=till.terminal, at=at)
    with pytest.raises(Conflict) as refused:
        redeem_at_till(his.visit_id, act, by=till.terminal, at=at)
    assert refused.value.code == "redemption_id_reused"


def test_elsewhere_there_is_no_such_visit_and_no_such_redemption(full_card):
    till, _aino, visit_id, at = full_card
    gym = kuntosali_kunto()
    with pytest.raises(NotFound):
        redeem_at_till(visit_id, new_id(), by=gym.terminal, at=at)
    act = new_id()
    redeem_at_till(visit_id, act, by=till.terminal, at=at)
    with pytest.raises(NotFound):
        undo_redemption(act, by=gym.terminal, at=at)


def test_whoever_left_is_asked_for_the_card_again(full_card):
    till, _aino, visit_id, _at = full_card
    with pytest.raises(Conflict) as refused:
        redeem_at_till(visit_id, new_id(), by=till.terminal, at=later(minutes=91))
    assert refused.value.code == "visit_over"


@pytest.mark.parametrize("why", ["restricted", "disputed"])
def test_what_is_not_accepted_reads_the_same(full_card, why):
    till, aino, visit_id, at = full_card
    if why == "restricted":
        taps.restricted(aino)
    else:
        dispute_visit(entries_of([aino.person_id])[0].id, by=aino, at=at)
    with pytest.raises(NotAllowed) as refused:
        redeem_at_till(visit_id, new_id(), by=till.terminal, at=at)
    assert (refused.value.code, str(refused.value.message)) == ("not_accepted", "Not accepted.")


def test_a_redemption_can_be_undone_once_within_ten_minutes_and_the_stamps_are_back(full_card):
    till, aino, visit_id, at = full_card
    act = new_id()
    redeem_at_till(visit_id, act, by=till.terminal, at=at)
    for minutes in (1, 2):
        assert undo_redemption(act, by=till.terminal, at=at + timedelta(minutes=minutes)).balance == 3
    assert movements(aino)[-2:] == [("redeemed", -3, 0), ("reversed", 3, 3)]
    assert redeem_at_till(visit_id, new_id(), by=till.terminal, at=at + timedelta(minutes=3)).balance == 0


def test_it_is_too_late_to_undo_after_ten_minutes(full_card):
    till, _aino, visit_id, at = full_card
    act = new_id()
    redeem_at_till(visit_id, act, by=till.terminal, at=at)
    with pytest.raises(Conflict) as refused:
        undo_redemption(act, by=till.terminal, at=at + timedelta(minutes=11))
    assert refused.value.code == "too_late_to_undo"


def test_stamps_that_ran_out_are_entered_however_many_cards_there_are(db):
    till = kahvila_kaisa()
    programme = offered(till, needed=3, days=2)
    for name in ("aino", "eino", "oona"):
        collects(takes(taps.cardholder(f"{name}@example.fi"), programme), till, 1)
    assert expire_lots(at=later(days=9), at_once=1) == 3
    assert expire_lots(at=later(days=9)) == 0


def test_stamps_that_ran_out_are_entered_and_cannot_be_spent(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till, needed=3, days=2))
    collects(aino, till, 2)
    last = taps.tap(aino, till, at=later(days=2, minutes=10))
    with pytest.raises(Conflict) as refused:
        redeem_at_till(last.visit_id, new_id(), by=till.terminal, at=later(days=2, minutes=11))
    assert refused.value.code == "too_few_stamps"
    assert expire_lots(at=later(days=2, minutes=11)) == 0, "it was entered as the reward was refused"
    assert movements(aino)[-1] == ("ran_out", -1, 2)
    assert expire_lots(at=later(days=9)) == 1
    assert movements(aino)[-1] == ("ran_out", -2, 0)
    assert str(reading_of(entries_of([aino.person_id])[0]).line) == "2 stamps ran out"


def test_neither_till_nor_phone_offers_what_ran_out_before_the_clock_says_so(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till, needed=2, days=1))
    visit = collects(aino, till, 2)[-1]
    act = new_id()
    redeem_at_till(visit.visit_id, act, by=till.terminal, at=later(minutes=35))
    assert undo_redemption(act, by=till.terminal, at=later(minutes=36)).can_redeem
    at_till = taps.tap(aino, till, at=later(days=2)).stamps
    assert (at_till.balance, at_till.can_redeem) == (1, False)
    [on_phone] = loyalty_cards_of(aino.person_id, at=later(days=2))
    assert (on_phone.stamps.balance, on_phone.stamps.can_redeem) == (1, False)
    seen = next(entry for entry in entries_of([aino.person_id]) if entry.kind == "visit")
    assert seen.payload["stamps"] == 1
    [stale] = taps.record([taps.scan(card_number(aino), occurred_at=later(days=1))], till, at=later(days=3))
    assert stale.stamps.balance == 0, "the stamps of both visits are over by the time they are told"


def test_a_visit_told_late_brings_no_stamp_that_could_still_be_spent(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till, needed=1, days=1))
    [told_late] = taps.record([taps.scan(card_number(aino))], till, at=later(days=2))
    assert (told_late.stamps.balance, told_late.stamps.can_redeem) == (0, False)


def test_undoing_brings_back_the_ends_the_stamps_had(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till, needed=2, days=1))
    visit = collects(aino, till, 2)[-1]
    act, at = new_id(), later(minutes=35)
    redeem_at_till(visit.visit_id, act, by=till.terminal, at=at)
    undo_redemption(act, by=till.terminal, at=at)
    expire_lots(at=later(days=1, minutes=31))
    assert movements(aino)[-1] == ("ran_out", -2, 0)


def test_two_tills_at_once_and_exactly_one_wins(full_card):
    till, aino, visit_id, at = full_card
    code = recipients.make_pairing_code(till.premises_id, by=REGISTER_HOLDER, at=NOON)
    second = terminal_actor(recipients.pair_terminal(code, name="Counter 2", at=NOON)[1])
    tills, outcomes, ready = [till.terminal, second] * 2, [], Barrier(4)

    def redeem(by):
        ready.wait()
        try:
            outcomes.append(redeem_at_till(visit_id, new_id(), by=by, at=at).balance)
        except KlientoError as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    threads = [Thread(target=redeem, args=(by,)) for by in tills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["0", "too_few_stamps", "too_few_stamps", "too_few_stamps"]
    assert movements(aino)[-1] == ("redeemed", -3, 0)


def test_one_id_used_for_two_people_at_once_is_refused_to_one_of_them(full_card):
    till, _aino, visit_id, at = full_card
    eino = takes(taps.cardholder("eino@example.fi", "Eino"), programme_by(till.third_party_id))
    visits = [visit_id, collects(eino, till, 3)[-1].visit_id]
    act, answers, ready = new_id(), [], Barrier(2)

    def redeem(visit):
        ready.wait()
        try:
            answers.append(redeem_at_till(visit, act, by=till.terminal, at=at).balance)
        except KlientoError as error:
            answers.append(error.code)
        finally:
            connections.close_all()

    threads = [Thread(target=redeem, args=(visit,)) for visit in visits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == ["0", "redemption_id_reused"]


def test_one_redemption_sent_by_many_threads_is_one(full_card):
    till, _aino, visit_id, at = full_card
    act, answers, ready = new_id(), [], Barrier(3)

    def redeem():
        ready.wait()
        try:
            answers.append(redeem_at_till(visit_id, act, by=till.terminal, at=at).balance)
        finally:
            connections.close_all()

    threads = [Thread(target=redeem) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [0, 0, 0]
    assert LedgerEntry.objects.filter(act_id=act).count() == 1
    assert LotUse.objects.count() == 3
