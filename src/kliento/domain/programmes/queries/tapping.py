"""How members stand when they show their card: a part of the statement that reads what is known at a terminal.

A tap reads at most 12 statements' worth. What stands here is this package's own part of one of them; `visits` runs it.
"""

import json
from datetime import date, datetime, timedelta
from uuid import UUID

from kliento.domain.programmes.rules import Standing, Terms
from kliento.kernel import sets
from kliento.kernel.clock import day_of

_DAYS = timedelta(days=9)  # an upload reaches back seven; a day more on each side, whatever the hour

_PART = """
    SELECT membership.subject_id AS subject_id, programme.third_party_id AS third_party_id, {document} AS document
    FROM (SELECT DISTINCT subject_id, third_party_id FROM given WHERE subject_id IS NOT NULL) AS shown
    LEFT JOIN programmes_membership AS membership
      ON membership.subject_id = shown.subject_id AND membership.ended_at IS NULL
    LEFT JOIN programmes_programme AS programme
      ON programme.id = membership.programme_id AND programme.third_party_id = shown.third_party_id
     AND programme.closed_at IS NULL
    WHERE {found}
"""
_DOCUMENT = """{object}(
        'membership_id', membership.id, 'name', programme.name, 'reward', programme.reward,
        'stamps_needed', programme.stamps_needed, 'most_a_day', programme.most_a_day,
        'stamps_last_days', programme.stamps_last_days,
        'last', {json}((SELECT {object}('number', last.number, 'balance', last.balance)
                        FROM programmes_ledger_entry AS last WHERE last.membership_id = membership.id
                        ORDER BY last.number DESC LIMIT 1)),
        'earned', (SELECT {array}(earned.at) FROM programmes_ledger_entry AS earned
                   WHERE earned.membership_id = membership.id AND earned.kind = 'earned' AND earned.at > %s),
        'gone', (SELECT COALESCE(SUM(lot.amount - COALESCE(
                     (SELECT SUM(used.amount) FROM programmes_lot_use AS used WHERE used.lot_id = lot.id), 0)), 0)
                 FROM programmes_ledger_entry AS lot
                 WHERE lot.membership_id = membership.id AND lot.kind IN ('earned', 'moved') AND lot.amount > 0
                   AND lot.expires_at <= %s))"""
_JSON = {
    "sqlite": {"object": "json_object", "array": "json_group_array", "json": "json"},
    "postgresql": {"object": "jsonb_build_object", "array": "jsonb_agg", "json": "to_jsonb"},
}
_FOUND = sets.found("programme.id")

STANDINGS = {
    vendor: _PART.format(found=_FOUND, document=_DOCUMENT.format(**functions)) for vendor, functions in _JSON.items()
}
"""By engine: rows (subject_id, third_party_id, document) for these two columns of a table `given` around it.

From each subject to its own cards, never from a programme to its members. Parameters: since when earned stamps are
counted (`earned_since`), and by when stamps are gone.
"""


def earned_since(at: datetime) -> datetime:
    """From when on stamps count towards what a card may still collect on the days of a batch received then."""
    return at - _DAYS


def standing_from(subject_id: UUID, document: object) -> Standing:
    """One row of the part, read."""
    read = json.loads(str(document))
    last = read["last"] or {"number": 0, "balance": 0}
    return Standing(
        membership_id=sets.identifier(read["membership_id"]),
        subject_id=subject_id,
        terms=Terms(read["name"], read["reward"], read["stamps_needed"], read["most_a_day"], read["stamps_last_days"]),
        number=last["number"],
        balance=last["balance"],
        earned_on=tuple(_day(text) for text in read["earned"] or ()),
        gone=int(read["gone"]),
    )


def _day(text: str) -> date:
    return day_of(sets.moment(text))
