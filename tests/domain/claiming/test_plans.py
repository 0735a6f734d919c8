"""Claims among many cards: as many statements as among few, and none of them reads a growing table from end to end."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from bench.office import scans_of, statements
from django.db import connections

from kliento.domain.cards.models import Card, Claim, ClaimCode, Medium
from kliento.domain.cards.queries import claims_at, claims_of, codes_given_at, subjects_of
from kliento.domain.claiming.actions import (
    claim_card,
    give_claim_code,
    tell_of_claims,
    undo_claim,
)
from kliento.domain.claiming.queries import card_behind, describe_subject, what_it_brings
from kliento.domain.sharing.models import Relationship
from kliento.domain.sharing.queries import continuations_of, members_of
from kliento.domain.visits.actions import redeem_at_till, undo_redemption
from kliento.domain.visits.models import Visit
from kliento.kernel.ids import id_at, new_id
from kliento.kernel.rows import insert_rows
from tests import programmes, taps
from tests.blanks import blank_card, shown
from tests.world import NOON, Place, kahvila_kaisa, relation_of

CARDS = 20_000
WEEKS = 12
Sent = dict[str, list[tuple[str, str, Any]]]


@pytest.fixture
def kaisa(db) -> Place:
    place = kahvila_kaisa()
    programmes.offered(place, needed=1)
    return place


def fill(cards: int, kaisa: Place) -> None:
    """So many cards without an account, each with a visit of the last weeks; a tenth claimed, a tenth with a code."""
    rows = [(new_id(), new_id(), id_at(NOON - timedelta(weeks=WEEKS) * number / cards)) for number in range(cards)]
    when = [NOON - timedelta(weeks=WEEKS) * number / cards for number in range(cards)]
    ordinals = range(10**9, 10**9 + cards)  # no test draws one of these
    insert_rows(
        Card, ("id", "ordinal", "issued_at"), [(row[0], n, NOON) for row, n in zip(rows, ordinals, strict=True)]
    )
    insert_rows(
        Medium,
        ("id", "card", "kind", "level", "code_index", "state", "since_at"),
        [(medium, card, "printed", "static", os.urandom(32), "active", NOON) for card, medium, _visit in rows],
    )
    numbers = [f"{number:08}" for number in range(cards)]
    insert_rows(
        Relationship,
        ("id", "subject_id", "third_party", "member_number", "since_at"),
        [
            (visit, card, kaisa.third_party_id, number, at)
            for (card, _medium, visit), number, at in zip(rows, numbers, when, strict=True)
        ],
    )
    here = (kaisa.terminal.terminal_id, kaisa.third_party_id, kaisa.premises_id)
    insert_rows(
        Visit,
        (
            "id", "subject_id", "relationship_id", "terminal_id", "third_party_id", "premises_id", "scan_id",
            "entry_id", "fields", "occurred_at", "medium_id", "level",
        ),
        [
            (visit, card, visit, *here, visit, new_id(), [], at, medium, "static")
            for (card, medium, visit), at in zip(rows, when, strict=True)
        ],
    )  # fmt: skip
    insert_rows(
        Claim,
        (
            "id", "subject_id", "person_id", "medium_id", "terminal_id", "third_party_id", "premises_id",
            "claimed_at", "undo_until", "announced_at",
        ),
        [
            (new_id(), card, new_id(), medium, *here, at, at + timedelta(days=7), at)
            for (card, medium, _visit), at in list(zip(rows, when, strict=True))[10::10]
        ],
    )  # fmt: skip
    insert_rows(
        ClaimCode,
        (
            "digest", "card_id", "medium_id", "visit_id", "terminal_id", "third_party_id", "premises_id", "made_at",
            "expires_at",
        ),
        [
            (os.urandom(32), card, medium, visit, *here, at, at + timedelta(days=30))
            for (card, medium, visit), at in list(zip(rows, when, strict=True))[11::10]
        ],
    )  # fmt: skip
    for connection in connections.all():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def acts(kaisa: Place, who: str, *, at: datetime) -> Sent:
    """What each act about one card sends, from its visit to its undoing."""
    sent: Sent = {}

    def noted(name: str, act: Callable[[], Any]) -> Any:
        with statements() as noticed:
            result = act()
        sent[name] = noticed
        return result

    aino = taps.cardholder(who, at=at)
    number, till = blank_card(at=at), kaisa.terminal
    visit_id = shown(number, kaisa, at=at).visit_id
    assert visit_id is not None
    redemption_id = new_id()
    noted("redeem", lambda: redeem_at_till(visit_id, redemption_id, by=till, at=at))
    noted("undo the reward", lambda: undo_redemption(redemption_id, by=till, at=at))
    code = noted("give a code", lambda: give_claim_code(visit_id, by=till, at=at)).code
    card_id: UUID = noted("the holder's page", lambda: card_behind(number, code, at=at))
    noted("the holder's file", lambda: describe_subject(card_id))
    noted("what it brings", lambda: what_it_brings(code, by=aino, at=at))
    claim_id = noted("claim", lambda: claim_card(code, by=aino, at=at))
    noted("whose facts", lambda: subjects_of(aino.person_id))
    noted("the person's claims", lambda: claims_of(aino.person_id))
    noted("the portal's claims", lambda: claims_at(kaisa.third_party_id, limit=50))
    noted("the portal's codes", lambda: codes_given_at(kaisa.third_party_id, since=at - timedelta(days=90), limit=50))
    noted("the portal's members", lambda: members_of(kaisa.third_party_id, limit=50))
    noted("a member's cards", lambda: continuations_of(relation_of(aino, kaisa)))
    noted("whom to write to", lambda: tell_of_claims(at=at))
    noted("undo", lambda: undo_claim(claim_id, by=aino, at=at))
    return sent


def test_claims_take_as_many_statements_among_many_cards_and_read_no_table_whole(kaisa: Place) -> None:
    few = {name: len(sent) for name, sent in acts(kaisa, "aino@example.fi", at=NOON).items()}
    fill(CARDS, kaisa)
    among_many = acts(kaisa, "eino@example.fi", at=taps.later(hours=1))
    more = {name: (few[name], len(sent)) for name, sent in among_many.items() if len(sent) > few[name]}
    assert more == {}
    scans = {name: [found for each in sent for found in scans_of(*each)] for name, sent in among_many.items()}
    assert {name: found for name, found in scans.items() if found} == {}
