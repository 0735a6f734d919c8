"""Whom a purpose may reach is one statement out of one index, among twenty thousand states as among two million."""

from bench import consents, office
from django.db import connection

from kliento.domain.consents.models import State
from kliento.domain.consents.queries import audience

STATES = 20_000


def test_an_audience_is_read_in_pages_out_of_its_index(db):
    consents.fill(STATES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with office.statements() as sent:
        found = consents.ask()
    assert found["scans"] == []
    assert found["statements"] == 1
    given = State.objects.filter(channel=consents.CHANNEL, kind="given").count()
    assert found["people"] == given == STATES // 5
    pages = [sql for _alias, sql, _parameters in sent if sql.startswith("SELECT") and "consents_state" in sql]
    assert len(pages) == 2 + given // consents.PAGE + 1  # two to begin with, and the last one finds nobody


def test_a_page_begins_where_the_one_before_ended(db):
    consents.fill(2_000)
    everybody = audience(consents.PURPOSE, consents.CHANNEL, limit=10_000)
    first = audience(consents.PURPOSE, consents.CHANNEL, limit=150)
    assert first + audience(consents.PURPOSE, consents.CHANNEL, after=first[-1], limit=10_000) == everybody
    assert everybody == sorted(everybody)
