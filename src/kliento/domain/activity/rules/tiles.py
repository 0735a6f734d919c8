"""How the tree lies in the database: tiles of 256 hashes, as in C2SP tlog-tiles. Pure.

Tile (0, n) holds the hashes of leaves 256n to 256n + 255; tile (1, n) the roots of 256 tiles of level 0; and so on. A
tile at the right edge is partial and grows. So any hash of the tree is within one tile, a proof reads a few of them
whatever the size, and a batch of leaves changes only those at the edge.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from kliento.domain.activity.rules.tree import HASH_BYTES, node_hash, root_of

WIDTH = 256
_BITS = 8
Place = tuple[int, int]


class Growth:
    """A tree that takes leaves. Begins with the partial tiles at the right edge of one of `size` leaves.

    `changed` collects every tile that differs from then on; `take_changed` hands it over and begins anew.
    """

    def __init__(self, size: int = 0, edge: Mapping[Place, bytes] | None = None) -> None:
        self.size = size
        self.changed: dict[Place, bytes] = {}
        self._edge: dict[int, bytearray] = {}
        for place in edge_of(size):
            hashes = (edge or {}).get(place, b"")
            if len(hashes) != (size >> _BITS * place[0]) % WIDTH * HASH_BYTES:
                raise ValueError(f"Tile {place} does not fit a tree of {size} leaves.")
            self._edge[place[0]] = bytearray(hashes)

    def append(self, leaf: bytes) -> None:
        """One leaf more."""
        self.size += 1
        level, found = 0, leaf
        while True:
            held = self._edge.setdefault(level, bytearray())
            held += found
            index = ((self.size >> _BITS * level) - 1) // WIDTH
            self.changed[level, index] = b""  # filled in when it is taken; most leaves share their tile with the next
            if len(held) < WIDTH * HASH_BYTES:
                return
            self.changed[level, index] = bytes(held)
            found = _root(held)
            held.clear()
            level += 1

    def take_changed(self) -> dict[Place, bytes]:
        """The tiles that changed since the last time, whole."""
        taken = {place: hashes or bytes(self._edge[place[0]]) for place, hashes in self.changed.items()}
        self.changed = {}
        return taken

    def take_complete(self) -> dict[Place, bytes]:
        """Of the tiles that changed those that will not change again."""
        taken = {place: hashes for place, hashes in self.changed.items() if hashes}
        self.changed = {place: b"" for place in self.changed if place not in taken}
        return taken

    def root(self) -> bytes:
        """The root of the tree as it is."""
        return root_of(self.size, self._node)

    def _node(self, level: int, index: int) -> bytes:
        (tile_level, _), first, count = _within(level, index)
        return _root(self._edge[tile_level][first * HASH_BYTES : (first + count) * HASH_BYTES])


def edge_of(size: int) -> list[Place]:
    """The partial tiles at the right edge of a tree of so many leaves."""
    return [
        (level, (size >> _BITS * level) // WIDTH)
        for level in range(-(-size.bit_length() // _BITS))
        if (size >> _BITS * level) % WIDTH
    ]


def tiles_in(size: int) -> dict[int, int]:
    """How many tiles, the partial one included, each level of a tree of so many leaves has."""
    counts: dict[int, int] = {}
    while (held := size >> _BITS * len(counts)) > 0:
        counts[len(counts)] = -(-held // WIDTH)
    return counts


def needed(ask: Callable[[Callable[[int, int], bytes]], object]) -> set[Place]:
    """Which tiles `ask(node)` reads: it is run once with hashes that mean nothing."""
    places: set[Place] = set()

    def note(level: int, index: int) -> bytes:
        places.add(_within(level, index)[0])
        return bytes(HASH_BYTES)

    ask(note)
    return places


def nodes_in(tiles: Mapping[Place, bytes]) -> Callable[[int, int], bytes]:
    """The hashes of complete subtrees, read from these tiles. Asking for one that is not there raises LookupError."""

    def node(level: int, index: int) -> bytes:
        place, first, count = _within(level, index)
        hashes = tiles[place][first * HASH_BYTES : (first + count) * HASH_BYTES]
        if len(hashes) != count * HASH_BYTES:
            raise LookupError(f"Tile {place} is not as full as it should be.")
        return _root(hashes)

    return node


def _within(level: int, index: int) -> tuple[Place, int, int]:
    """Which tile holds a subtree's hashes, from where on, and how many they are."""
    tile_level, rest = divmod(level, _BITS)
    first = index << rest
    return (tile_level, first // WIDTH), first % WIDTH, 1 << rest


def _root(hashes: bytes | bytearray) -> bytes:
    """The root over a power of two of hashes."""
    level = [bytes(each) for each in _cut(hashes)]
    while len(level) > 1:
        level = [node_hash(left, right) for left, right in _pairs(level)]
    return level[0]


def _cut(hashes: bytes | bytearray) -> Iterator[bytes | bytearray]:
    return (hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES))


def _pairs(level: list[bytes]) -> Iterable[tuple[bytes, bytes]]:
    return zip(level[::2], level[1::2], strict=True)
