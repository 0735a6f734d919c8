"""From the first leaf to the last: does each fit its entry, and do they make the tree that is stored?"""

from collections.abc import Callable, Collection, Iterator, Mapping
from uuid import UUID

from django.db.models import Count, Max, Min

from kliento.domain.activity.models import Checkpoint, Entry, Erased, Leaf, Tile
from kliento.domain.activity.queries.proving import tiles_at
from kliento.domain.activity.queries.sealed import SEALED_COLUMNS, sealable
from kliento.domain.activity.queries.verifying.findings import Finding
from kliento.domain.activity.queries.verifying.published import Published
from kliento.domain.activity.queries.verifying.rows import checked_rows
from kliento.domain.activity.rules import tiles
from kliento.domain.activity.rules.leaves import Sealable
from kliento.kernel.rows import Among

BATCH = 2048
_Row = tuple[int, UUID, bytes | memoryview, bytes | memoryview]


class Walk:
    """Follows the first `size` leaves. Afterwards: the root at each of the `stops`, and where sealing stood there."""

    def __init__(
        self, *, size: int, stops: set[int], published: Published, progress: Callable[[int, int], None]
    ) -> None:
        self.size = size
        self.roots: dict[int, bytes] = {}
        self.cursors: dict[int, tuple[int, int]] = {}
        self._stops = stops
        self._published = published
        self._progress = progress
        self._growth = tiles.Growth()
        self._last = (0, 0)

    def findings(self) -> Iterator[Finding]:
        """What is wrong on the way."""
        yield from self._noted()
        for start in range(0, self.size, BATCH):
            yield from self._batch(start, min(start + BATCH, self.size))
            self._progress(self._growth.size, self.size)
        yield from self._edge()

    def _batch(self, start: int, end: int) -> Iterator[Finding]:
        stored = Leaf.objects.filter(index__gte=start, index__lt=end)
        rows = {row[0]: row for row in stored.values_list("index", "entry_id", "payload_hash", "hash")}
        ids = [row[1] for row in rows.values()]
        entries = {
            row[1]: sealable(row) for row in Entry.objects.filter(id__in=Among(ids)).values_list(*SEALED_COLUMNS)
        }
        erased = [entry.id for entry in entries.values() if entry.is_erased]
        listed = set(Erased.objects.filter(entry_id__in=Among(erased)).values_list("entry_id", flat=True))
        for index in range(start, end):
            row = rows.get(index)
            if row is None:
                yield Finding("leaf_removed", f"leaf {index}", "it is not there")
            else:
                yield from _judged(row, entries.get(row[1]), listed)
                if (entry := entries.get(row[1])) is not None:
                    self._last = (entry.xid, entry.seq)
            self._growth.append(bytes(row[3]) if row and len(row[3]) == 32 else bytes(32))
            yield from self._noted()
        yield from checked_rows(entries.values())
        yield from _differing(self._growth.take_complete())

    def _noted(self) -> Iterator[Finding]:
        size = self._growth.size
        if size in self._stops:
            self.roots[size] = self._growth.root()
            self.cursors[size] = self._last
        if self._published.is_due(size):
            yield from self._published.compared(size, self._growth.root())

    def _edge(self) -> Iterator[Finding]:
        """What stands at the right edge and beyond it; what moves there when the log goes on meanwhile is left out."""
        ends = Leaf.objects.aggregate(first=Min("index"), last=Max("index"))
        size_now = Checkpoint.objects.order_by("-epoch").values_list("size", flat=True).first() or 0
        if ends["last"] is not None and ends["last"] >= size_now:
            yield Finding("leaf_inserted", f"leaf {ends['last']}", f"the log says that it has {size_now} entries")
        if ends["first"] is not None and ends["first"] < 0:
            yield Finding("leaf_inserted", f"leaf {ends['first']}", "there is no such place")
        if size_now == self.size:
            yield from _differing(self._growth.take_changed())
            yield from self._tiles_beyond()

    def _tiles_beyond(self) -> Iterator[Finding]:
        expected = tiles.tiles_in(self.size)
        for level, count, last in Tile.objects.values_list("level").annotate(count=Count("index"), last=Max("index")):
            if count > expected.get(level, 0) or last >= expected.get(level, 0):
                yield Finding("tile_inserted", f"tile {level}/{last}", "the tree has no such place")


def _judged(row: _Row, entry: Sealable | None, listed: Collection[UUID]) -> Iterator[Finding]:
    """Whether a leaf and its entry say the same."""
    index, entry_id, payload_hash, leaf = row[0], row[1], bytes(row[2]), bytes(row[3])
    place = f"leaf {index}, entry {entry_id}"
    if entry is None:
        yield Finding("entry_removed", place, "the log has no such entry")
        return
    if entry.leaf(payload_hash) != leaf:
        yield Finding("entry_changed", place, "the entry is not what was sealed")
    if not entry.is_erased:
        if entry.payload_hash() != payload_hash:
            yield Finding("content_changed", place, "subject, payload or salt is not what was sealed")
    elif entry_id not in listed:
        yield Finding("erased_unlisted", place, "it was erased, and no sealed entry says so")
    elif entry.subject_id is not None or entry.payload is not None:
        yield Finding("half_erased", place, "it is listed as erased, but subject or payload is there")


def _differing(computed: Mapping[tiles.Place, bytes]) -> Iterator[Finding]:
    stored = tiles_at(computed)
    for (level, index), hashes in sorted(computed.items()):
        held = stored.get((level, index))
        if held != hashes:
            what = "it is not there" if held is None else "it is not what the leaves make"
            yield Finding("tile_changed", f"tile {level}/{index}", what)
