"""A second verifier, written from docs/sealing.md alone: raw rows, the standard library, none of the product's code.

Slow and whole in memory; it says where something is wrong, in words of its own.
"""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from tests.domain.activity import plainly


def wrong_places(witnessed: str, key: Ed25519PublicKey) -> list[str]:
    """Where the log is not as it was sealed, or not as this checkpoint saw it."""
    leaves = {row["index"]: row for row in rows("activity_leaf")}
    entries = {UUID(str(row["id"])): row for row in rows("activity_entry")}
    erased = {UUID(str(row["entry_id"])): UUID(str(row["erasure_id"])) for row in rows("activity_erased")}
    return [
        *wrong_leaves(leaves, entries, erased),
        *wrong_tree(leaves, witnessed, key),
        *wrong_lists(entries, erased),
        *wrong_epochs(entries),
        *wrong_ends(leaves, entries, key),
    ]


def wrong_leaves(leaves: dict, entries: dict, erased: dict) -> Iterator[str]:
    if sorted(leaves) != list(range(len(leaves))):
        yield "leaves: not one after another"
    for index, leaf in leaves.items():
        entry = entries.get(UUID(str(leaf["entry_id"])))
        if entry is None:
            yield f"leaf {index}: no entry"
            continue
        committed = bytes(leaf["payload_hash"])
        if entry["salt"] is None:
            if UUID(str(entry["id"])) not in erased or entry["subject_id"] is not None or entry["payload"] is not None:
                yield f"leaf {index}: erased without a word"
        else:
            subject = UUID(str(entry["subject_id"])).bytes if entry["subject_id"] else bytes(16)
            if sha256(bytes(entry["salt"]) + subject + spelled(loaded(entry["payload"]))).digest() != committed:
                yield f"leaf {index}: subject, payload or salt"
        if plainly.hashed(spelled(content(entry, committed))) != bytes(leaf["hash"]):
            yield f"leaf {index}: another entry"
    sealed = {UUID(str(leaf["entry_id"])) for leaf in leaves.values()}
    newest = max(rows("activity_checkpoint"), key=lambda row: row["epoch"], default={"last_xid": 0, "last_seq": 0})
    for identifier, entry in entries.items():
        behind = (entry["xid"], entry["seq"]) <= (newest["last_xid"], newest["last_seq"])
        if identifier not in sealed and behind:
            yield f"entry {identifier}: not sealed"


def wrong_tree(leaves: dict, witnessed: str, key: Ed25519PublicKey) -> Iterator[str]:
    hashes = [bytes(leaves[index]["hash"]) for index in sorted(leaves)]
    seen = said(witnessed, key)
    newest = max(rows("activity_epoch"), key=lambda row: row["number"], default={"origin": ""})
    if seen is None or seen[0] != newest["origin"]:
        yield "witness: another log or epoch"
    elif seen[1] > len(hashes) or plainly.root(hashes[: seen[1]]) != seen[2]:
        yield "witness: not what it saw"
    expected: dict[tuple[int, int], bytes] = {}
    level = 0
    while hashes:
        tiles = [hashes[start : start + 256] for start in range(0, len(hashes), 256)]
        expected |= {(level, index): b"".join(tile) for index, tile in enumerate(tiles)}
        hashes = [plainly.root(tile) for tile in tiles if len(tile) == 256]
        level += 1
    if {(row["level"], row["index"]): bytes(row["hashes"]) for row in rows("activity_tile")} != expected:
        yield "tiles"


def wrong_lists(entries: dict, erased: dict) -> Iterator[str]:
    lists: dict[UUID, list[UUID]] = {i: [] for i, entry in entries.items() if entry["kind"] == "entries_erased"}
    for identifier, erasure in erased.items():
        lists.setdefault(erasure, []).append(identifier)
    for erasure, listed in lists.items():
        digest = sha256(b"".join(each.bytes for each in sorted(listed))).hexdigest()
        if erasure not in entries or loaded(entries[erasure]["fields"]) != [digest, str(len(listed))]:
            yield f"erasure {erasure}"


def wrong_epochs(entries: dict) -> Iterator[str]:
    epochs = sorted(rows("activity_epoch"), key=lambda row: row["number"])
    if [row["number"] for row in epochs] != list(range(1, len(epochs) + 1)):
        yield "epochs: not one after another"
    for row in epochs:
        whole = {
            "begun_at": at(row["begun_at"]),
            "entry": str(UUID(str(row["entry_id"]))),
            **{name: row[name] for name in ("first_size", "floor_seq", "floor_xid", "number", "origin")},
        }
        entry = entries.get(UUID(str(row["entry_id"])))
        if entry is None or loaded(entry["fields"]) != [sha256(spelled(whole)).hexdigest()]:
            yield f"epoch {row['number']}"


def wrong_ends(leaves: dict, entries: dict, key: Ed25519PublicKey) -> Iterator[str]:
    """The newest checkpoint alone: the tamper test has one epoch."""
    epochs = {row["number"]: row for row in rows("activity_epoch")}
    if {row["epoch"] for row in rows("activity_checkpoint")} != epochs.keys():
        yield "checkpoints: not one for each epoch"
    for row in rows("activity_checkpoint"):
        seen, epoch = said(row["note"], key), epochs.get(row["epoch"])
        last = leaves.get(row["size"] - 1)
        entry = entries.get(UUID(str(last["entry_id"]))) if last else None
        if (
            seen is None
            or epoch is None
            or (seen[0], seen[1]) != (epoch["origin"], row["size"])
            or seen[2] != plainly.root([bytes(leaves[index]["hash"]) for index in sorted(leaves)])
            or len(leaves) != row["size"]
            or entry is None
            or (entry["xid"], entry["seq"]) != (row["last_xid"], row["last_seq"])
        ):
            yield f"checkpoint {row['epoch']}"


def said(note: str, key: Ed25519PublicKey) -> tuple[str, int, bytes] | None:
    """Origin, size and root, once the signature fits."""
    body, _, signatures = note.partition("\n\n")
    try:
        origin, size, root = body.split("\n")
        dash, name, encoded = signatures.removesuffix("\n").split(" ")
        key.verify(base64.b64decode(encoded)[4:], f"{body}\n".encode())
    except (ValueError, InvalidSignature):
        return None
    is_canonical = base64.b64encode(base64.b64decode(encoded)).decode() == encoded
    key_id = sha256(f"{name}\n\1".encode() + key.public_bytes_raw()).digest()[:4]
    if dash != "—" or name != origin or not is_canonical or base64.b64decode(encoded)[:4] != key_id:
        return None
    return (origin, int(size), base64.b64decode(root)) if note.endswith(f"{encoded}\n") else None


def content(entry: dict[str, Any], committed: bytes) -> dict[str, Any]:
    return {
        "v": 1,
        "id": str(UUID(str(entry["id"]))),
        "seq": entry["seq"],
        "xid": entry["xid"],
        "number": entry["number"],
        "kind": entry["kind"],
        "recipient": str(UUID(str(entry["recipient_id"]))) if entry["recipient_id"] else None,
        "purpose": entry["purpose"],
        "basis": entry["basis"],
        "fields": loaded(entry["fields"]),
        "at": at(entry["at"]),
        "until": at(entry["until"]) if entry["until"] else None,
        "payload_hash": committed.hex(),
    }


def rows(table: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        names = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def spelled(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def at(value: Any) -> str:
    read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    return read.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
