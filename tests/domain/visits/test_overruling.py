"""One code shown at two tills without a network: the earlier use stands, whatever order they are told in."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.cards.rules import SLOT
from kliento.domain.programmes.queries import loyalty_cards_of
from kliento.domain.recipients.actions import add_premises, make_pairing_code, pair_terminal
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.sharing.actions import set_default_set
from kliento.domain.visits.models import Scan, Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.actor import PersonActor
from kliento.kernel.ids import first_id_at
from tests import programmes, taps
from tests.taps import later
from tests.world import NOON, REGISTER_HOLDER, Place, kahvila_kaisa, kuntosali_kunto, place, relation_of

UPLOADED = later(hours=3)


def _told(person: PersonActor, *uses: tuple[Place, int]) -> list[Outcome]:
    """The code of noon, shown there so many seconds later, handed in one use after the other."""
    code = taps.code_of(person)
    return [
        taps.record([taps.scan(code, occurred_at=later(seconds=seconds))], where, at=UPLOADED)[0].outcome
        for where, seconds in uses
    ]


def _standing(person: PersonActor) -> list[UUID]:
    visits = Visit.objects.filter(subject_id=person.person_id).order_by("occurred_at", "id")
    return [visit.premises_id for visit in visits if visit.stands]


def test_the_earlier_use_stands_though_it_is_told_second(db):
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    assert _told(aino, (kaisa, 20), (kunto, 5)) == ["identified", "identified"]
    assert _standing(aino) == [kunto.premises_id]
    assert set(Scan.objects.values_list("terminal_id", "outcome", "first_at")) == {
        (kaisa.terminal.terminal_id, "replayed", None),
        (kunto.terminal.terminal_id, "identified", None),
    }


def test_the_later_use_told_second_is_replayed(db):
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    assert _told(aino, (kunto, 5), (kaisa, 20)) == ["identified", "replayed"]
    assert _standing(aino) == [kunto.premises_id]


def test_the_one_that_was_first_is_answered_replayed_when_it_is_sent_again(db):
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    scan = taps.scan(taps.code_of(aino), occurred_at=later(seconds=20))
    taps.record([scan], kaisa, at=UPLOADED)
    _told(aino, (kunto, 5))
    [again] = taps.record([scan], kaisa, at=UPLOADED)
    assert (again.outcome, again.visit_id, again.member_number) == (Outcome.REPLAYED, None, None)


def test_the_person_reads_what_became_of_the_visit(db):
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    _told(aino, (kaisa, 20), (kunto, 5))
    [told] = [entry for entry in entries_of([aino.person_id]) if entry.kind == "visit_overruled"]
    assert told.recipient_id == kaisa.third_party_id
    assert str(reading_of(told).line).startswith("Does not count: the code you showed there had been shown somewhere")


def test_its_stamp_is_taken_back_by_an_entry_of_the_ledger(db):
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    programmes.takes(aino, programmes.offered(kaisa))
    _told(aino, (kaisa, 20), (kunto, 5))
    assert programmes.movements(aino) == [("earned", 1, 1), ("reversed", -1, 0)]


def test_stamps_at_two_places_of_one_company_are_counted_on_from_there(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.takes(aino, programmes.offered(kaisa))
    other = add_premises(kaisa.third_party_id, "Sörnäinen", by=REGISTER_HOLDER, at=NOON)
    _, secret = pair_terminal(make_pairing_code(other.id, by=REGISTER_HOLDER, at=NOON), name="Kassa", at=NOON)
    elsewhere = Place(kaisa.third_party_id, other.id, terminal_actor(secret), secret)
    _told(aino, (kaisa, 20), (elsewhere, 5))
    assert programmes.movements(aino) == [("earned", 1, 1), ("reversed", -1, 0), ("earned", 1, 1)]


def test_what_the_visit_shared_by_being_the_first_ends(db):
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    set_default_set(aino.person_id, ["first_name"], by=aino, at=NOON)
    _told(aino, (kaisa, 20), (kunto, 5))
    assert not relation_of(aino, kaisa).granted("serving", at=UPLOADED)
    assert "first_name" in relation_of(aino, kunto).granted("serving", at=UPLOADED)


def test_whoever_showed_another_code_there_was_there_all_the_same(db):
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    next_code = taps.code_of(aino, at=NOON + SLOT)
    _told(aino, (kaisa, 20))
    taps.record([taps.scan(next_code, occurred_at=later(seconds=40))], kaisa, at=UPLOADED)
    _told(aino, (kunto, 5))
    assert sorted(_standing(aino)) == sorted([kaisa.premises_id, kunto.premises_id])
    taps.record([taps.scan(next_code, occurred_at=later(seconds=31))], kunto, at=UPLOADED)
    assert _standing(aino) == [kunto.premises_id]


def test_two_tills_of_one_place_make_one_visit(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    assert _told(aino, (kaisa, 20), (kaisa, 5)) == ["identified", "identified"]
    assert _standing(aino) == [kaisa.premises_id]
    assert [entry.kind for entry in entries_of([aino.person_id])].count("visit_overruled") == 0


def _statements(act) -> int:
    captures = [CaptureQueriesContext(connections[alias]) for alias in ("default", "keys")]
    with captures[0], captures[1]:
        act()
    return sum(len(capture) for capture in captures)


def test_many_are_overruled_with_as_many_statements_as_one(db):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    card = programmes.offered(kaisa)
    people = [programmes.takes(taps.cardholder(f"person{number}@example.fi"), card) for number in range(7)]
    codes = [taps.code_of(person) for person in people]
    taps.record([taps.scan(code, occurred_at=later(seconds=20)) for code in codes], kaisa, at=UPLOADED)
    earlier = [taps.scan(code, occurred_at=later(seconds=5)) for code in codes]
    of_one = _statements(lambda: taps.record(earlier[:1], kunto, at=UPLOADED))
    of_six = _statements(lambda: taps.record(earlier[1:], kunto, at=UPLOADED))
    assert of_six <= of_one
    assert Visit.objects.exclude(overruled_at=None).count() == 7


@pytest.mark.parametrize("first", [0, 1])
def test_two_tills_that_upload_at_the_same_moment(db, first):
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    code = taps.code_of(aino)
    uploads = [(kaisa, taps.scan(code, occurred_at=later(seconds=20))), (kunto, taps.scan(code, occurred_at=NOON))]

    def hand_in(upload) -> Outcome:
        try:
            return taps.record([upload[1]], upload[0], at=UPLOADED)[0].outcome
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        outcomes = list(both.map(hand_in, uploads if first == 0 else uploads[::-1]))
    assert outcomes[1 - first] == "identified"
    assert _standing(aino) == [kunto.premises_id]
    assert dict(Scan.objects.values_list("terminal_id", "outcome")) == {
        kaisa.terminal.terminal_id: "replayed",
        kunto.terminal.terminal_id: "identified",
    }


@dataclass(frozen=True)
class Use:
    """A code of one of two slots shown at one of three places."""

    where: int
    slot: int
    seconds: int
    rank: int

    @property
    def at(self) -> datetime:
        return NOON + self.slot * SLOT + timedelta(seconds=self.seconds)


_USES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 29)), min_size=2, max_size=5).map(
    lambda drawn: [Use(*one, rank) for rank, one in enumerate(drawn)]
)
_people = count()


def _as_told(places: list[Place], cards, batches: list[list[Use]]) -> tuple:
    """How everything stands after one more person's uses were told so."""
    number = next(_people)
    person = taps.cardholder(f"shown{number}@example.fi")
    for card in cards:
        programmes.takes(person, card)
    for batch in batches:
        for where in range(3):
            scans = [
                taps.scan(
                    taps.code_of(person, at=NOON + use.slot * SLOT),
                    occurred_at=use.at,
                    scan_id=UUID(int=first_id_at(use.at).int | 7 << 76 | 2 << 62 | use.rank << 32 | number),
                )
                for use in batch
                if use.where == where
            ]
            if scans:
                taps.record(scans, places[where], at=UPLOADED)
    outcomes = {
        (scan.id.int >> 32) & 0xFF: scan.outcome for scan in Scan.objects.all() if scan.id.int & 0xFFFFFFFF == number
    }
    stamps = {card.programme.id: card.stamps.balance for card in loyalty_cards_of(person.person_id, at=UPLOADED)}
    return sorted(_standing(person)), outcomes, stamps


def test_every_order_of_arrival_ends_the_same(db):
    places = [kahvila_kaisa(), kuntosali_kunto(), place("Kirjakauppa", "0737546-2", "Turku")]
    owners = [programmes.owner_of(one, f"owner{number}@example.fi") for number, one in enumerate(places)]
    cards = [programmes.coffee_card(owner) for owner in owners]

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_USES, st.data())
    def same(uses: list[Use], data) -> None:
        order = data.draw(st.permutations(uses))
        cut = data.draw(st.integers(0, len(uses)))
        in_order = sorted(uses, key=lambda use: (use.at, use.rank))
        expected = _as_told(places, cards, [[use] for use in in_order])
        assert _as_told(places, cards, [[use] for use in order]) == expected
        assert _as_told(places, cards, [list(order[:cut]), list(order[cut:])]) == expected

    same()
