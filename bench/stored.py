"""Visits of the last year as if they had been tapped: with their Activity entries and stamps, and their scans and spent
codes as long as these are kept. Made in bulk by the database itself, in the order of their times.
"""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg

AT_ONCE = 100_000
_CACHE_KIB = 4_000_000  # without it every piece is written through pages that have just been pushed out
_DAY = 86_400

# {member}: a table of the members by their place; {n}: of the numbers of this piece; {at}: when the visit of a number
# was; {id}: a UUIDv7 of then. Placeholders of neither driver: every word here is ours.
_ROWS = """
    SELECT {visit_id} AS visit_id, {entry_id} AS entry_id, {scan_id} AS scan_id, member.subject_id,
           member.relationship_id, member.membership_id, member.third_party_id, till.id AS terminal_id,
           till.premises_id, {at} AS at, n / {people} + 1 AS number, {age} AS age, {digest} AS digest
    FROM {numbers} AS numbers
    JOIN bench_member AS member ON member.place = n % {people}
    CROSS JOIN (SELECT id, premises_id FROM recipients_terminal ORDER BY id LIMIT 1) AS till
"""
_INSERTS = (
    """INSERT INTO visits_visit (id, terminal_id, scan_id, subject_id, relationship_id, third_party_id, premises_id,
                                 entry_id, fields, occurred_at, level)
       SELECT visit_id, terminal_id, scan_id, subject_id, relationship_id, third_party_id, premises_id,
              entry_id, '["first_name"]', at, 'rotating' FROM bench_rows""",
    """INSERT INTO activity_entry (id, subject_id, number, kind, recipient_id, purpose, basis, fields, at, salt,
                                   payload{xid})
       SELECT entry_id, subject_id, number, 'visit', third_party_id, 'serving', 'consent', '["first_name"]', at,
              digest, {payload}{zero} FROM bench_rows""",
    """INSERT INTO programmes_ledger_entry (id, membership_id, number, kind, amount, balance, visit_id, terminal_id, at,
                                            subject_id)
       SELECT visit_id, membership_id, number, 'earned', 1, number, visit_id, terminal_id, at, subject_id
       FROM bench_rows""",
    """INSERT INTO visits_scan (terminal_id, id, body_hash, outcome, visit_id, occurred_at, received_at)
       SELECT terminal_id, scan_id, digest, 'identified', visit_id, at, at FROM bench_rows WHERE age < 30 * {day}""",
    """INSERT INTO cards_spent_code (digest, terminal_id, premises_id, scan_id, occurred_at, expires_at)
       SELECT digest, terminal_id, premises_id, scan_id, at, at FROM bench_rows WHERE age < 7 * {day}""",
)
_MEMBERS = """
    CREATE TEMPORARY TABLE bench_member AS
    SELECT row_number() OVER (ORDER BY known.id) - 1 AS place, known.id AS relationship_id, known.subject_id,
           known.third_party_id, member.id AS membership_id
    FROM sharing_relationship AS known JOIN programmes_membership AS member ON member.relationship_id = known.id
"""
_COUNTED = """
    INSERT INTO activity_counter (subject_id, last_number) SELECT subject_id, {last} FROM bench_member WHERE true
    ON CONFLICT (subject_id) DO UPDATE SET last_number = {last}
"""
_DIALECTS = {
    "sqlite": {
        "numbers": "(WITH RECURSIVE each(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM each WHERE n + 1 < {end})"
                   " SELECT n FROM each)",
        "at": "strftime('%Y-%m-%d %H:%M:%f000', 'now', -({age}) || ' seconds')",
        "id": "printf('%012x7{kind}00%016x', (strftime('%s', 'now') - ({age})) * 1000, n + (2 << 61))",
        "digest": "randomblob(32)",
        "payload": "json_object('visit_id', visit_id)",
        "xid": ", xid",
        "zero": ", 0",
    },
    "postgresql": {
        "numbers": "(SELECT generate_series({first}, {end} - 1) AS n)",
        "at": "now() - make_interval(secs => {age})",
        "id": "(lpad(to_hex((extract(epoch from now()) - {age})::bigint * 1000), 12, '0')"
              " || '7{kind}00' || '8' || lpad(to_hex(n), 15, '0'))::uuid",
        "digest": "sha256(n::text::bytea || now()::text::bytea)",
        "payload": "jsonb_build_object('visit_id', visit_id)",
        "xid": "",
        "zero": "",
    },
}  # fmt: skip
_LAST = """
    SELECT (SELECT MAX(number) FROM activity_entry WHERE subject_id = known.subject_id),
           (SELECT MAX(at) FROM activity_entry WHERE subject_id = known.subject_id),
           (SELECT MAX(at) FROM activity_entry
            WHERE subject_id = known.subject_id AND recipient_id = known.third_party_id),
           (SELECT MAX(occurred_at) FROM visits_visit WHERE subject_id = known.subject_id),
           (SELECT level FROM visits_visit WHERE relationship_id = known.id ORDER BY id DESC LIMIT 1),
           (SELECT balance FROM programmes_ledger_entry WHERE membership_id = member.id ORDER BY number DESC LIMIT 1),
           (SELECT MAX(at) FROM programmes_ledger_entry WHERE membership_id = member.id AND kind = 'earned')
    FROM sharing_relationship AS known JOIN programmes_membership AS member ON member.relationship_id = known.id
"""
_GROWING = ("visits_visit", "visits_scan", "activity_entry", "programmes_ledger_entry", "cards_spent_code")


def fill(environment: dict[str, str], visits: int, *, after: int = 0) -> None:
    """Store so many visits in all, of which `after` are there: the oldest of a year first."""
    on_postgresql = "DATABASE_URL" in environment
    connection = (
        psycopg.connect(environment["DATABASE_URL"])
        if on_postgresql
        else sqlite3.connect(Path(environment["KLIENTO_DATA"]) / "kliento.sqlite3")
    )
    if not on_postgresql:
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        for mode in ("journal_mode = DELETE", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {mode}")  # nobody reads it before it is whole
    dialect = _DIALECTS["postgresql" if on_postgresql else "sqlite"]
    connection.execute(_MEMBERS)
    [people] = connection.execute("SELECT COUNT(*) FROM bench_member").fetchone()
    connection.execute("CREATE INDEX bench_member_place ON bench_member (place)")
    for first in range(after, visits, AT_ONCE):
        end = min(first + AT_ONCE, visits)
        connection.execute(f"CREATE TEMPORARY TABLE bench_rows AS {_rows(dialect, first, end, visits, people)}")
        for insert in _INSERTS:
            connection.execute(insert.format(day=_DAY, **{name: dialect[name] for name in ("payload", "xid", "zero")}))
        connection.execute("DROP TABLE bench_rows")
        connection.commit()
    connection.execute(_COUNTED.format(last=visits // people + 1))
    connection.commit()
    if on_postgresql:
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    else:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def everybody_came(environment: dict[str, str]) -> None:
    """Read what the last visit of each person left, so that the operating system has it in memory.

    So it is where everybody has come once since the machine started.
    """
    connection: Any = (
        psycopg.connect(environment["DATABASE_URL"])
        if "DATABASE_URL" in environment
        else sqlite3.connect(Path(environment["KLIENTO_DATA"]) / "kliento.sqlite3")
    )
    connection.execute(_LAST).fetchall()
    connection.close()


def _rows(dialect: dict[str, str], first: int, end: int, visits: int, people: int) -> str:
    age = f"({visits - 1} - n) * {365.0 * _DAY / visits} + 3600"
    written = {name: text.format(age=age, first=first, end=end, kind="{kind}") for name, text in dialect.items()}
    ids = {f"{name}_id": written["id"].format(kind=kind) for kind, name in enumerate(("visit", "entry", "scan"))}
    return _ROWS.format(
        people=people, age=age, at=written["at"], digest=written["digest"], numbers=written["numbers"], **ids
    )


def read_by_taps(environment: dict[str, str]) -> dict[str, int]:
    """Rows of the growing tables read so far, by index and from whole tables. SQLite does not count them."""
    if "DATABASE_URL" not in environment:
        return {}
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(
            "SELECT SUM(idx_tup_fetch)::bigint, SUM(seq_tup_read)::bigint FROM pg_stat_user_tables"
            " WHERE relname = ANY(%s)",
            [list(_GROWING)],
        ).fetchone()
    return {"by_index": row[0] or 0, "whole": row[1] or 0}
