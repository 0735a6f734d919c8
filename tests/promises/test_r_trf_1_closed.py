"""R-TRF-1, afterwards: whom the declaration covers no longer, or the register holder stops, gets nothing more."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from kliento.domain.programmes.queries import open_programmes, programme_of
from kliento.domain.questions.actions import make_question
from kliento.domain.questions.queries import question_of
from kliento.domain.recipients import actions as recipients
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.queries import operator_of, paired_terminal, uncovered
from kliento.domain.sharing.actions import grant_for_programme
from kliento.kernel.errors import Conflict, Invalid, KlientoError, NotFound
from kliento.kernel.ids import new_id
from tests import taps
from tests.phone import phone_of, text_of
from tests.programmes import coffee_card
from tests.promises.test_r_trf_1_abroad import CLAUSES, declares  # noqa: F401 - a fixture is named to be used
from tests.promises.test_r_vis_1_suspended import everything_given
from tests.world import NOON, REGISTER_HOLDER, Place, kahvila_kaisa, operator, shares

NOTHING, ALL = [{}] * 6, [{"first_name": "Aino"}] * 6
BY_CARD = [{}, {"first_name": "Aino"}] * 2 + [{}] * 2


@pytest.fixture
def abroad(declares) -> tuple:  # noqa: F811 - as above
    """Somebody who shares a first name with a café in the United Kingdom, to be served and for its loyalty card."""
    declares()
    me, there = taps.cardholder(), kahvila_kaisa()
    ThirdParty.objects.update(
        country="GB",
        transfer_mechanism=CLAUSES.mechanism,
        transfer_reference=CLAUSES.reference,
        transfer_dated=CLAUSES.dated,
    )
    shares(me, there, "first_name")
    grant_for_programme(me.person_id, there.third_party_id, ["first_name"], by=me, at=NOON)
    assert everything_given(me, there) == ALL
    return me, there


def refused(act) -> str:
    with pytest.raises(KlientoError) as error:
        act()
    return error.value.code


def is_shut(me, there: Place) -> None:
    """Nothing of anybody reaches it: at its tills, in its portal, by its questions and its card."""
    office = operator(there)
    assert everything_given(me, there) == NOTHING
    assert refused(lambda: taps.tap(me, there)) == "terminal_unknown"
    assert refused(lambda: paired_terminal(there.terminal.terminal_id)) == "terminal_unknown"
    assert refused(lambda: operator_of(office.account_id, there.third_party_id)) == "operator_unknown"
    assert open_programmes() == []
    assert refused(lambda: shares(me, there, "last_name")) == "unknown_company"


def test_a_country_the_declaration_names_no_more_gets_nothing(abroad, declares):  # noqa: F811
    me, there = abroad
    office = operator(there)
    card = coffee_card(office)
    question = make_question(office, purpose="serving", reason="To call you.", needed=["phone"], at=NOON)

    declares('["EEA"]')

    is_shut(me, there)
    assert refused(lambda: programme_of(card.id)) == "unknown_programme"
    assert refused(lambda: question_of(question.id)) == "unknown_question"
    notice = text_of(Client().get("/register-description", {"language": "en"}))
    assert "Kahvila Kaisa" not in notice
    assert (
        phone_of(me).get(reverse("person:company", kwargs={"third_party_id": there.third_party_id})).status_code == 200
    )


def test_once_the_declaration_names_it_again_its_card_goes_on_and_sharing_is_asked_anew(abroad, declares):  # noqa: F811
    me, there = abroad
    declares('["EEA"]')
    declares()
    assert everything_given(me, there) == BY_CARD  # that data may go further again is a material change (R-CON-6)
    shares(me, there, "first_name")
    assert everything_given(me, there) == ALL


def test_an_adequacy_decision_that_fell_carries_nothing_any_more(abroad, declares):  # noqa: F811
    me, there = abroad
    ThirdParty.objects.update(transfer_mechanism="adequacy_decision")
    declares(mechanism="adequacy_decision")
    assert everything_given(me, there) == ALL
    declares(mechanism=CLAUSES.mechanism)
    is_shut(me, there)


def test_a_declaration_that_closes_issuers_there_leaves_the_rest_open(abroad, declares):  # noqa: F811
    me, there = abroad
    declares(kinds=("third_party",))
    assert everything_given(me, there) == [{"first_name": "Aino"}, {}] * 2 + [{"first_name": "Aino"}] * 2


def test_countries_within_the_eea_count_as_they_are_written(db, declares):  # noqa: F811
    me, there = taps.cardholder(), kahvila_kaisa()
    shares(me, there, "first_name")
    declares('["SE", "GB"]')
    is_shut(me, there)
    with pytest.raises(Invalid) as error:
        recipients.add_third_party(name="Kauppa", business_id="1234567-1", country="FI", by=REGISTER_HOLDER, at=NOON)
    assert error.value.code == "country_not_declared"
    declares('["FI"]')
    assert taps.tap(me, there)


def test_the_register_holder_stops_a_company_and_lets_it_go_on(abroad, declares):  # noqa: F811
    me, there = abroad
    recipients.suspend_third_party(there.third_party_id, named="Reija", by=REGISTER_HOLDER, at=NOON)
    recipients.suspend_third_party(there.third_party_id, named="Reija", by=REGISTER_HOLDER, at=NOON)
    is_shut(me, there)

    declares('["EEA"]')
    with pytest.raises(Invalid) as error:
        recipients.resume_third_party(there.third_party_id, by=REGISTER_HOLDER, at=NOON)
    assert error.value.code == "country_outside_eea"
    declares()
    recipients.resume_third_party(there.third_party_id, by=REGISTER_HOLDER, at=NOON)
    assert everything_given(me, there) == BY_CARD


def test_who_was_never_approved_is_neither_stopped_nor_resumed(db):
    draft = recipients.add_third_party(
        name="Kauppa", business_id="1234567-1", country="FI", by=REGISTER_HOLDER, at=NOON
    )
    with pytest.raises(Conflict):
        recipients.suspend_third_party(draft.id, named="Reija", by=REGISTER_HOLDER, at=NOON)
    with pytest.raises(Conflict):
        recipients.resume_third_party(draft.id, by=REGISTER_HOLDER, at=NOON)
    with pytest.raises(NotFound):
        recipients.suspend_third_party(new_id(), named="Reija", by=REGISTER_HOLDER, at=NOON)


def test_those_the_declaration_does_not_cover_are_named(abroad, declares):  # noqa: F811
    assert uncovered() == []
    declares(kinds=("third_party",))
    assert [(each.name, each.country, closed) for each, closed in uncovered()] == [
        ("Kahvila Kaisa", "GB", ("programme",))
    ]
    declares('["EEA"]')
    assert [closed for _, closed in uncovered()] == [("identification", "serving", "programme")]


def test_programs_read_who_is_abroad_too(abroad, declares, client):  # noqa: F811
    def listed() -> list:
        return json.loads(client.get("/register-description.json").content)["transfers"]

    assert listed() == [
        {
            "name": "Kahvila Kaisa",
            "country": "GB",
            "mechanism": CLAUSES.mechanism,
            "reference": CLAUSES.reference,
            "dated": "2026-01-07",
        }
    ]
    declares('["EEA"]')
    assert listed() == []
