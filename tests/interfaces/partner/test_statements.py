"""Portal pages take few statements, and no more of them however much there is."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from kliento.domain.gate.actions import disclose_list
from kliento.domain.questions.actions import make_question
from kliento.domain.sharing.actions import end_grant
from kliento.kernel.clock import now
from tests.office import Office, office
from tests.portal import portal_of
from tests.taps import cardholder, share, tap
from tests.world import relation_of, stores

pytestmark = pytest.mark.both_engines

MOST_STATEMENTS = 16
MOST_OF_A_FILE = 24  # taking the company's place, and giving it back
MOST_OF_A_MEMBER = 33  # what they share, what the card takes, stamps, visits and askings are read one after the other


@pytest.fixture
def kaisa(db) -> Office:
    return office()


def pages(kaisa: Office) -> dict[str, int]:
    """Each page with the most statements it may take."""
    listed = ["today", "visits", "members", "questions", "questions/new", "notices", "programme", "programme/change"]
    found = dict.fromkeys([*listed, f"questions/{kaisa.question_id}"], MOST_STATEMENTS)
    return {
        **found,
        "visits.csv": MOST_OF_A_FILE,
        "members.csv": MOST_OF_A_FILE,
        f"members/{kaisa.number}": MOST_OF_A_MEMBER,
    }


def statements(portal, path: str) -> int:
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        answer = (portal.post if path == "members.csv" else portal.get)(f"/partner/{path}")
        b"".join(answer.streaming_content if answer.streaming else [answer.content])
    assert answer.status_code == 200, path
    return len(main) + len(keys)


def test_no_page_takes_more_statements_however_much_there_is(kaisa: Office) -> None:
    portal = portal_of(kaisa.owner)
    few = {path: statements(portal, path) for path in pages(kaisa)}

    for number in range(6):
        person = cardholder(f"member{number}@example.fi", f"Jäsen {number}", at=now())
        stores(person, at=now(), last_name="Toinen", city="Lahti")
        share(person, kaisa.place, "first_name", "last_name", "city", at=now())
        tap(person, kaisa.place, at=now())
        relation = relation_of(person, kaisa.place)
        disclose_list([relation], to=kaisa.owner, purpose="serving", fields=["city"], at=now())
        end_grant(person.person_id, kaisa.place.third_party_id, "city", by=person, at=now())
        make_question(kaisa.owner, purpose="serving", reason=f"Reason {number}", needed=["phone"], at=now())
    stores(kaisa.aino, at=now(), nickname="Anni", title="Tohtori")
    share(kaisa.aino, kaisa.place, "nickname", "title", at=now())
    for minutes in range(20, 140, 20):
        tap(kaisa.aino, kaisa.place, at=now() - timedelta(minutes=minutes))
    many = {path: statements(portal, path) for path in pages(kaisa)}

    assert {path: count for path, count in few.items() if count > pages(kaisa)[path]} == {}
    assert {path: (few[path], count) for path, count in many.items() if count > few[path]} == {}
