"""What the database alone can do: the same rows read and written by the shortest way, one commit a tap.

No HTTP, no Python rules, no opening of values. PostgreSQL: pgbench, one prepared statement a transaction. SQLite: a
loop in Python on one connection, with the settings of the product. Batches: the same rows for many scans at once, made
beforehand, by COPY and by `executemany`, one commit a batch.
"""

import hashlib
import itertools
import os
import re
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

_TAP = """
WITH till AS (
    SELECT terminal.id, premises.id AS premises_id, premises.third_party_id
    FROM recipients_terminal AS terminal
    JOIN recipients_premises AS premises ON premises.id = terminal.premises_id
    JOIN recipients_third_party AS owner ON owner.id = premises.third_party_id AND owner.state = 'approved'
    WHERE terminal.secret_hash = decode(:secret, 'hex') AND terminal.revoked_at IS NULL
), holder AS (
    SELECT person.id
    FROM cards_card AS card
    JOIN cards_medium AS medium ON medium.card_id = card.id AND medium.level = 'rotating' AND medium.state = 'active'
    JOIN people_person AS person ON person.id = card.person_id AND person.state = 'active'
    WHERE card.ordinal = :n
    FOR UPDATE OF person
), shared AS (
    SELECT relationship.id, relationship.member_number, value.field, value.nonce, value.ciphertext
    FROM holder
    JOIN till ON true
    JOIN sharing_relationship AS relationship
      ON relationship.subject_id = holder.id AND relationship.third_party_id = till.third_party_id
    LEFT JOIN sharing_grant AS granted ON granted.relationship_id = relationship.id AND granted.ended_at IS NULL
    LEFT JOIN vault_value AS value
      ON value.owner_id = holder.id AND value.field = granted.field AND value.superseded_at IS NULL
), ids AS (
    SELECT gen_random_uuid() AS scan, gen_random_uuid() AS visit, gen_random_uuid() AS entry
), spent AS (
    INSERT INTO cards_spent_code (digest, terminal_id, premises_id, scan_id, occurred_at, expires_at)
    SELECT sha256(uuid_send(ids.scan)), till.id, till.premises_id, ids.scan, now(), now() + interval '7 days'
    FROM ids, till
    ON CONFLICT (digest) DO NOTHING
), scanned AS (
    INSERT INTO visits_scan (terminal_id, id, body_hash, outcome, visit_id, first_at, occurred_at, received_at)
    SELECT till.id, ids.scan, sha256(uuid_send(ids.scan)), 'identified', ids.visit, NULL, now(), now() FROM ids, till
), visited AS (
    INSERT INTO visits_visit (id, terminal_id, scan_id, subject_id, relationship_id, third_party_id, premises_id,
                              entry_id, fields, occurred_at)
    SELECT ids.visit, till.id, ids.scan, holder.id, (SELECT id FROM shared LIMIT 1), till.third_party_id,
           till.premises_id, ids.entry, '["first_name", "nickname"]'::jsonb, now()
    FROM ids, till, holder
), member AS (
    SELECT membership.id, COALESCE(last.number, 0) AS number, COALESCE(last.balance, 0) AS balance
    FROM holder
    JOIN programmes_membership AS membership ON membership.subject_id = holder.id AND membership.ended_at IS NULL
    LEFT JOIN programmes_ledger_entry AS last ON last.membership_id = membership.id AND last.number =
        (SELECT MAX(number) FROM programmes_ledger_entry WHERE membership_id = membership.id)
), stamped AS (
    INSERT INTO programmes_ledger_entry (id, membership_id, number, kind, amount, balance, visit_id, terminal_id, at,
                                         subject_id)
    SELECT gen_random_uuid(), member.id, member.number + 1, 'earned', 1, member.balance + 1, ids.visit, till.id, now(),
           holder.id
    FROM member, ids, till, holder
    ON CONFLICT DO NOTHING
), counted AS (
    INSERT INTO activity_counter (subject_id, last_number) SELECT holder.id, 1 FROM holder
    ON CONFLICT (subject_id) DO UPDATE SET last_number = activity_counter.last_number + 1
    RETURNING subject_id, last_number
), entered AS (
    INSERT INTO activity_entry (id, subject_id, number, kind, recipient_id, purpose, basis, fields, at, until, salt,
                                payload)
    SELECT ids.entry, counted.subject_id, counted.last_number, 'visit', till.third_party_id, 'serving', 'consent',
           '["first_name", "nickname"]'::jsonb, now(), NULL, uuid_send(ids.visit),
           jsonb_build_object('visit_id', ids.visit, 'premises_id', till.premises_id, 'terminal_id', till.id)
    FROM ids, till, counted
)
SELECT member_number, field, nonce, ciphertext FROM shared;
"""


def postgresql(url: str, *, secret: str, people: int, clients: int, seconds: int, folder: Path) -> float:
    """Taps a second that pgbench reaches with the one statement, prepared."""
    script = folder / "tap.sql"
    script.write_text(f"\\set n random(1, {people})\n{' '.join(_TAP.split())}\n")
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    said = subprocess.run(
        [_pgbench(), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds),
         "-D", f"secret={hashed}", "-f", str(script), url],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return float(re.search(r"tps = ([\d.]+)", said).group(1))


def _pgbench() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True)
    return str(found[0]) if found else "pgbench"


def sqlite(file: Path, *, secret: str, people: int, taps: int) -> float:
    """Taps a second of a loop on one connection, a commit for each."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    hashed = hashlib.sha256(secret.encode()).digest()
    started = time.perf_counter()
    for number in range(taps):
        _tap(connection, hashed, ordinal=number % people + 1)
    seconds = time.perf_counter() - started
    connection.close()
    return taps / seconds


def _tap(connection: sqlite3.Connection, secret_hash: bytes, *, ordinal: int) -> list[tuple]:
    ask = connection.execute
    ask("BEGIN IMMEDIATE")
    terminal, premises, owner = ask(_TERMINAL, (secret_hash,)).fetchone()
    (person,) = ask(_HOLDER, (ordinal,)).fetchone()
    shared = ask(_SHARED, (person, owner)).fetchall()
    scan, visit, entry = (uuid.uuid4() for _ in range(3))
    at, digest = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()), hashlib.sha256(scan.bytes).digest()
    fields = '["first_name", "nickname"]'
    ask("INSERT INTO cards_spent_code (digest, terminal_id, premises_id, scan_id, occurred_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)", (digest, terminal, premises, scan.hex, at, at))  # fmt: skip
    ask("INSERT INTO visits_scan (terminal_id, id, body_hash, outcome, visit_id, first_at, occurred_at, received_at)"
        " VALUES (?, ?, ?, 'identified', ?, NULL, ?, ?)", (terminal, scan.hex, digest, visit.hex, at, at))  # fmt: skip
    ask("INSERT INTO visits_visit (id, terminal_id, scan_id, subject_id, relationship_id, third_party_id, premises_id,"
        " entry_id, fields, occurred_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (visit.hex, terminal, scan.hex, person, shared[0][0], owner, premises, entry.hex, fields, at))  # fmt: skip
    member, number, balance = ask(_MEMBER, (person,)).fetchone()
    ask("INSERT INTO programmes_ledger_entry (id, membership_id, number, kind, amount, balance, visit_id, terminal_id,"
        " at, subject_id) VALUES (?, ?, ?, 'earned', 1, ?, ?, ?, ?, ?)",
        (uuid.uuid4().hex, member, number + 1, balance + 1, visit.hex, terminal, at, person))  # fmt: skip
    (counted,) = ask("INSERT INTO activity_counter (subject_id, last_number) VALUES (?, 1)"
        " ON CONFLICT (subject_id) DO UPDATE SET last_number = last_number + 1 RETURNING last_number",
        (person,)).fetchone()  # fmt: skip
    ask("INSERT INTO activity_entry (id, subject_id, number, kind, recipient_id, purpose, basis, fields, at, salt,"
        " payload, xid) VALUES (?, ?, ?, 'visit', ?, 'serving', 'consent', ?, ?, ?, ?, 0)",
        (entry.hex, person, counted, owner, fields, at, os.urandom(16), f'{{"visit_id": "{visit}"}}'))  # fmt: skip
    ask("COMMIT")
    return shared


_TERMINAL = """
    SELECT terminal.id, premises.id, premises.third_party_id
    FROM recipients_terminal AS terminal
    JOIN recipients_premises AS premises ON premises.id = terminal.premises_id
    JOIN recipients_third_party AS owner ON owner.id = premises.third_party_id AND owner.state = 'approved'
    WHERE terminal.secret_hash = ? AND terminal.revoked_at IS NULL
"""
_HOLDER = """
    SELECT person.id
    FROM cards_card AS card
    JOIN cards_medium AS medium ON medium.card_id = card.id AND medium.level = 'rotating' AND medium.state = 'active'
    JOIN people_person AS person ON person.id = card.person_id AND person.state = 'active'
    WHERE card.ordinal = ?
"""
_MEMBER = """
    SELECT membership.id, COALESCE(last.number, 0), COALESCE(last.balance, 0)
    FROM programmes_membership AS membership
    LEFT JOIN programmes_ledger_entry AS last ON last.membership_id = membership.id AND last.number =
        (SELECT MAX(number) FROM programmes_ledger_entry WHERE membership_id = membership.id)
    WHERE membership.subject_id = ? AND membership.ended_at IS NULL
"""
_SHARED = """
    SELECT relationship.id, relationship.member_number, value.field, value.nonce, value.ciphertext
    FROM sharing_relationship AS relationship
    LEFT JOIN sharing_grant AS granted ON granted.relationship_id = relationship.id AND granted.ended_at IS NULL
    LEFT JOIN vault_value AS value
      ON value.owner_id = relationship.subject_id AND value.field = granted.field AND value.superseded_at IS NULL
    WHERE relationship.subject_id = ? AND relationship.third_party_id = ?
"""


def sqlite_batches(file: Path, *, size: int, batches: int) -> float:
    """Scans a second whose rows one connection inserts, a commit for each batch."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    members = connection.execute(_MEMBERS).fetchall()
    made = [_rows_of(members, place, size=size, plain=True) for place in range(batches)]
    started = time.perf_counter()
    for tables in made:
        connection.execute("BEGIN IMMEDIATE")
        for table, (columns, rows) in tables.items():
            places = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
        connection.executemany(_COUNT.format(place="?"), [(row[1],) for row in tables["activity_entry"][1]])
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    return size * batches / seconds


def postgresql_batches(url: str, *, size: int, batches: int) -> float:
    """Scans a second whose rows one connection copies in, a commit for each batch."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        members = cursor.execute(_MEMBERS).fetchall()
        made = [_rows_of(members, place, size=size, plain=False) for place in range(batches)]
        started = time.perf_counter()
        for tables in made:
            for table, (columns, rows) in tables.items():
                with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            subjects = [row[1] for row in tables["activity_entry"][1]]
            cursor.execute(
                "INSERT INTO activity_counter SELECT unnest(%s::uuid[]), 1"
                " ON CONFLICT (subject_id) DO UPDATE SET last_number = activity_counter.last_number + 1",
                [sorted(subjects)],
            )
            connection.commit()
        return size * batches / (time.perf_counter() - started)


_COUNT = """
    INSERT INTO activity_counter (subject_id, last_number) VALUES ({place}, 1)
    ON CONFLICT (subject_id) DO UPDATE SET last_number = last_number + 1
"""
_MEMBERS = """
    SELECT known.subject_id, known.id, member.id, known.third_party_id, terminal.id, terminal.premises_id
    FROM sharing_relationship AS known
    JOIN programmes_membership AS member ON member.relationship_id = known.id
    CROSS JOIN (SELECT id, premises_id FROM recipients_terminal ORDER BY id LIMIT 1) AS terminal
"""
_numbers = itertools.count(1_000_000)  # beyond what the product has counted to


def _rows_of(members: Sequence[Any], place: int, *, size: int, plain: bool) -> dict[str, tuple[Sequence[str], list]]:
    """The rows of one batch, by table: what `visits` would write for so many different people."""
    chosen: Iterator[Any] = itertools.islice(itertools.cycle(members), place * size, (place + 1) * size)
    at: Any = datetime.now(tz=UTC)
    at = at.isoformat(" ")[:-6] if plain else at
    number, fields = next(_numbers), '["first_name", "nickname"]'
    rows: dict[str, tuple[Sequence[str], list]] = {table: (columns, []) for table, columns in _COLUMNS.items()}
    for subject, relation, member, owner, terminal, premises in chosen:
        scan, visit, entry, movement = ((one.hex if plain else one) for one in (uuid.uuid4() for _ in range(4)))
        digest = os.urandom(32)
        new = {
            "cards_spent_code": (digest, terminal, premises, scan, at, at),
            "visits_scan": (terminal, scan, digest, "identified", visit, at, at),
            "visits_visit": (visit, terminal, scan, subject, relation, owner, premises, entry, fields, at),
            "programmes_ledger_entry": (movement, member, number, "earned", 1, 1, visit, terminal, at, subject),
            "activity_entry": (entry, subject, number, "visit", owner, "serving", "consent", fields, at,
                               digest[:16], f'{{"visit_id": "{visit}", "terminal_id": "{terminal}"}}'),
        }  # fmt: skip
        for table, row in new.items():
            rows[table][1].append(row)
    return rows


_COLUMNS = {
    "cards_spent_code": ("digest", "terminal_id", "premises_id", "scan_id", "occurred_at", "expires_at"),
    "visits_scan": ("terminal_id", "id", "body_hash", "outcome", "visit_id", "occurred_at", "received_at"),
    "visits_visit": ("id", "terminal_id", "scan_id", "subject_id", "relationship_id", "third_party_id", "premises_id",
                     "entry_id", "fields", "occurred_at"),
    "programmes_ledger_entry": ("id", "membership_id", "number", "kind", "amount", "balance", "visit_id", "terminal_id",
                                "at", "subject_id"),
    "activity_entry": ("id", "subject_id", "number", "kind", "recipient_id", "purpose", "basis", "fields", "at", "salt",
                       "payload"),
}  # fmt: skip
