"""Threat 28: a card is claimed by whoever holds it: not by the cashier, nor by whoever finds a code later."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.models import ClaimCode
from kliento.domain.cards.queries import claims_at, codes_given_at, subjects_of
from kliento.domain.claiming.actions import claim_card, give_claim_code, tell_of_claims, undo_claim, undo_claim_at
from kliento.domain.outbox.actions import work_off
from kliento.domain.recipients.actions import make_pairing_code, pair_terminal
from kliento.domain.recipients.queries import acts_of, terminal_actor
from kliento.domain.visits.actions import cancel_visit
from kliento.domain.visits.rules import Outcome
from kliento.interfaces.public.card import GUESSES
from kliento.kernel.errors import Conflict, NotAllowed, NotFound
from tests import programmes, taps
from tests.blanks import blank_card, card_of, claimed, code_for, shown
from tests.windows import begins_with_room
from tests.world import NOON, REGISTER_HOLDER, kahvila_kaisa, kuntosali_kunto, operator

pytestmark = pytest.mark.usefixtures("db")


def test_a_code_is_given_at_the_very_terminal_of_the_visit_only():
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    beside = make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=NOON)
    _terminal, secret = pair_terminal(beside, name="Till 2", at=NOON)
    visit_id = shown(blank_card(), kaisa).visit_id
    for till in (terminal_actor(secret), kunto.terminal):
        with pytest.raises(NotFound):
            give_claim_code(visit_id, by=till, at=taps.later(minutes=1))
    assert not ClaimCode.objects.exists()


def test_at_whichever_till_of_the_place_the_holder_shows_the_card_in_the_visit_a_code_is_given():
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    beside = make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=NOON)
    _terminal, secret = pair_terminal(beside, name="Till 2", at=NOON)
    second = terminal_actor(secret)
    visit_id = shown(number := blank_card(), kaisa).visit_id
    with pytest.raises(NotFound):
        give_claim_code(visit_id, by=second, at=taps.later(minutes=1))
    [again] = taps.hand_in([taps.scan(number, occurred_at=taps.later(minutes=2))], by=second, at=taps.later(minutes=2))
    assert again.visit_id == visit_id
    assert give_claim_code(visit_id, by=second, at=taps.later(minutes=2)).code
    with pytest.raises(NotFound):
        give_claim_code(visit_id, by=kunto.terminal, at=taps.later(minutes=2))


def test_a_code_is_given_while_the_holder_stands_there_only():
    kaisa = kahvila_kaisa()
    visit_id = shown(blank_card(), kaisa).visit_id
    with pytest.raises(Conflict, match="over"):
        give_claim_code(visit_id, by=kaisa.terminal, at=taps.later(minutes=31))
    assert not ClaimCode.objects.exists()
    give_claim_code(visit_id, by=kaisa.terminal, at=taps.later(minutes=29))


def test_no_code_is_given_for_a_visit_that_was_undone():
    kaisa = kahvila_kaisa()
    [visit] = taps.record([one := taps.scan(blank_card())], kaisa)
    cancel_visit(one.id, by=kaisa.terminal, at=taps.later(minutes=1))
    with pytest.raises(NotFound):
        give_claim_code(visit.visit_id, by=kaisa.terminal, at=taps.later(minutes=2))
    assert not ClaimCode.objects.exists()


def test_no_code_is_given_for_the_card_of_a_person():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    with pytest.raises(NotFound):
        give_claim_code(taps.tap(aino, kaisa).visit_id, by=kaisa.terminal, at=NOON)
    claimed(number := blank_card(), kaisa, aino, at=taps.later(hours=1))
    again = shown(number, kaisa, at=taps.later(hours=2))
    with pytest.raises(NotFound):
        give_claim_code(again.visit_id, by=kaisa.terminal, at=taps.later(hours=2))


def test_a_newer_code_ends_the_one_before_it():
    kaisa, aino, eino = kahvila_kaisa(), taps.aino(), taps.cardholder("eino@example.fi", "Eino")
    number = blank_card()
    first = code_for(number, kaisa)
    second = code_for(number, kaisa, at=taps.later(minutes=5))
    with pytest.raises(NotFound):
        claim_card(first, by=eino, at=taps.later(minutes=6))
    claim_card(second, by=aino, at=taps.later(minutes=6))


def test_a_code_lives_for_thirty_days():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    code = code_for(blank_card(), kaisa)
    with pytest.raises(NotFound):
        claim_card(code, by=aino, at=NOON + timedelta(days=30))
    claim_card(code, by=aino, at=NOON + timedelta(days=29))


def test_a_till_gives_twenty_codes_an_hour():
    kaisa = kahvila_kaisa()
    for number in [blank_card() for _each in range(20)]:
        code_for(number, kaisa)
    with pytest.raises(Conflict, match="many codes"):
        code_for(blank_card(), kaisa, at=taps.later(minutes=30))
    code_for(blank_card(), kaisa, at=taps.later(minutes=61))


def test_the_owner_sees_every_code_and_claim_and_nobody_behind_them():
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    claimed(blank_card(), kaisa, aino)
    code_for(blank_card(), kaisa, at=taps.later(hours=1))
    given = codes_given_at(kaisa.third_party_id, since=NOON - timedelta(days=1), limit=9)
    assert [code.was_used for code in given] == [False, True]
    (claim,) = claims_at(kaisa.third_party_id, limit=9)
    assert claim.terminal_id == kaisa.terminal.terminal_id
    assert claims_at(kunto.third_party_id, limit=9) == []


def test_the_owner_is_told_by_mail_once_a_day_how_many_were_claimed_and_nothing_else():
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    for place, address in ((kaisa, "kaisa@example.fi"), (kunto, "kunto@example.fi")):
        programmes.owner_of(place, address)
    operator(kaisa, role="manager")
    for hours in (0, 1):
        claimed(blank_card(), kaisa, aino, at=taps.later(hours=hours))
    undone = claimed(blank_card(), kaisa, aino, at=taps.later(hours=2))
    undo_claim(undone, by=aino, at=taps.later(hours=2))
    assert tell_of_claims(at=taps.later(hours=3)) == 1
    work_off(at=taps.later(hours=3))
    [letter] = mail.outbox
    assert letter.to == ["kaisa@example.fi"]
    assert "Kahvila Kaisa’s tills: 2" in letter.body
    assert "/partner/claims" in letter.body
    claimed(blank_card(), kaisa, aino, at=taps.later(hours=4))
    assert tell_of_claims(at=taps.later(hours=26)) == 0
    assert tell_of_claims(at=taps.later(hours=27)) == 1
    assert tell_of_claims(at=taps.later(days=3)) == 0
    work_off(at=taps.later(days=3))
    assert [each.to for each in mail.outbox] == [["kaisa@example.fi"]] * 2


def test_where_nobody_can_be_told_a_claim_waits_and_what_is_past_undoing_is_no_news():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    claimed(blank_card(), kaisa, aino)
    assert tell_of_claims(at=taps.later(days=1)) == 0
    programmes.owner_of(kaisa)
    assert tell_of_claims(at=taps.later(days=7)) == 0
    claimed(blank_card(), kaisa, aino, at=taps.later(days=7))
    assert tell_of_claims(at=taps.later(days=7)) == 1


def test_the_owner_undoes_what_a_cashier_claimed_and_the_holder_has_the_card_again():
    kaisa, kunto, cashier = kahvila_kaisa(), kuntosali_kunto(), taps.cardholder("kalle@example.fi", "Kalle")
    programmes.coffee_card(programmes.owner_of(kaisa))
    card_id = card_of(shown(number := blank_card(), kaisa))
    claim_id = claimed(number, kaisa, cashier, at=taps.later(hours=1))
    with pytest.raises(NotFound):
        undo_claim_at(claim_id, by=operator(kunto), at=taps.later(hours=2))
    with pytest.raises(NotAllowed):
        undo_claim_at(claim_id, by=operator(kaisa, role="manager"), at=taps.later(hours=2))
    owner = operator(kaisa)
    undo_claim_at(claim_id, by=owner, at=taps.later(hours=2))
    back = shown(number, kaisa, at=taps.later(hours=3))
    assert back.outcome is Outcome.UNCLAIMED
    assert back.stamps is not None
    assert back.stamps.balance == 3
    assert card_of(back) == card_id
    undone = entries_of([cashier.person_id])[0]
    assert (undone.kind, undone.recipient_id) == ("claim_undone", kaisa.third_party_id)
    assert [act.act for act in acts_of(kaisa.third_party_id, limit=9)][:1] == ["claim_undone"]


def test_whoever_claims_sees_where_the_code_was_given():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    claimed(blank_card(), kaisa, aino)
    given = next(each for each in entries_of(subjects_of(aino.person_id)) if each.kind == "claim_code_given")
    assert given.recipient_id == kaisa.third_party_id
    assert given.payload["terminal_id"] == str(kaisa.terminal.terminal_id)


def test_guessing_at_the_holders_page_is_answered_alike_and_slowed_down():
    kaisa = kahvila_kaisa()
    number = blank_card()
    code = code_for(number, kaisa)
    visitor = Client()
    begins_with_room(GUESSES)
    answers = [
        visitor.post("/card/", {"number": tried, "code": typed})
        for tried, typed in ((number, "7K3M Q2ZT 9V4B X"), ("K1AB CDEF GHJK MNPQ", code), (blank_card(), code))
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({_problem(answer.content.decode()) for answer in answers}) == 1
    for _guess in range(7):
        visitor.post("/card/", {"number": number, "code": "no"})
    assert visitor.post("/card/", {"number": number, "code": code}).status_code == 429


def _problem(page: str) -> str:
    return page.split('class="error-summary"')[1].split("</div>")[0]
