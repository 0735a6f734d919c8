"""Opening relationships, each with a member number of its own."""

import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from kliento.domain.recipients.queries import standing_of
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair, Relation, distinct_pairs
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import id_of_the_hour
from kliento.kernel.sets import given, identifier

_COLUMNS = {
    "id": "uuid",
    "subject_id": "uuid",
    "third_party_id": "uuid",
    "member_number": "text",
    "since_at": "timestamptz",
}
_STANDING = ("state", "country", "transfer_mechanism", "purposes")
_DRAWS = 20  # with a million members of one third party, one draw in a hundred is taken; twenty in a row never


def open_relationships(pairs: Iterable[tuple[UUID, UUID]], *, at: datetime) -> dict[Pair, Relation]:
    """The relationships of these pairs, opened where they were missing, each with a member number of its own.

    One statement when none existed; one or two more for those that did, or whose number was taken.
    """
    missing = distinct_pairs(pairs)
    opened: dict[Pair, Relation] = {}
    for _draw in range(_DRAWS):
        if not missing:
            return opened
        opened |= _insert(missing, at=at)
        missing = [pair for pair in missing if pair not in opened]
        opened |= relations(missing)
        missing = [pair for pair in missing if pair not in opened]
    raise Conflict(code="no_free_member_number")


def _insert(pairs: Sequence[Pair], *, at: datetime) -> dict[Pair, Relation]:
    """Those of the new relationships that went in: there was no such pair and no such number before.

    One statement, which also tells how their third parties stand: `bulk_create` cannot say which rows went in where
    conflicts are ignored.
    """
    drawn = {id_of_the_hour(at): (pair, _draw_number()) for pair in pairs}
    table, parameters = given(connection, _COLUMNS, [(one, *pair, number, at) for one, (pair, number) in drawn.items()])
    statement = f"""
        INSERT INTO sharing_relationship ({", ".join(_COLUMNS)})
        SELECT {", ".join(_COLUMNS)} FROM {table} AS fresh WHERE true ORDER BY third_party_id, subject_id
        ON CONFLICT DO NOTHING RETURNING id, {", ".join(map(_of_third_party, _STANDING))}
    """  # noqa: S608 - made of the constants above and placeholders
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        inserted = [
            (identifier(one), standing_of(state, country, mechanism, json.loads(purposes)))
            for one, state, country, mechanism, purposes in cursor.fetchall()
        ]
    return {
        drawn[one][0]: Relation(
            one, *drawn[one][0], drawn[one][1], at, paused_at=None, approved=stands.approved, purposes=stands.purposes
        )
        for one, stands in inserted
    }


def _of_third_party(column: str) -> str:
    return (
        f"(SELECT {column} FROM recipients_third_party"  # noqa: S608 - our own column names
        " WHERE recipients_third_party.id = sharing_relationship.third_party_id)"
    )


def _draw_number() -> str:
    return f"{secrets.randbelow(10**8):08}"
