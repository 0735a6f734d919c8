"""What the log says of itself, and proofs of it: a few tiles are read, however large it is."""

import base64
from collections.abc import Callable, Collection
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db.models import Q

from kliento.domain.activity.models import Checkpoint, Entry, Leaf, Tile
from kliento.domain.activity.queries.sealed import SEALED_COLUMNS, sealable
from kliento.domain.activity.rules import notes, tiles, tree
from kliento.kernel.errors import NotFound

Nodes = Callable[[int, int], bytes]


def newest_checkpoint() -> str:
    """The newest signed checkpoint, as a note. Raises NotFound before anything was sealed."""
    note = Checkpoint.objects.order_by("-epoch").values_list("note", flat=True).first()
    if note is None:
        raise NotFound(code="no_log")
    return note


def is_sealed(entry_id: UUID) -> bool:
    """Whether the entry has its leaf. One statement."""
    return Leaf.objects.filter(entry_id=entry_id).exists()


def newest_origin() -> str:
    """Which log, which epoch the newest checkpoint is of. Raises NotFound before anything was sealed."""
    return notes.read(newest_checkpoint()).origin


def consistency_proof(old: int, new: int) -> list[bytes]:
    """What proves that the first `old` leaves begin the first `new`. Raises NotFound for more leaves than there are."""
    newest = notes.read(newest_checkpoint())
    if not 0 <= old <= new <= newest.size:
        raise NotFound(code="no_such_size")
    return _path(lambda node: tree.consistency_path(old, new, node))


def entry_proof(subject_ids: Collection[UUID], entry_id: UUID) -> dict[str, Any] | None:
    """What proves an entry of these subjects to anybody, as JSON below 2 KB; None while it waits to be sealed.

    Raises NotFound, also for entries of others.
    """
    row = Entry.objects.filter(subject_id__in=subject_ids, id=entry_id).values_list(*SEALED_COLUMNS).first()
    if row is None:
        raise NotFound(code="unknown_entry")
    entry = sealable(row)
    leaf = Leaf.objects.filter(entry_id=entry_id).first()
    if leaf is None:
        return None
    note = newest_checkpoint()
    size = notes.read(note).size
    path = _path(lambda node: tree.inclusion_path(leaf.index, size, node))
    return {
        "kliento_proof": 1,
        "entry": entry.content(bytes(leaf.payload_hash)),
        "content": {"salt": (entry.salt or b"").hex(), "subject": str(entry.subject_id), "payload": entry.payload},
        "index": leaf.index,
        "size": size,
        "path": base64.b64encode(b"".join(path)).decode(),
        "checkpoint": note,
        "key": verifier_key(),
    }


def edge(size: int) -> dict[tiles.Place, bytes]:
    """The partial tiles at the right edge of so many leaves. One statement."""
    return tiles_at(tiles.edge_of(size))


def signing_key() -> Ed25519PrivateKey:
    """The key of the log's checkpoints, from the keyring; made when the log begins."""
    return Ed25519PrivateKey.from_private_bytes(settings.KEYRING.made("log-signing"))


def verifier_key() -> str:
    """The public key of the newest checkpoint in one line, as C2SP writes it."""
    return notes.verifier_key(newest_origin(), signing_key().public_key())


def _path(ask: Callable[[Nodes], list[bytes]]) -> list[bytes]:
    return ask(tiles.nodes_in(tiles_at(tiles.needed(ask))))


def tiles_at(places: Collection[tiles.Place]) -> dict[tiles.Place, bytes]:
    """These tiles, as far as they are there. One statement."""
    if not places:
        return {}
    wanted = reduce(or_, (Q(level=level, index=index) for level, index in places))
    rows = Tile.objects.filter(wanted).values_list("level", "index", "hashes")
    return {(level, index): bytes(hashes) for level, index, hashes in rows}
