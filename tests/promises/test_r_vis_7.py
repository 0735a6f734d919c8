"""R-VIS-7: premises whose visits reveal something about people ask for explicit consent before the first visit."""

import json

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.cards.queries import card_number
from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.rules import Choice
from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.recipients.actions import flag_premises
from kliento.domain.recipients.queries import paired_terminal
from kliento.domain.sharing.actions import withdraw_consent
from kliento.domain.sharing.models import Relationship
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.ids import new_id
from tests import taps
from tests.programmes import offered, takes
from tests.taps import later
from tests.world import NOON, REGISTER_HOLDER, Place, kahvila_kaisa, place


@pytest.fixture
def clinic(db) -> Place:
    """A clinic: visits there tell about health."""
    made = place("Terveysasema Tammi", "2345678-0", "Kamppi")
    flag_premises(made.premises_id, "health", by=REGISTER_HOLDER)
    return Place(made.third_party_id, made.premises_id, paired_terminal(made.terminal.terminal_id), made.secret)


def agreed(person, clinic, *, at=NOON):
    give_consent(person.person_id, Choice("special_visits", recipient_id=clinic.third_party_id), by=person, at=at)
    return person


def test_without_consent_no_visit_and_no_relationship_comes_of_it(clinic):
    aino = taps.aino()
    result = taps.tap(aino, clinic)
    assert (result.outcome, result.member_number, result.visit_id) == (Outcome.NOT_ACCEPTED, None, None)
    assert not Visit.objects.exists()
    assert not Relationship.objects.exists()


def test_the_person_learns_why_and_what_to_do(clinic):
    aino = taps.aino()
    taps.tap(aino, clinic)
    newest = entries_of([aino.person_id])[0]
    assert (newest.kind, newest.payload["reason"]) == ("visit_refused", "needs_consent")
    assert "only once you agree" in str(reading_of(newest).line)


def test_the_till_reads_what_it_reads_for_everybody_it_does_not_accept(clinic, client):
    def answer(person) -> str:
        scan_id = str(new_id())
        response = client.post(
            "/api/v1/scans",
            json.dumps({"scans": [{"id": scan_id, "code": card_number(person)}]}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {clinic.secret}"},
        )
        return response.content.decode().replace(scan_id, "ID")

    unasked = answer(taps.cardholder("unasked@example.fi"))
    restricted = answer(taps.restricted(agreed(taps.cardholder("restricted@example.fi"), clinic)))
    assert unasked == restricted
    assert '"not_accepted"' in unasked


def test_with_consent_for_exactly_them_the_visit_is_recorded(clinic):
    aino = agreed(taps.aino(), clinic)
    assert taps.tap(aino, clinic).outcome is Outcome.IDENTIFIED
    assert Visit.objects.get().third_party_id == clinic.third_party_id


def test_consent_for_one_is_none_for_another(clinic):
    other = kahvila_kaisa()
    aino = agreed(taps.aino(), other)
    assert taps.tap(aino, clinic).outcome is Outcome.NOT_ACCEPTED


def test_after_withdrawing_the_next_visit_is_not_recorded(clinic):
    aino = agreed(taps.aino(), clinic)
    taps.tap(aino, clinic)
    choice = Choice("special_visits", recipient_id=clinic.third_party_id)
    withdraw_consent(aino.person_id, choice, by=aino, at=later(minutes=30))
    assert taps.tap(aino, clinic, at=later(hours=1)).outcome is Outcome.NOT_ACCEPTED
    assert Visit.objects.count() == 1


def test_of_a_batch_only_those_who_agreed_are_recorded(clinic):
    aino, eino = agreed(taps.aino(), clinic), taps.cardholder("eino@example.fi", "Eino")
    scans = [taps.scan(taps.code_of(person)) for person in (aino, eino)]
    results = taps.hand_in(scans, by=clinic.terminal, at=later(hours=1))
    assert [result.outcome for result in results] == [Outcome.IDENTIFIED, Outcome.NOT_ACCEPTED]


def test_no_stamp_is_earned_where_no_visit_is_recorded(clinic):
    aino = takes(taps.aino(), offered(clinic))
    taps.tap(aino, clinic)
    assert not LedgerEntry.objects.exists()


def test_other_places_ask_nothing(db):
    assert taps.tap(taps.aino(), kahvila_kaisa()).outcome is Outcome.IDENTIFIED
