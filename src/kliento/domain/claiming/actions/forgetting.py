"""Unregistered cards are forgotten: their visits after 90 days, all of them when the holder says so."""

import time
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.activity import actions as activity
from kliento.domain.cards import actions as cards
from kliento.domain.cards.queries import claimed_by, lock_unregistered
from kliento.domain.cards.rules import UNREGISTERED_KEPT
from kliento.domain.programmes import actions as programmes
from kliento.domain.sharing import actions as sharing
from kliento.domain.vault import actions as vault
from kliento.domain.visits import actions as visits
from kliento.domain.visits.queries import cards_with_visits_before, end_of_day

_RUNS_SECONDS = 30.0
_OF_SUBJECTS = (programmes, sharing, visits)


def purge_unregistered(*, at: datetime, at_once: int = 200) -> int:
    """Take the visits of 90 days ago and before from cards nobody has claimed; from how many cards (R-REG-1).

    Whole local days, so none is kept longer. The counts remain, about nobody; so do stamps that are still good. A card
    is a transaction; cards are looked up `at_once`, until there is none left or half a minute is over: other tasks
    wait, and the next run goes on.
    """
    before, until = end_of_day(at - UNREGISTERED_KEPT), time.monotonic() + _RUNS_SECONDS
    found = cards_with_visits_before(before, after=None, limit=at_once)
    purged = 0
    while found:
        for card_id in found:
            _purge(card_id, before=before, at=at)
        purged += len(found)
        if len(found) < at_once or time.monotonic() > until:
            break
        found = cards_with_visits_before(before, after=found[-1], limit=at_once)
    cards.purge_claim_codes(at=at)
    return purged


def _purge(card_id: UUID, *, before: datetime, at: datetime) -> None:
    with transaction.atomic():
        if lock_unregistered([card_id]):
            activity.cover_subject(card_id, at=at)
            visits.forget_visits_of_card(card_id, before=before)
            programmes.start_anew(card_id, before=before, at=at)
            activity.erase_entries_before(card_id, before=before, at=at)


def forget_card(card_id: UUID, *, at: datetime) -> None:
    """Delete what is kept under an unregistered card and the card itself, for its holder; there is no way back.

    A code of it shown later is as unknown as a guess. Does nothing for a card that somebody claimed. Can be run again
    after a crash: the card goes last.
    """
    with transaction.atomic(durable=True):
        if not lock_unregistered([card_id]):
            return
        activity.cover_subject(card_id, at=at)
        cards.block_card(card_id, at=at)
    _erase(card_id, at=at)
    vault.destroy([card_id], at=at)
    cards.forget_cards([card_id])


def erase_claimed(person_id: UUID, *, at: datetime) -> list[UUID]:
    """Everything under the cards a person claimed goes with the person; their ids. Can be run again after a crash."""
    claimed = claimed_by(person_id)
    for card_id in claimed:
        with transaction.atomic():
            activity.cover_subject(card_id, at=at)
        _erase(card_id, at=at)
    cards.forget_cards(claimed)
    return claimed


def _erase(card_id: UUID, *, at: datetime) -> None:
    for package in _OF_SUBJECTS:
        package.erase_person(card_id, at=at)
    activity.erase_person(card_id, at=at)
