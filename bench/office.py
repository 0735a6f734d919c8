"""A third party with very many visits to measure its portal on: filled in bulk, asked like its owner's browser would.

Run as `python -m bench.office fill VISITS` and `python -m bench.office ask` with the environment of the instance;
each prints what it found as JSON. Tests fill a hundredth of it and look at the plans.
"""

import json
import logging
import os
import random
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import django

from bench import town

VISITS_OF_ONE = 50
PREMISES = 3
DAYS = 365
ROUNDS = 9
AT_ONCE = 20_000
# Tables that grow with members or visits: a page that reads one of them whole gets slower every day.
GROWING = {
    "cards_card",
    "cards_medium",
    "cards_claim",
    "cards_claim_code",
    "visits_visit",
    "sharing_relationship",
    "sharing_grant",
    "vault_value",
    "keys_data_key",
    "people_person",
    "accounts_account",
    "activity_entry",
    "consents_state",
    "consents_event",
    "programmes_membership",
    "programmes_ledger_entry",
}
_A_FEW_PAGES = 60.0  # in PostgreSQL's units of cost: about a thousand rows
_ALIASED = r'"?(\w+)"?\s+(?:AS\s+)?"?{alias}"?\b'


def fill(visits: int, *, at: datetime) -> dict[str, str]:
    """So many visits of the last year, at the premises of one third party; who its owner is."""
    from kliento.domain.accounts.models import Account
    from kliento.domain.recipients.actions import appoint_operator
    from kliento.domain.recipients.models import ThirdParty
    from kliento.kernel.actor import SystemActor

    town.build(max(visits // VISITS_OF_ONE, 20), PREMISES)
    shop = ThirdParty.objects.get()
    account_id = Account.objects.order_by("login_index").values_list("id", flat=True)[0]
    appoint_operator(account_id, third_party_id=shop.id, role="owner", by=SystemActor("bench"), at=at)
    _add_visits(shop.id, visits, at=at)
    _add_stamps(at=at)
    return {"account_id": str(account_id), "third_party_id": str(shop.id)}


def _add_visits(third_party_id: UUID, visits: int, *, at: datetime) -> None:
    from django.db import transaction

    from kliento.domain.recipients.models import Premises, Terminal
    from kliento.domain.sharing.models import Relationship
    from kliento.domain.visits.models import Visit
    from kliento.kernel.ids import id_at, new_id
    from kliento.kernel.rows import insert_rows

    chance = random.Random(1)  # the same town in every run
    members = list(Relationship.objects.order_by("id").values_list("id", "subject_id"))
    terminals = dict(Terminal.objects.values_list("premises_id", "id"))
    places = list(Premises.objects.order_by("name").values_list("id", flat=True))
    columns = ["id", "terminal_id", "scan_id", "subject_id", "relationship_id", "third_party_id", "premises_id",
               "entry_id", "fields", "occurred_at"]  # fmt: skip
    times = sorted(at - timedelta(seconds=chance.uniform(0, DAYS * 86_400)) for _ in range(visits))
    for first in range(0, visits, AT_ONCE):
        rows = []
        for moment in times[first : first + AT_ONCE]:
            relationship_id, subject_id = chance.choice(members)
            place = chance.choices(places, weights=range(1, len(places) + 1))[0]
            rows.append(
                (id_at(moment), terminals[place], new_id(), subject_id, relationship_id, third_party_id, place,
                 new_id(), ["first_name"], moment)
            )  # fmt: skip
        with transaction.atomic():
            insert_rows(Visit, columns, rows)


def _add_stamps(*, at: datetime) -> None:
    """One on every card: a list then reads the ledger of each of its members."""
    from django.db import transaction

    from kliento.domain.programmes.models import LedgerEntry, Membership

    entries = [
        LedgerEntry(membership_id=card_id, number=1, kind="earned", amount=1, balance=1, at=at, subject_id=subject_id)
        for card_id, subject_id in Membership.objects.values_list("id", "subject_id")
    ]
    with transaction.atomic():
        LedgerEntry.objects.bulk_create(entries, batch_size=5000)


def pages(third_party_id: UUID) -> dict[str, str]:
    """What is asked: each page by its name in the figures."""
    from kliento.domain.recipients.models import Premises
    from kliento.domain.visits.models import Visit

    newest = Visit.objects.order_by("-occurred_at").first()
    number = _number_of(newest.relationship_id)
    place = Premises.objects.order_by("name")[0].id
    middle = newest.occurred_at.date() - timedelta(days=180)
    days = f"from={(middle - timedelta(days=6)).isoformat()}&to={middle.isoformat()}"
    return {
        "today": "/partner/today",
        "visits": "/partner/visits",
        "visits_of_a_week": f"/partner/visits?{days}&premises={place}",
        "members": "/partner/members",
        "member_by_number": f"/partner/members?number={number}",
        "member": f"/partner/members/{number}",
    }


def _number_of(relationship_id: UUID) -> str:
    from kliento.domain.sharing.models import Relationship

    return str(Relationship.objects.get(id=relationship_id).member_number)


def browser_of(account_id: str, third_party_id: str) -> Any:
    """A browser in which this operator is signed in."""
    from tests.portal import signed_in

    browser = signed_in(UUID(account_id), third_party_id=UUID(third_party_id))
    browser.defaults["HTTP_HOST"] = "localhost"
    return browser


def ask(owner: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Each page: milliseconds at the server (the fastest of several), statements, growing tables it reads whole."""
    browser = browser_of(**owner)
    found: dict[str, dict[str, Any]] = {}
    for name, path in pages(UUID(owner["third_party_id"])).items():
        _opened(browser, path)  # names shown in this clock hour are entered once, now
        with statements() as sent:
            _opened(browser, path)
        times = [_seconds(lambda path=path: _opened(browser, path)) for _ in range(ROUNDS)]
        found[name] = {
            "ms": 1000 * min(times),
            "statements": len(sent),
            "scans": sorted({scan for alias, sql, parameters in sent for scan in scans_of(alias, sql, parameters)}),
        }
    return {**found, "csv": _exported(browser)}


def _exported(browser: Any) -> dict[str, Any]:
    """The visits of a month as CSV: rows a second, and how much more memory the process ever took."""
    today = datetime.now(tz=django.utils.timezone.get_default_timezone()).date()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, rows = time.perf_counter(), 0
    path = f"/partner/visits.csv?from={(today - timedelta(days=30)).isoformat()}&to={today.isoformat()}"
    for piece in browser.get(path).streaming_content:
        rows += piece.count(b"\r\n")
    seconds = time.perf_counter() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"rows": rows, "per_second": rows / seconds, "memory_mb": grown / 1024}


def _opened(browser: Any, path: str) -> None:
    answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} was answered with {answer.status_code}.")


def _seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


@contextmanager
def statements() -> Iterator[list[tuple[str, str, Any]]]:
    """Every statement sent meanwhile, to whichever database: alias, text, parameters."""
    from contextlib import ExitStack

    from django.db import connections

    sent: list[tuple[str, str, Any]] = []

    def noting(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        sent.append((context["connection"].alias, sql, parameters))
        return execute(sql, parameters, many, context)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(noting))
        yield sent


def scans_of(alias: str, sql: str, parameters: Any) -> list[str]:
    """The growing tables that the plan of this statement reads from end to end, with the beginning of the statement."""
    from django.db import connections

    if not sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
        return []
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
            whole = set(_sequential(cursor.fetchone()[0][0]["Plan"]))
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
            whole = {_table(found[1], sql) for row in cursor.fetchall() if (found := re.match(r"SCAN (\w+)", row[3]))}
    return [f"{table}: {' '.join(sql.split())[:100]}" for table in sorted(whole & GROWING)]


def _sequential(plan: dict[str, Any]) -> Iterator[str]:
    """Tables read whole, if they are worth an index: PostgreSQL rightly reads a page or two from end to end."""
    if (
        plan["Node Type"] == "Seq Scan"
        and plan["Plan Rows"] + plan.get("Rows Removed by Filter", 0) > 0
        and plan["Total Cost"] > _A_FEW_PAGES
    ):
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from _sequential(part)


def _table(alias: str, sql: str) -> str:
    """SQLite names the alias; the statement says of what."""
    named = re.search(_ALIASED.format(alias=alias), sql)
    return named[1] if named and named[1].upper() not in {"FROM", "JOIN"} else alias


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kliento.config.settings")
    django.setup()
    if sys.argv[1] == "fill":
        from kliento.kernel.clock import now

        print(json.dumps(fill(int(sys.argv[2]), at=now())))
    else:
        logging.disable(logging.INFO)
        print(json.dumps(ask(json.loads(sys.argv[2]))))
