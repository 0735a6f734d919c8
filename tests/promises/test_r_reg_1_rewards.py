"""R-REG-1: with an unregistered card its holder has the same rights, a reward for its stamps among them."""

from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connections

from kliento.domain.activity.queries import entries_of
from kliento.domain.claiming.actions import claim_card, give_claim_code, undo_claim
from kliento.domain.programmes.actions import expire_lots
from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.recipients.actions import demand_levels, make_pairing_code, pair_terminal
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.sharing.models import Grant
from kliento.domain.visits.actions import ScanResult, cancel_visit, redeem_at_till, undo_redemption
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Conflict, NotFound
from kliento.kernel.ids import id_at, new_id
from tests import programmes, taps
from tests.blanks import blank_card, card_of, shown, stamps_of
from tests.world import NOON, REGISTER_HOLDER, Place, kahvila_kaisa, kuntosali_kunto

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def kaisa() -> Place:
    """A coffee for two visits; it would ask a person for their first name."""
    place = kahvila_kaisa()
    programmes.offered(place, needed=2, fields=("first_name",))
    return place


@pytest.fixture
def full(kaisa: Place) -> tuple[str, ScanResult]:
    """A card with the stamps of one coffee, and its visit just now."""
    number = blank_card()
    shown(number, kaisa)
    return number, shown(number, kaisa, at=taps.later(hours=1))


def redeemed(result: ScanResult, by: TerminalActor, *, redemption_id: UUID | None = None):
    assert result.visit_id is not None
    return redeem_at_till(result.visit_id, redemption_id or new_id(), by=by, at=taps.later(hours=1, minutes=1))


def test_the_holder_of_a_card_without_an_account_gets_the_reward_and_shows_nothing(kaisa, full):
    _number, result = full
    assert result.stamps is not None
    assert result.stamps.can_redeem
    left = redeemed(result, kaisa.terminal, redemption_id=(redemption_id := new_id()))
    assert left.balance == 0
    assert redeemed(result, kaisa.terminal, redemption_id=redemption_id) == left
    assert result.values == {}
    assert not Grant.objects.exists()
    card_id = card_of(result)
    assert stamps_of(card_id) == [0]
    [entry] = [entry for entry in entries_of([card_id]) if entry.kind == "reward_redeemed"]
    assert (entry.recipient_id, entry.fields) == (kaisa.third_party_id, ())
    with pytest.raises(NotFound):
        redeem_at_till(result.visit_id, new_id(), by=kuntosali_kunto().terminal, at=taps.later(hours=1))


def test_where_more_is_wanted_for_a_reward_the_way_out_is_to_claim_the_card(kaisa, full):
    owner = programmes.owner_of(kaisa, "toinen@example.fi")
    demand_levels(identify="uid", redeem="rotating", by=owner, at=taps.later(minutes=90))
    _number, result = full
    demanding = terminal_actor(kaisa.secret)
    with pytest.raises(Conflict) as refused:
        redeemed(result, demanding)
    assert refused.value.code == "claim_first"
    assert [entry.kind for entry in entries_of([card_of(result)])][:1] == ["reward_refused"]
    assert stamps_of(card_of(result)) == [2]


def test_of_two_tills_at_once_one_hands_it_over(kaisa, full):
    code = make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=NOON)
    _id, secret = pair_terminal(code, name="Till 2", at=NOON)
    _number, result = full
    start, answers = Barrier(2), []

    def redeem(till):
        try:
            start.wait()
            redeemed(result, till)
            answers.append("redeemed")
        except Conflict as refused:
            answers.append(refused.code)
        finally:
            connections.close_all()

    both = [Thread(target=redeem, args=(till,)) for till in (kaisa.terminal, terminal_actor(secret))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(answers) == ["redeemed", "too_few_stamps"]
    assert LedgerEntry.objects.filter(kind="redeemed").count() == 1
    assert stamps_of(card_of(result)) == [0]


def test_a_claim_and_a_reward_at_once_leave_every_stamp_where_it_belongs(kaisa, full):
    aino = taps.aino()
    _number, result = full
    code = give_claim_code(result.visit_id, by=kaisa.terminal, at=taps.later(hours=1)).code
    start, answers = Barrier(2), []

    def act(what):
        try:
            start.wait()
            what()
            answers.append("done")
        except (Conflict, NotFound) as refused:  # out of use until she takes it, or the card was being claimed
            answers.append(refused.code)
        finally:
            connections.close_all()

    acts = (
        lambda: claim_card(code, by=aino, at=taps.later(hours=1)),
        lambda: redeemed(result, kaisa.terminal),
    )
    both = [Thread(target=act, args=(what,)) for what in acts]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    spent = LedgerEntry.objects.filter(kind="redeemed").count()
    assert len(answers) == 2
    assert spent == answers.count("done") - 1
    assert stamps_of(card_of(result)) == [0]
    assert stamps_of(aino.person_id) in ([2 - 2 * spent], [] if spent else None)


def test_what_was_redeemed_before_a_claim_and_undone_after_it_is_the_persons(kaisa, full):
    aino = taps.aino()
    _number, result = full
    code = give_claim_code(result.visit_id, by=kaisa.terminal, at=taps.later(hours=1)).code
    redeemed(result, kaisa.terminal, redemption_id=(redemption_id := new_id()))
    claim_id = claim_card(code, by=aino, at=taps.later(hours=1, minutes=2))
    assert undo_redemption(redemption_id, by=kaisa.terminal, at=taps.later(hours=1, minutes=3)).balance == 2
    assert (stamps_of(aino.person_id), stamps_of(card_of(result))) == ([2], [0])
    undo_claim(claim_id, by=aino, at=taps.later(hours=2))
    assert (stamps_of(aino.person_id), stamps_of(card_of(result))) == ([0], [2])


def test_what_was_redeemed_during_a_claim_and_undone_after_it_is_the_cards():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.offered(kaisa, needed=2)
    number = blank_card()
    shown(number, kaisa)
    result = shown(number, kaisa, at=taps.later(hours=1))
    code = give_claim_code(result.visit_id, by=kaisa.terminal, at=taps.later(hours=1)).code
    claim_id = claim_card(code, by=aino, at=taps.later(hours=1))
    redeemed(result, kaisa.terminal, redemption_id=(redemption_id := new_id()))
    assert stamps_of(aino.person_id) == [0]
    undo_claim(claim_id, by=aino, at=taps.later(hours=1, minutes=2))
    undo_redemption(redemption_id, by=kaisa.terminal, at=taps.later(hours=1, minutes=3))
    assert (stamps_of(aino.person_id), stamps_of(card_of(result))) == ([0], [2])


def test_a_scan_is_undone_at_its_till_after_the_card_was_claimed_too(kaisa):
    aino, scan_id = taps.aino(), id_at(NOON)
    [result] = taps.record([taps.scan(blank_card(), scan_id=scan_id)], kaisa)
    code = give_claim_code(result.visit_id, by=kaisa.terminal, at=NOON).code
    claim_card(code, by=aino, at=taps.later(minutes=1))
    cancel_visit(scan_id, by=kaisa.terminal, at=taps.later(minutes=2))
    assert not Visit.objects.get().stands
    assert stamps_of(aino.person_id) == [0]


def test_stamps_of_a_card_run_out_as_anybodys():
    kaisa = kahvila_kaisa()
    programmes.offered(kaisa, days=30)
    card_id = card_of(shown(blank_card(), kaisa))
    assert expire_lots(at=taps.later(days=31)) == 1
    assert stamps_of(card_id, at=taps.later(days=31)) == [0]
    assert LedgerEntry.objects.filter(kind="ran_out", subject_id=card_id).count() == 1
