#!/usr/bin/env python3
"""Check the proof of one entry of Kliento's Activity, without Kliento: Python 3.9 or newer and nothing else.

    python3 kliento_verify.py proof.json [--key KEY] [--checkpoint FILE]

`--key` is the line at https://SERVICE/log/key; without it the key in the proof is taken and printed, to be compared.
`--checkpoint` is a checkpoint you or somebody else kept of the same size; it must have the same root.
Exit status: 0 the entry is in the log as it stands in the file, 1 it is not, 2 wrong use.

What is hashed is described in docs/sealing.md of Kliento's sources. This file may be copied freely.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from typing import Any, NoReturn


class Refused(Exception):
    """The proof does not hold; the message says where."""


def check(proof: Any, *, key: str | None = None, kept: str | None = None) -> str:
    """What is proven, in words. Raises Refused."""
    try:
        return _check(proof, key, kept)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise Refused(f"The file is not a whole proof ({type(error).__name__}).") from error


def _check(proof: Any, key: str | None, kept: str | None) -> str:
    if proof["kliento_proof"] != 1:
        raise Refused("This is a proof of another kind or version.")
    entry, index, size = proof["entry"], proof["index"], proof["size"]
    origin, signed_size, root = opened(proof["checkpoint"], key or proof["key"])
    if signed_size != size or not 0 <= index < size:
        raise Refused("The checkpoint is of another size than the proof.")
    _check_content(entry, proof["content"])
    leaf = hashlib.sha256(b"\x00" + canonical(entry)).digest()
    path = base64.b64decode(proof["path"], validate=True)
    hashes = [path[start : start + 32] for start in range(0, len(path), 32)]
    if root_of(index, size, leaf, hashes) != root:
        raise Refused("The entry is not in the log: it was changed, or the proof belongs to another one.")
    if kept is not None and opened(kept, key or proof["key"]) != (origin, size, root):
        raise Refused("The checkpoint you kept is another one: its size, its root or its log differs.")
    return f"Entry {entry['id']} ({entry['kind']}, {entry['at']}) is number {index} of {size} in {origin}."


def _check_content(entry: Any, content: Any) -> None:
    """What an erasure would take is committed to by one hash within the entry."""
    salt, subject = bytes.fromhex(content["salt"]), bytes.fromhex(content["subject"].replace("-", ""))
    if len(salt) != 16 or len(subject) != 16:
        raise Refused("Salt or subject is not as long as it must be.")
    if hashlib.sha256(salt + subject + canonical(content["payload"])).hexdigest() != entry["payload_hash"]:
        raise Refused("Subject, payload or salt was changed: they are not what the entry commits to.")


def canonical(value: Any) -> bytes:
    """The one way the JSON is written that is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def root_of(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """Where the path leads (RFC 9162, 2.1.3.2)."""
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Refused("The path is too long for a log of this size.")
        if place % 2 or place == last:
            found = _node(sibling, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = _node(found, sibling)
        place, last = place // 2, last // 2
    if last:
        raise Refused("The path is too short for a log of this size.")
    return found


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def opened(note: str, key: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a signed checkpoint (C2SP signed-note, tlog-checkpoint). Raises Refused."""
    body, separator, signatures = note.partition("\n\n")
    origin, size, root = body.split("\n")
    name, key_id, encoded = key.strip().split("+", 2)
    kind_and_key = base64.b64decode(encoded, validate=True)
    public = kind_and_key[1:]
    if kind_and_key[:1] != b"\x01" or len(public) != 32 or not separator:
        raise Refused("The key is not an Ed25519 key.")
    expected = hashlib.sha256(name.encode() + b"\n" + kind_and_key).digest()[:4]
    if name != origin or expected.hex() != key_id:
        raise Refused("The key is not of this log.")
    for line in signatures.strip("\n").split("\n"):
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature, validate=True)
        if dash == "\u2014" and signer == name and raw[:4] == expected:
            if verified(public, (body + "\n").encode(), raw[4:]):
                return origin, int(size), base64.b64decode(root, validate=True)
            break
    raise Refused("The checkpoint is not signed by this key: it was changed, or the key is another one.")


# Ed25519 as RFC 8032 writes it, 5.1 and 6: slow, short, and only for what is public.

_P = 2**255 - 19
_Q = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]
_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960
_BASE = (_X, _Y, 1, _X * _Y % _P)


def verified(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key signed that message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = _point(public), _point(signature[:32])
    factor = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or factor >= _Q:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _Q
    left, right = _times(factor, _BASE), _sum(commitment, _times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (left[1] * right[2] - right[1] * left[2]) % _P == 0


def _point(encoded: bytes) -> _Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x % 2 != sign else x
    return x, y, 1, x * y % _P


def _sum(one: _Point, other: _Point) -> _Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % _P, (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, point: _Point) -> _Point:
    found: _Point = (0, 1, 1, 0)
    while factor:
        if factor % 2:
            found = _sum(found, point)
        point, factor = _sum(point, point), factor // 2
    return found


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description="Check the proof of one entry of Kliento's Activity, without Kliento.")
    parser.add_argument("proof", help="the file that was downloaded from the entry's page")
    parser.add_argument("--key", help="the line at https://SERVICE/log/key")
    parser.add_argument("--checkpoint", help="a file with a checkpoint of the same size that you kept")
    asked = parser.parse_args()
    try:
        with open(asked.proof, encoding="utf-8") as file:
            proof = json.load(file)
        kept = None
        if asked.checkpoint:
            with open(asked.checkpoint, encoding="utf-8") as file:
                kept = file.read()
    except (OSError, ValueError) as error:
        _give_up(f"A file cannot be read: {error}")
    try:
        print("PROVEN. " + check(proof, key=asked.key, kept=kept))
    except Refused as refused:
        print(f"REFUSED. {refused}")
        return 1
    if not asked.key:
        print(f"Signed by the key {proof['key']}: compare it with the one the service shows at /log/key.")
    return 0


def _give_up(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    sys.exit(main())
