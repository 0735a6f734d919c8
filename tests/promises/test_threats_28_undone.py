"""Threat 28: what a claimer does with a card of somebody else is undone for seven days; what was lost stays blocked."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from kliento.domain.cards.actions import add_medium, block_every_medium, block_medium, use_again
from kliento.domain.cards.models import Medium
from kliento.domain.cards.queries import card_number, carriers_of, claims_at, media_of_person
from kliento.domain.claiming.actions import undo_claim, undo_claim_at
from kliento.domain.people.queries import lock_people
from kliento.domain.recipients.queries import acts_of
from kliento.domain.rights.actions import close_account
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Invalid
from tests import programmes, taps
from tests.blanks import blank_card, card_of, claimed, shown
from tests.promises.test_r_del_1_closing import TOMBSTONES, tables_naming, ways_to_write
from tests.world import NOON, kahvila_kaisa, operator

pytestmark = pytest.mark.usefixtures("db")
STICKER = "04A23B5C6D7E80"


def thief() -> PersonActor:
    return taps.cardholder("thief@example.fi", "Theo")


def medium_of(number_of: PersonActor) -> Medium:
    """The one that a claimed card brought."""
    return Medium.objects.get(card__person=number_of.person_id, code_owner_id__isnull=False)


def test_whoever_closes_their_account_leaves_a_card_they_just_claimed_as_it_was():
    kaisa, theo = kahvila_kaisa(), thief()
    programmes.coffee_card(programmes.owner_of(kaisa))
    card_id = card_of(first := shown(number := blank_card(), kaisa))
    claimed(number, kaisa, theo, at=taps.later(hours=1))
    close_account(theo, language="en", at=taps.later(hours=2))
    back = shown(number, kaisa, at=taps.later(hours=3))
    assert (back.outcome, card_of(back), back.member_number) == (Outcome.UNCLAIMED, card_id, first.member_number)
    assert back.stamps is not None
    assert back.stamps.balance == 3
    assert Visit.objects.filter(subject_id=card_id).count() == 3
    (claim,) = claims_at(kaisa.third_party_id, limit=9)
    assert claim.undone_at == taps.later(hours=2)
    assert tables_naming(*ways_to_write(theo.person_id)) - TOMBSTONES == set()


def test_whoever_leaves_while_the_company_undoes_their_claim_takes_no_card_along():
    kaisa, theo = kahvila_kaisa(), thief()
    programmes.coffee_card(owner := programmes.owner_of(kaisa))
    claim = claimed(number := blank_card(), kaisa, theo)

    def closing(act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            connections.close_all()

    acts = (
        lambda: close_account(theo, language="en", at=taps.later(hours=1)),
        lambda: undo_claim_at(claim, by=owner, at=taps.later(hours=1)),
    )
    with ThreadPoolExecutor(2) as both:
        with transaction.atomic():
            lock_people([theo.person_id])
            answers = [both.submit(closing, act) for act in acts]
            time.sleep(0.5)
        for answer in answers:
            answer.result(20)
    back = shown(number, kaisa, at=taps.later(hours=2))
    assert back.outcome is Outcome.UNCLAIMED
    assert back.stamps is not None
    assert back.stamps.balance == 2


def test_a_card_claimed_longer_ago_goes_with_its_person():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    claimed(number := blank_card(), kaisa, aino)
    close_account(aino, language="en", at=NOON + timedelta(days=7))
    assert shown(number, kaisa, at=NOON + timedelta(days=8)).outcome is Outcome.UNKNOWN
    assert claims_at(kaisa.third_party_id, limit=9) == []
    assert not Visit.objects.filter(subject_id__isnull=False).exists()


def test_a_card_its_claimer_blocked_works_again_when_the_company_undoes_the_claim():
    kaisa, theo = kahvila_kaisa(), thief()
    claim = claimed(number := blank_card(), kaisa, theo)
    block_every_medium(theo.person_id, by=theo, at=NOON)
    undo_claim_at(claim, by=operator(kaisa), at=NOON)
    assert shown(number, kaisa, at=taps.later(minutes=20)).outcome is Outcome.UNCLAIMED


@pytest.mark.parametrize("leaves", [True, False])
def test_a_card_its_claimer_blocked_and_left_so_works_again_when_the_company_says_so(leaves: bool):
    kaisa, theo = kahvila_kaisa(), thief()
    claim = claimed(number := blank_card(), kaisa, theo)
    block_medium(theo.person_id, medium_of(theo).id, by=theo, at=NOON)
    if leaves:
        close_account(theo, language="en", at=NOON)
    else:
        undo_claim(claim, by=theo, at=NOON)
    assert shown(number, kaisa, at=taps.later(minutes=20)).outcome is Outcome.NOT_ACCEPTED  # it may have been lost
    (listed,) = claims_at(kaisa.third_party_id, limit=9)
    assert (listed.may_be_undone(at=NOON), listed.may_be_unblocked(at=NOON)) == (False, True)
    owner = operator(kaisa)
    for _again in range(2):
        undo_claim_at(claim, by=owner, at=taps.later(minutes=30))
    assert shown(number, kaisa, at=taps.later(minutes=40)).outcome is Outcome.UNCLAIMED
    assert [act.act for act in acts_of(kaisa.third_party_id, limit=9)].count("claim_undone") == 1
    (listed,) = claims_at(kaisa.third_party_id, limit=9)
    assert not listed.may_be_unblocked(at=NOON)


def test_seven_days_after_the_claim_what_was_left_blocked_stays_so():
    kaisa, theo = kahvila_kaisa(), thief()
    claim = claimed(number := blank_card(), kaisa, theo)
    block_every_medium(theo.person_id, by=theo, at=NOON)
    undo_claim(claim, by=theo, at=NOON)
    undo_claim_at(claim, by=operator(kaisa), at=NOON + timedelta(days=7))
    assert shown(number, kaisa, at=NOON + timedelta(days=8)).outcome is Outcome.NOT_ACCEPTED


def test_a_card_whose_place_its_claimer_gave_to_another_works_again():
    kaisa, theo = kahvila_kaisa(), thief()
    claim = claimed(number := blank_card(), kaisa, theo)
    claimed(blank_card(), kaisa, theo, instead_of=medium_of(theo).id)
    undo_claim_at(claim, by=operator(kaisa), at=NOON)
    assert shown(number, kaisa, at=taps.later(minutes=20)).outcome is Outcome.UNCLAIMED


@pytest.mark.parametrize("by_company", [True, False])
def test_what_was_reported_lost_stays_blocked_when_the_change_of_cards_is_undone(by_company: bool):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    old = add_medium(aino.person_id, "nfc", STICKER, by=aino, at=NOON)
    claim = claimed(blank_card(), kaisa, aino, instead_of=old)
    block_every_medium(aino.person_id, by=aino, at=NOON)  # the purse with both is gone
    assert not next(view for view in media_of_person(aino.person_id) if view.id == old).may_be_used_again
    with pytest.raises(Invalid):  # another card has its place
        use_again(aino.person_id, old, by=aino, at=NOON)
    if by_company:
        undo_claim_at(claim, by=operator(kaisa), at=NOON)
    else:
        undo_claim(claim, by=aino, at=NOON)
    assert shown(STICKER, kaisa, at=taps.later(hours=1)).outcome is Outcome.NOT_ACCEPTED
    use_again(aino.person_id, old, by=aino, at=taps.later(hours=2))  # it was found
    assert shown(STICKER, kaisa, at=taps.later(hours=3)).outcome is Outcome.IDENTIFIED


def test_the_one_card_somebody_blocked_stays_blocked_when_the_change_of_cards_is_undone():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    number = card_number(aino)
    own = next(view for view in carriers_of(aino) if view.is_own_number)
    claim = claimed(blank_card(), kaisa, aino, instead_of=own.id)
    block_medium(aino.person_id, own.id, by=aino, at=NOON)
    undo_claim(claim, by=aino, at=NOON)
    assert shown(number, kaisa, at=taps.later(hours=1)).outcome is Outcome.NOT_ACCEPTED
    assert shown(card_number(aino), kaisa, at=taps.later(hours=2)).outcome is Outcome.IDENTIFIED


def test_what_was_only_replaced_is_accepted_again():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    old = add_medium(aino.person_id, "nfc", STICKER, by=aino, at=NOON)
    claim = claimed(blank_card(), kaisa, aino, instead_of=old)
    undo_claim_at(claim, by=operator(kaisa), at=NOON)
    assert shown(STICKER, kaisa, at=taps.later(hours=1)).outcome is Outcome.IDENTIFIED
