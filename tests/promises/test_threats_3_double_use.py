"""Threat 3: a code that was photographed and shown elsewhere brings nobody a second visit, in no order of telling."""

from itertools import permutations

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.visits.models import Visit
from tests import taps
from tests.taps import later
from tests.world import kahvila_kaisa, kuntosali_kunto, place


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_threat_3_of_several_uses_of_one_code_the_earliest_alone_is_a_visit(db, order):
    places = [kahvila_kaisa(), kuntosali_kunto(), place("Kirjakauppa", "0737546-2", "Turku")]
    aino = taps.aino()
    scans = [taps.scan(taps.code_of(aino), occurred_at=later(seconds=5 + 10 * number)) for number in range(3)]
    for number in order:
        taps.record([scans[number]], places[number], at=later(hours=4))
    [standing] = [visit for visit in Visit.objects.all() if visit.stands]
    assert standing.premises_id == places[0].premises_id
    told = [entry.recipient_id for entry in entries_of([aino.person_id]) if entry.kind == "visit_overruled"]
    fallen = Visit.objects.exclude(overruled_at=None).values_list("third_party_id", flat=True)
    assert sorted(told) == sorted(fallen)
