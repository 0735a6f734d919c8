"""Who collects most stamps at one till stands on the audit page, for owners alone (threat 29)."""

from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.programmes.queries import suspicious_collecting
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.phone import text_of
from tests.portal import operator, portal_of
from tests.programmes import coffee_card, collects, takes
from tests.world import kahvila_kaisa, relation_of


@pytest.fixture
def cafe(db):
    """The café with its owner and the programme they run."""
    place = kahvila_kaisa(at=now())
    owner = operator(place)
    return place, owner, coffee_card(owner, needed=100, at=now())


def collecting(address: str, cafe, visits: int):
    place, _owner, programme = cafe
    person = takes(taps.cardholder(address, at=now()), programme, at=now())
    collects(person, place, visits, since=now() - timedelta(hours=3))
    return relation_of(person, place).member_number


def test_the_owner_sees_member_till_and_stamps_most_first(cafe):
    _place, owner, _programme = cafe
    few, many = collecting("aino@example.fi", cafe, 1), collecting("till@example.fi", cafe, 4)
    page = text_of(portal_of(owner).get("/partner/audit"))
    listed = page[page.index("Most stamps at one till") :].replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    assert listed.index(many) < listed.index(few)
    assert "4stamps" in listed
    assert "Counter" in listed


def test_nobody_but_the_owner_sees_it(cafe):
    place, *_ = cafe
    collecting("cashier@example.fi", cafe, 2)
    for role in ("manager", "analyst", "till"):
        page = portal_of(operator(place, role, address=f"{role}@example.fi")).get("/partner/audit")
        assert page.status_code in {403, 404}


def test_it_takes_the_same_statements_however_many_collect(cafe):
    _place, owner, _programme = cafe
    portal = portal_of(owner)
    counts = []
    for number in range(3):
        collecting(f"member{number}@example.fi", cafe, number + 1)
        with CaptureQueriesContext(connections["default"]) as sent:
            assert portal.get("/partner/audit").status_code == 200
        counts.append(len(sent))
    assert counts[-1] <= counts[0]


def test_the_ledger_is_read_by_the_index_on_tills(cafe):
    place, *_ = cafe
    collecting("aino@example.fi", cafe, 1)
    LedgerEntry.objects.bulk_create(elsewhere(each) for each in range(2000))
    with CaptureQueriesContext(connections["default"]) as sent:
        assert suspicious_collecting(place.third_party_id, now() - timedelta(days=30))
    [counted] = [query["sql"] for query in sent if "COUNT" in query["sql"] and "ledger" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + counted)
        plan = str(cursor.fetchall())
    assert "programmes_entry_terminal" in plan


def elsewhere(number: int) -> LedgerEntry:
    """A stamp of somebody at a till of another company."""
    return LedgerEntry(
        membership_id=new_id(),
        number=1,
        kind=LedgerEntry.Kind.EARNED,
        amount=1,
        balance=1,
        terminal_id=new_id(),
        at=now() - timedelta(minutes=number),
        subject_id=new_id(),
    )
