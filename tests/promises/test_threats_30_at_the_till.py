"""T-30 at the till's own page: whichever right somebody used, a reward is "Not accepted" in the same words."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import set_pin, want_pins
from kliento.domain.visits.actions import dispute_visit
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.ids import id_at, new_id
from tests import taps
from tests.domain.cards.test_unsealing import sealed
from tests.interfaces.counter.tills import paired
from tests.phone import text_of
from tests.portal import operator
from tests.programmes import coffee_card, takes
from tests.world import Place, kahvila_kaisa


def _restricts(who: PersonActor) -> None:
    taps.restricted(who)


def _says_it_was_not_them(who: PersonActor) -> None:
    dispute_visit(Visit.objects.get(subject_id=who.person_id).entry_id, by=who, at=now())


RIGHTS = {"restriction": _restricts, "this was not me": _says_it_was_not_them}


def _refused(till: Client, who: PersonActor, use_of: str) -> tuple[int, str]:
    """What the till reads when somebody uses that right between the welcome and the reward."""
    page = text_of(till.post("/counter/", {"code": taps.code_of(who, at=now())}))
    assert "A coffee: redeem" in page
    RIGHTS[use_of](who)
    [visit_id] = Visit.objects.filter(subject_id=who.person_id).values_list("id", flat=True)
    answer = till.post("/counter/redeem", {"visit_id": str(visit_id), "redemption_id": str(new_id())})
    always_new = re.compile(r'name="(csrfmiddlewaretoken|scan_id)" value="[^"]*"|nonce="[^"]*"')
    return answer.status_code, always_new.sub("", answer.content.decode())


@pytest.mark.usefixtures("db")
def test_threat_30_a_reward_is_not_given_in_one_and_the_same_words() -> None:
    kaisa: Place = kahvila_kaisa(at=now())
    till = paired(kaisa)
    programme = coffee_card(operator(kaisa), needed=1, at=now())
    people = [takes(taps.cardholder(f"p{number}@example.fi", at=now()), programme, at=now()) for number in range(2)]
    answers = {_refused(till, who, right) for who, right in zip(people, RIGHTS, strict=True)}
    assert len(answers) == 1
    assert "Not accepted" in answers.pop()[1]


@pytest.mark.usefixtures("db")
def test_threat_30_a_locked_till_is_no_way_to_try_codes() -> None:
    kaisa = kahvila_kaisa(at=now() - timedelta(days=1))
    till, owner, at = paired(kaisa), operator(kaisa), now() - timedelta(minutes=5)
    set_pin("73952", by=owner, at=now())
    want_pins(wanted=True, by=owner, at=now())
    aino = taps.cardholder("aino@example.fi", at=now() - timedelta(days=1))
    eino = taps.restricted(taps.cardholder("eino@example.fi", at=now() - timedelta(days=1)))
    old = at - timedelta(hours=1)
    codes = [card_number(aino), card_number(eino), "6412345678901", taps.code_of(aino, at=old)]
    ids = [id_at(at) for _ in codes]
    sent = [
        {"id": str(each), "sealed": sealed(code, each), "occurred_at": at.isoformat()}
        for each, code in zip(ids, codes, strict=True)
    ]
    answers = till.post("/counter/scans", {"scans": json.dumps(sent)}).json()["scans"]
    assert answers == [{"id": str(each), "outcome": "received"} for each in ids]
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == [
        "expired", "identified", "not_accepted", "unknown",
    ]  # fmt: skip
    assert Visit.objects.get().operator_id is None
