"""The Merkle tree of RFC 6962: hashes, roots, proofs, and how a proof is checked. Pure.

A proof is made from the hashes of complete subtrees: `node(level, index)` answers with the one over the leaves from
`index << level` to `(index + 1) << level`. Where those lie is not this module's business (see `tiles`).
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

Nodes = Callable[[int, int], bytes]

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: never that of a node, whatever the data (RFC 6962, 2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def root_of(size: int, node: Nodes) -> bytes:
    """The hash of the first `size` leaves."""
    return _of_range(0, size, node) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, node: Nodes) -> list[bytes]:
    """What proves that leaf `index` is among the first `size`, from the leaf upwards. Raises ValueError outside."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} among {size}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_of_range(middle, end, node))
            end = middle
        else:
            path.append(_of_range(start, middle, node))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, node: Nodes) -> list[bytes]:
    """What proves that the first `old` leaves begin the first `new`. Raises ValueError unless 0 <= old <= new."""
    if not 0 <= old <= new:
        raise ValueError(f"{old} leaves cannot begin {new}.")
    if old in {0, new}:
        return []
    path: list[bytes] = []
    start, end, is_whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_of_range(middle, end, node))
            end = middle
        else:
            path.append(_of_range(start, middle, node))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_of_range(start, end, node))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that this path leads to; None where it has not the length it must have (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the tree of `old` leaves begins the one of `new` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new or old == 0:
        expected = EMPTY_ROOT if old == 0 else new_root
        return not path and old_root == expected and (new > 0 or new_root == EMPTY_ROOT)
    hashes = list(path)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    of_old = of_new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            of_old, of_new = node_hash(sibling, of_old), node_hash(sibling, of_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            of_new = node_hash(of_new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and of_old == old_root and of_new == new_root


def _of_range(start: int, end: int, node: Nodes) -> bytes:
    """The hash over these leaves, which begin where a subtree does."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_of_range(start, middle, node), _of_range(middle, end, node))


def _split(size: int) -> int:
    """The greatest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1
