"""Databases on PostgreSQL: copied from a template, and kept for the next test where nobody could tell them from a copy.

A copy takes PostgreSQL ten times as long as emptying the few tables a test wrote to. After a test its databases are
kept only when no other process was told of them, nobody is connected, and the tables, their rules and the rows that
migrations wrote are the very ones of before: whatever alters one of these leaves another transaction's number on it.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

from tests.databases import Databases, let_go, locked, migrate, use

_DEPARTURE_SECONDS = 2
# What the planner takes a table for anyway that it has never looked at: rows that are gone make it no larger than that.
_PAGES = 10
_FIRST_OF_OURS = 16_384
_CATALOGS = {
    "pg_attrdef": "oid",
    "pg_attribute": "attrelid",
    "pg_class": "oid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_policy": "oid",
    "pg_proc": "oid",
    "pg_rewrite": "oid",
    "pg_statistic": "starelid",
    "pg_trigger": "oid",
    "pg_type": "oid",
}


class PostgresTemplate:
    """Template databases in the run's own cluster, which all workers share."""

    def __init__(self, worker: str) -> None:
        self._settings = connections.settings["default"]
        self._templates = {alias: str(connections.settings[alias]["NAME"]) for alias in connections}
        self._worker = worker
        self._made = 0
        self._kept: list[dict[str, _Kept]] = []

    def build(self) -> None:
        """Create and migrate the template databases, unless another worker has."""
        with closing(self._connect("postgres")) as server, locked(Path(os.environ["KLIENTO_TEST_CLUSTER"]) / "lock"):
            for name in self._templates.values():
                known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
                if known is None:
                    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            use(self._templates)
            migrate()  # does nothing where another worker has migrated

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Databases]:
        """Databases of this test's own."""
        own = self._kept.pop() if self._kept else self._copy()
        names = {alias: each.name for alias, each in own.items()}
        use(names)
        databases = Databases("postgresql", folder, {"KLIENTO_DATA": str(folder), **self._urls(names)})
        try:
            yield databases
        finally:
            let_go()
            if databases.shared or not all(each.emptied() for each in own.values()):
                self._drop(own)
            else:
                self._kept.append(own)

    def close(self) -> None:
        """Drop what is kept."""
        while self._kept:
            self._drop(self._kept.pop())

    def _drop(self, own: "dict[str, _Kept]") -> None:
        with closing(self._connect("postgres")) as server:
            for each in own.values():
                each.connection.close()
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(each.name)))

    def _copy(self) -> "dict[str, _Kept]":
        self._made += 1
        own = {}
        with closing(self._connect("postgres")) as server:
            # Copying files takes a fifth of the time of PostgreSQL 15's default, which writes all pages to its log.
            strategy = " STRATEGY FILE_COPY" if server.info.server_version >= 150_000 else ""
            for alias, template in self._templates.items():
                name = f"{template}_{self._worker}_{self._made}"
                copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + strategy)
                server.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
                own[alias] = _Kept(name, self._connect(name))
        return own

    def _urls(self, names: dict[str, str]) -> dict[str, str]:
        server = f"postgres://postgres@{self._settings['HOST']}:{self._settings['PORT']}"
        return {"DATABASE_URL": f"{server}/{names['default']}", "KEYS_DATABASE_URL": f"{server}/{names['keys']}"}

    def _connect(self, name: str) -> psycopg.Connection:
        host, port = self._settings["HOST"], self._settings["PORT"]
        return psycopg.connect(host=host, port=port, user="postgres", dbname=name, autocommit=True)


class _Kept:
    """One database, and a connection to it beside those of the tests."""

    def __init__(self, name: str, connection: psycopg.Connection) -> None:
        self.name = name
        self.connection = connection
        names = connection.execute(
            "SELECT relname, relkind FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"
        ).fetchall()
        tables = [table for table, kind in names if kind == "r"]
        self._rows = [table for table in tables if connection.execute(_about("SELECT FROM {} LIMIT 1", table)).rowcount]
        self._empty = sorted(set(tables) - set(self._rows))
        self._sequences = {
            sequence: connection.execute(_about("SELECT last_value, is_called FROM {}", sequence)).fetchone()
            for sequence, kind in names
            if kind == "S"
        }
        self._marks, self._seeded = self._schema(), self._seeds()

    def emptied(self) -> bool:
        """Whether it is again what it was when it was copied; else it is of no use any more."""
        # The rows after the schema: of a table that is not there any more none can be read.
        if not self._is_alone() or self._schema() != self._marks or self._seeds() != self._seeded:
            return False
        pages = ", ".join(f"pg_relation_size('{table}') / 8192" for table in self._empty)
        sizes = self.connection.execute(f"SELECT {pages}").fetchone() if self._empty else ()
        written = {table: size for table, size in zip(self._empty, sizes, strict=True) if size}
        large = [sql.Identifier(table) for table, size in written.items() if size > _PAGES]
        # As a replica fires no trigger: what the product writes once may only be added to.
        statements = [sql.SQL("SET session_replication_role = replica")]
        statements += [_about("DELETE FROM {}", table) for table, size in written.items() if size <= _PAGES]
        if large:
            statements.append(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(large)))
        for sequence, (value, is_called) in self._sequences.items():
            statements.append(sql.SQL("SELECT setval({}, {}, {})").format(sequence, value, is_called))
        self.connection.execute(sql.SQL("; ").join(statements))
        if large:
            self._marks = self._schema()
        return True

    def _is_alone(self) -> bool:
        """Whoever was here has left; a connection that was closed is gone a moment later."""
        others = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        deadline = time.monotonic() + _DEPARTURE_SECONDS
        while self.connection.execute(others).rowcount:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        return True

    def _schema(self) -> list[tuple]:
        """How many rows describe our tables and their rules, and the numbers of who wrote them, added up."""
        return self._marks_of(f"{catalog} WHERE {key} >= {_FIRST_OF_OURS}" for catalog, key in _CATALOGS.items())

    def _seeds(self) -> list[tuple]:
        """The same of what migrations wrote."""
        return self._marks_of(f'"{table}"' for table in self._rows)

    def _marks_of(self, rows: Iterable[str]) -> list[tuple]:
        marks = " UNION ALL ".join(f"SELECT count(*), sum(xmin::text::bigint) FROM {each}" for each in rows)
        return self.connection.execute(marks).fetchall()


def _about(statement: str, name: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(name))
