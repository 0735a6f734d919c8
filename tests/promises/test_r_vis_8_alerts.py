"""R-VIS-8, alerts: neither a till nor a company can notice that its act is told, and a tap does nothing for it."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from kliento.domain.inbox.queries import messages_of
from tests.alerting import told
from tests.phone import text_of
from tests.portal import operator, portal_of
from tests.taps import aino, cardholder, later, share, tap
from tests.world import asked, kahvila_kaisa, kuntosali_kunto, relation_of


@pytest.fixture
def kaisa(db):
    told()
    return kahvila_kaisa()


def test_a_first_visit_and_a_refused_question_are_answered_the_same_before_and_after_they_are_told(kaisa):
    me, other = aino(), cardholder("eino@example.fi", "Eino")
    before = (tap(me, kaisa).outcome, asked(kaisa, me, "phone"))
    assert told() == 2
    assert (tap(other, kaisa).outcome, asked(kaisa, other, "phone")) == before
    assert tap(me, kaisa, at=later(hours=1)).outcome == "identified"
    assert asked(kaisa, me, "phone") == {}


def test_a_tap_neither_follows_the_log_nor_writes_a_message(kaisa):
    me = aino()
    with CaptureQueriesContext(connections["default"]) as captured:
        tap(me, kaisa)
        asked(kaisa, me, "phone")
    assert [query["sql"] for query in captured if "alerts_" in query["sql"] or "inbox_" in query["sql"]] == []
    assert messages_of(me, limit=9) == []


def test_the_companys_pages_are_the_same_before_and_after(kaisa):
    me, kunto = aino(), kuntosali_kunto()
    share(me, kaisa, "first_name")
    tap(me, kunto)
    asked(kaisa, me, "phone")
    office = portal_of(operator(kaisa))
    pages = ["/partner/members", f"/partner/members/{relation_of(me, kaisa).member_number}", "/partner/audit"]
    before = [without_tokens(office, page) for page in pages]
    assert told() == 3
    assert [without_tokens(office, page) for page in pages] == before


def without_tokens(office, page: str) -> list[str]:
    words = text_of(office.get(page)).split()
    return [word for word in words if "csrf" not in word and "value=" not in word and "nonce" not in word]
