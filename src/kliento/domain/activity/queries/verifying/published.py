"""What lies outside the database, beside the leaves as they are walked along: every checkpoint of every epoch."""

from collections.abc import Iterable, Iterator, Sequence

from kliento.domain.activity.models import Epoch
from kliento.domain.activity.queries.proving import signing_key
from kliento.domain.activity.queries.verifying.findings import Finding
from kliento.domain.activity.rules import notes


class Published:
    """Takes one checkpoint after another, the smaller sizes first, and keeps none but the last.

    Those of an earlier epoch hold up to where the next one began, for the tree goes on. What an epoch was published
    with beyond that was lost when it ended, and is said once.
    """

    def __init__(self, published: Iterable[str], epochs: Sequence[Epoch]) -> None:
        following = [epoch.first_size for epoch in epochs[1:]]
        ends = [*following, None] if epochs else []
        self._ends = dict(zip((epoch.origin for epoch in epochs), ends, strict=True))
        self._public = signing_key().public_key()
        self._notes = iter(published)
        self._beyond: dict[str, int] = {}
        self._unknown: set[str] = set()
        self._stood = 0
        self._take()

    def is_due(self, size: int) -> bool:
        """Whether a checkpoint of so many entries, or of fewer, is waiting."""
        return self._next is not None and self._next[0].size <= size

    def compared(self, size: int, root: bytes) -> Iterator[Finding]:
        """What those that wait say otherwise than the log, whose first `size` leaves have this root."""
        while self._next is not None and self._next[0].size <= size:
            seen, note = self._next
            if seen.size < size:
                yield Finding("out_of_order", _place(seen.size, seen.origin), "it stands behind one that says more")
            else:
                yield from self._judged(seen, note, root)
            self._take()

    def left(self, size: int) -> Iterator[Finding]:
        """What says more than the log, which ends with `size` entries."""
        while self._next is not None:
            yield from self._judged(*self._next, None)
            self._take()
        for origin, seen in self._beyond.items():
            end = self._ends[origin]
            what = f"the log has {size} entries" if end is None else f"the log began anew with {end} of them"
            gone = seen - (size if end is None else end)
            yield Finding("rolled_back", _place(seen, origin), f"{what}: {gone} that were published are gone")

    def _judged(self, seen: notes.Checkpoint, note: str, root: bytes | None) -> Iterator[Finding]:
        place = _place(seen.size, seen.origin)
        try:
            notes.opened(note, self._public)
        except notes.NotACheckpoint:
            yield Finding("foreign_checkpoint", place, "it is not signed by this log's key")
            return
        if seen.origin not in self._ends:
            if seen.origin not in self._unknown:
                self._unknown.add(seen.origin)
                yield Finding("another_epoch", place, "it is of another log, or of an epoch this log does not know")
            return
        end = self._ends[seen.origin]
        if root is None or (end is not None and seen.size > end):
            self._beyond[seen.origin] = max(seen.size, self._beyond.get(seen.origin, 0))
        elif root != seen.root:
            yield Finding("rewritten", place, f"entries {self._stood} to {seen.size - 1} are not those it says")
        else:
            self._stood = seen.size

    def _take(self) -> None:
        note = next(self._notes, None)
        self._next = None if note is None else (notes.read(note), note)


def _place(size: int, origin: str) -> str:
    return f"published checkpoint of {size} entries, {origin}"
