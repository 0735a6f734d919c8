"""T-3, a visit of somebody who was not there: codes are short-lived, terminals bound, and the person can say so."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import add_medium, remove_medium
from kliento.domain.cards.queries import card_number
from kliento.domain.claiming.actions import undo_claim
from kliento.domain.sharing.actions import grant_field, set_default_set
from kliento.domain.sharing.queries import notices_of
from kliento.domain.visits.actions import dispute_visit
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.errors import Conflict, NotFound
from kliento.kernel.ids import new_id
from tests import taps
from tests.blanks import blank_card, claimed, shown
from tests.programmes import collects, movements, offered, takes
from tests.taps import later
from tests.world import NOON, kahvila_kaisa, kuntosali_kunto, relation_of


def entry_of_visit(person):
    return next(entry for entry in entries_of([person.person_id]) if entry.kind == "visit").id


def test_a_code_photographed_yesterday_is_no_visit(db):
    till, aino = kahvila_kaisa(), taps.aino()
    code = taps.code_of(aino)
    result = taps.record([taps.scan(code, occurred_at=later(minutes=2))], till, at=later(minutes=2))[0]
    assert result.outcome is Outcome.EXPIRED
    assert not Visit.objects.exists()


def test_a_visit_is_where_the_terminal_stands_whatever_it_says(db):
    till, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    taps.tap(aino, gym)
    assert set(Visit.objects.values_list("premises_id", flat=True)) == {gym.premises_id} != {till.premises_id}


def test_whoever_was_not_there_says_so_and_what_was_shown_is_refused_from_then_on(db):
    till, aino = kahvila_kaisa(), taps.aino()
    copied = card_number(aino)
    taps.record([taps.scan(copied)], till)
    dispute_visit(entry_of_visit(aino), by=aino, at=later(days=1))
    again = taps.record([taps.scan(copied, occurred_at=later(days=2))], till, at=later(days=2))[0]
    assert again.outcome is Outcome.NOT_ACCEPTED
    assert Visit.objects.get().disputed_at == later(days=1)


@pytest.mark.parametrize("gone", ["removed", "undone"])
def test_whoever_was_not_there_says_so_also_when_what_was_shown_is_theirs_no_more(db, gone):
    till, aino = kahvila_kaisa(), taps.aino()
    if gone == "removed":
        sticker = add_medium(aino.person_id, "nfc", "04A23B5C6D7E80", by=aino, at=NOON)
        shown("04A23B5C6D7E80", till, at=later(hours=1))
        remove_medium(aino.person_id, sticker, by=aino, at=later(hours=2))
    else:
        claim = claimed(number := blank_card(), till, aino)
        shown(number, till, at=later(hours=1))
        undo_claim(claim, by=aino, at=later(hours=2))
    stolen = Visit.objects.get(subject_id=aino.person_id)
    dispute_visit(stolen.entry_id, by=aino, at=later(hours=3))
    assert Visit.objects.get(id=stolen.id).disputed_at == later(hours=3)


def test_the_wrong_visits_stamp_is_taken_back(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till))
    collects(aino, till, 1)
    dispute_visit(entry_of_visit(aino), by=aino, at=later(minutes=1))
    assert movements(aino) == [("earned", 1, 1), ("reversed", -1, 0)]


def shared_with(person, place):
    return relation_of(person, place).granted("serving", at=later(days=2))


def test_what_a_wrong_first_visit_shared_is_shared_no_more_and_they_are_told(db):
    till, aino = kahvila_kaisa(), taps.aino()
    set_default_set(aino.person_id, ["first_name", "nickname"], by=aino, at=NOON)
    assert taps.tap(aino, till).values == {"first_name": "Aino"}
    grant_field(aino.person_id, till.third_party_id, "phone", by=aino, at=later(minutes=1))
    dispute_visit(entry_of_visit(aino), by=aino, at=later(days=1))
    assert shared_with(aino, till) == {"phone"}, "what she chose herself stays"
    assert [notice.field for notice in notices_of(aino.person_id, till.third_party_id)] == ["first_name"]
    ended = next(entry for entry in entries_of([aino.person_id]) if entry.kind == "sharing_ended")
    assert set(ended.fields) == {"first_name", "nickname"}


def test_a_wrong_visit_later_leaves_what_the_first_one_shared(db):
    till, aino = kahvila_kaisa(), taps.aino()
    set_default_set(aino.person_id, ["first_name"], by=aino, at=NOON)
    collects(aino, till, 2)
    dispute_visit(entry_of_visit(aino), by=aino, at=later(days=1))
    assert shared_with(aino, till) == {"first_name"}


def test_a_late_one_is_refused(db):
    till, aino = kahvila_kaisa(), taps.aino()
    taps.tap(aino, till)
    entry_id = entry_of_visit(aino)
    with pytest.raises(Conflict) as refused:
        dispute_visit(entry_id, by=aino, at=later(days=30, seconds=1))
    assert refused.value.code == "too_late_to_dispute"
    assert Visit.objects.get().disputed_at is None
    dispute_visit(entry_id, by=aino, at=later(days=30))


def test_a_foreign_one_is_refused_as_if_it_did_not_exist(db):
    till, aino, eino = kahvila_kaisa(), taps.aino(), taps.cardholder("eino@example.fi", "Eino")
    taps.tap(aino, till)
    for entry_id in (entry_of_visit(aino), new_id()):
        with pytest.raises(NotFound):
            dispute_visit(entry_id, by=eino, at=later(minutes=1))
    assert Visit.objects.get().disputed_at is None
