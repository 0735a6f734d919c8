"""The second verifier's reading of rows that are sealed with the entry about them: from docs/sealing.md alone."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from tests.domain.activity.another_verifier import at, loaded, rows, spelled

Row = dict[str, Any]
EVENT = ("purpose", "channel", "field", "kind", "notice_version", "language", "wording")
EVENT_IDS = ("id", "recipient_id")
MOVEMENT = ("number", "kind", "amount", "balance")
MOVEMENT_IDS = ("id", "membership_id", "reverses", "moved_from", "visit_id", "act_id", "terminal_id", "operator_id")
ENTRY_OF = {
    "given": "consent_given",
    "refused": "consent_refused",
    "withdrawn": "consent_withdrawn",
    "expired": "consent_ended",
    "outdated": "consent_outdated",
    "objected": "objection_made",
    "objection_ended": "objection_ended",
}
NOBODY = UUID(int=0)


def wrong_rows() -> list[str]:
    """Where choices and movements are not what was sealed, have no entry, or do not come to what stands."""
    entries = [each | {"payload": loaded(each["payload"])} for each in rows("activity_entry")]
    events, movements = by_id(rows("consents_event")), movements_stored()
    left = {uuid(each["subject_id"]) for each in rows("activity_cover")}
    return [
        *not_as_sealed("event", entries, events, EVENT, EVENT_IDS, ("at",), left),
        *not_as_sealed("ledger", entries, movements, MOVEMENT, MOVEMENT_IDS, ("at", "expires_at"), left),
        *choices_unentered(entries, events, left),
        *movements_unentered(entries, movements, left),
        *standing_otherwise(events),
        *not_adding_up(movements),
        *notices_otherwise(entries),
    ]


def not_as_sealed(
    name: str,
    entries: list[Row],
    there: dict[UUID, Row],
    plain: tuple,
    ids: tuple,
    times: tuple,
    left: set,
) -> Iterator[str]:
    for entry in entries:
        if name not in (entry["payload"] or {}):
            continue
        owner, row = uuid(entry["subject_id"]), there.get(UUID(entry["payload"][name]))
        if row is None or hashed(row, plain, ids, times) != entry["payload"]["row"]:
            yield f"{name} {entry['payload'][name]}: not what was sealed"
        elif owner not in (None, uuid(row["subject_id"])) and not (
            row["subject_id"] is None and (owner in left or has_run_out(row))
        ):
            yield f"{name} {entry['payload'][name]}: not theirs"


def hashed(row: Row, plain: tuple, ids: tuple, times: tuple) -> str:
    said: dict[str, object] = {each: row[each] for each in plain}
    said |= {each: str(uuid(row[each])) if row[each] else None for each in ids}
    said |= {each: moment(row[each]).isoformat() if row[each] else None for each in times}
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def notices_otherwise(entries: list[Row]) -> Iterator[str]:
    sealed = {uuid(each["id"]).int: loaded(each["fields"]) for each in entries if each["kind"] == "notice_published"}
    stored = {each["number"]: each for each in rows("policy_notice")}
    for number in sorted(stored.keys() | sealed.keys()):
        if number not in stored:
            yield f"notice {number}: not there"
        elif number <= max(sealed, default=0) and sealed.get(number) != [of_notice(stored[number])]:
            yield f"notice {number}: not what was sealed"


def of_notice(row: Row) -> str:
    said = {each: row[each] for each in ("number", "version", "document")}
    said |= {each: loaded(row[each]) for each in ("reviewers", "texts", "changes", "since", "fields_since")}
    said |= {"dated": str(row["dated"]), "published_at": at(row["published_at"])}
    return sha256(spelled(said)).hexdigest()


def has_run_out(row: Row) -> bool:
    """Whether it is a refusal whose time is over."""
    over = [moment(each["before"]) for each in rows("consents_past_retention")]
    return row["kind"] == "refused" and any(moment(row["at"]) < each for each in over)


def choices_unentered(entries: list[Row], events: dict[UUID, Row], left: set) -> Iterator[str]:
    said = {(uuid(each["subject_id"]), each["kind"], (each["payload"] or {}).get("event")) for each in entries}
    for identifier, event in events.items():
        owner = uuid(event["subject_id"])
        is_owed = owner is not None and event["kind"] != "shown" and owner not in left
        if is_owed and (owner, ENTRY_OF[event["kind"]], str(identifier)) not in said:
            yield f"event {identifier}: no entry"


def movements_unentered(entries: list[Row], movements: dict[UUID, Row], left: set) -> Iterator[str]:
    named = {(each["payload"] or {}).get("ledger"): each for each in entries}
    for identifier, row in movements.items():
        entry = named.get(str(identifier))
        if row["kind"] == "earned" and (row["subject_id"] is None or uuid(row["subject_id"]) in left):
            continue
        if entry is None or (row["kind"] != "earned" and uuid(entry["id"]) != identifier):
            yield f"ledger {identifier}: no entry"


def standing_otherwise(events: dict[UUID, Row]) -> Iterator[str]:
    last: dict[tuple, Row] = {}
    for _, event in sorted(events.items(), key=lambda each: (moment(each[1]["at"]), each[0])):
        if event["subject_id"] is not None and event["kind"] != "shown":
            last[key_of(event, "objection" if "objec" in event["kind"] else "consent")] = event
    stands = {key_of(each, each["matter"]): each for each in rows("consents_state")}
    numbers = {each["version"]: each["number"] for each in rows("policy_notice")}
    for key in sorted(last.keys() | stands.keys(), key=str):
        event, state = last.get(key), stands.get(key)
        number = numbers.get(event["notice_version"], 0) if event else 0
        if (
            event is None
            or state is None
            or (uuid(state["event_id"]), state["kind"]) != (uuid(event["id"]), event["kind"])
            or moment(state["at"]) != moment(event["at"])
            or state["notice_number"] not in (0, number)
        ):
            yield f"subject {key[0]}: {key[1:]} stands otherwise"


def movements_stored() -> dict[UUID, Row]:
    return by_id(rows("programmes_ledger_entry"))


def not_adding_up(movements: dict[UUID, Row]) -> Iterator[str]:
    taken_by: dict[UUID | None, int] = defaultdict(int)
    taken_of: dict[UUID | None, int] = defaultdict(int)
    for use in rows("programmes_lot_use"):
        taken_by[uuid(use["entry_id"])] += use["amount"]
        taken_of[uuid(use["lot_id"])] += use["amount"]
        entry, lot = movements.get(uuid(use["entry_id"]) or NOBODY), movements.get(uuid(use["lot_id"]) or NOBODY)
        place = entry or lot
        if place and (entry is None or lot is None or not may_take(entry, lot, use["amount"])):
            yield place_of(place)
    cards: dict[UUID | None, list[Row]] = defaultdict(list)
    for row in movements.values():
        cards[uuid(row["membership_id"])].append(row)
    for its in cards.values():
        number = balance = 0
        for row in sorted(its, key=lambda each: each["number"]):
            follows = (row["number"], row["balance"]) == (number + 1, balance + row["amount"])
            number, balance = row["number"], row["balance"]
            taken = taken_by.get(uuid(row["id"]))
            brings = row["kind"] == "earned" or (row["kind"] == "moved" and row["amount"] > 0 and taken is None)
            adds_up = brings or row["amount"] == -(taken or 0)
            if not (follows and adds_up and 0 <= taken_of.get(uuid(row["id"]), 0) <= max(row["amount"], 0)):
                yield place_of(row)


def may_take(entry: Row, lot: Row, amount: int) -> bool:
    """What lessens the balance takes of stamps of its card, what adds to it puts back; what was earned does neither."""
    same = uuid(entry["membership_id"]) == uuid(lot["membership_id"])
    against = (amount > 0 > entry["amount"]) or (amount < 0 < entry["amount"]) or amount == 0
    return same and against and entry["kind"] != "earned"


def place_of(movement: Row) -> str:
    return f"loyalty card {uuid(movement['membership_id'])}, movement {movement['number']}"


def key_of(row: Mapping[str, Any], matter: str) -> tuple:
    return (
        uuid(row["subject_id"]),
        matter,
        *(row[each] for each in ("purpose", "channel", "field")),
        uuid(row["recipient_id"]) or NOBODY,
    )


def by_id(found: list[Row]) -> dict[UUID, Row]:
    return {UUID(str(each["id"])): each for each in found}


def uuid(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None


def moment(value: Any) -> datetime:
    read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
