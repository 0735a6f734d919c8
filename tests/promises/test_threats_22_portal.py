"""T-22 in the portal: no form and no page takes a key it did not ask for. Found from the URL table."""

import re

import pytest

from kliento.interfaces.partner.urls import urlpatterns
from kliento.kernel.ids import new_id
from tests.office import Office, office
from tests.portal import portal_of


@pytest.fixture
def kaisa(db) -> Office:
    return office()


def addresses(kaisa: Office) -> dict[str, str]:
    """Every address of the portal, with this company's things in it; what none is made of is named by a fresh id."""
    things = {
        "<str:number>": kaisa.number,
        "<uuid:question_id>": str(kaisa.question_id),
        "<uuid:premises_id>": str(kaisa.place.premises_id),
        "<uuid:terminal_id>": str(kaisa.place.terminal.terminal_id),
        "<uuid:operator_id>": str(kaisa.owner.operator_id),
    }
    return {
        pattern.name: "/partner/"
        + re.sub(r"<[^>]+>", lambda part: things.get(part[0], str(new_id())), str(pattern.pattern))
        for pattern in urlpatterns
    }


def test_no_form_takes_a_key_it_did_not_ask_for(kaisa: Office) -> None:
    portal = portal_of(kaisa.owner)
    answers = {name: portal.post(path, {"is_owner": "yes"}).status_code for name, path in addresses(kaisa).items()}

    assert {name: status for name, status in answers.items() if status not in {400, 404, 405}} == {}
    assert {
        status for name, status in answers.items() if name in {"new_question", "close_programme", "ask_member"}
    } == {400}
