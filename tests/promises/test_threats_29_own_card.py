"""T-29, a cashier collecting on their own card: no more a day than the programme gives, and the owner sees it."""

from datetime import timedelta

from kliento.domain.programmes.queries import suspicious_collecting
from tests import taps
from tests.programmes import collects, movements, offered, takes
from tests.taps import later
from tests.world import NOON, kahvila_kaisa, kuntosali_kunto, relation_of


def test_a_card_shown_all_day_collects_what_the_programme_gives_a_day(db):
    till = kahvila_kaisa()
    cashier = takes(taps.cardholder("cashier@example.fi"), offered(till, needed=100, a_day=2))
    collects(cashier, till, 16, since=later(hours=-5))
    assert len(movements(cashier)) == 2


def test_an_upload_of_made_up_scans_collects_no_more(db):
    till = kahvila_kaisa()
    cashier = takes(taps.cardholder("cashier@example.fi"), offered(till, needed=100, a_day=2))
    moments = [NOON - timedelta(minutes=20 * number) for number in range(30)]
    scans = [taps.scan(taps.code_of(cashier, at=moment), occurred_at=moment) for moment in moments]
    taps.record(scans, till)
    days = {(moment + timedelta(hours=2)).date() for moment in moments}
    assert len(movements(cashier)) == 2 * len(days)


def test_the_owner_sees_who_collects_most_at_one_terminal(db):
    till, gym = kahvila_kaisa(), kuntosali_kunto()
    programme = offered(till, needed=100, a_day=2)
    cashier, aino = takes(taps.cardholder("cashier@example.fi"), programme), takes(taps.aino(), programme)
    for day in range(5):
        collects(cashier, till, 3, since=later(days=day))
    collects(aino, till, 1)
    seen = suspicious_collecting(till.third_party_id, NOON - timedelta(days=1))
    assert [(each.member_number, each.terminal_id, each.stamps) for each in seen] == [
        (relation_of(cashier, till).member_number, till.terminal.terminal_id, 10),
        (relation_of(aino, till).member_number, till.terminal.terminal_id, 1),
    ]
    assert seen[0].last_at == later(days=4, minutes=30)
    assert suspicious_collecting(gym.third_party_id, NOON - timedelta(days=1)) == []
    assert [each.stamps for each in suspicious_collecting(till.third_party_id, later(days=4))] == [2]
