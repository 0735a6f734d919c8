"""Checking the whole log against its seal, and the seal against what witnesses saw. Linear, in batches, memory flat but
for the list of what witnesses kept.

`walking` follows the leaves from the first to the last, and `published` beside it what lies outside the database;
`standing` looks at what is not a leaf: epochs, notices, checkpoints, entries without a leaf, lists of what was erased,
numbers. Nothing is locked: the log may go on meanwhile.

`rows` looks at rows of other packages (a consent's event) whose hash an entry carries: what they are, whose, that none
is without its entry, and what is derived from them (how a consent stands, which the gate obeys).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from kliento.domain.activity.models import Checkpoint, Epoch
from kliento.domain.activity.queries.proving import signing_key
from kliento.domain.activity.queries.verifying.findings import Finding
from kliento.domain.activity.queries.verifying.published import Published
from kliento.domain.activity.queries.verifying.rows import entries_owed
from kliento.domain.activity.queries.verifying.standing import (
    checked_checkpoints,
    checked_epochs,
    checked_erasures,
    checked_notices,
    entries_without_leaf,
    gaps_in_numbers,
)
from kliento.domain.activity.queries.verifying.walking import Walk
from kliento.domain.activity.rules import notes

__all__ = ["Finding", "find_tampering"]


def find_tampering(
    witnessed: Sequence[str], *, published: Iterable[str] = (), progress: Callable[[int, int], None]
) -> Iterator[Finding]:
    """Everything that is not as it was sealed, or not as these checkpoints saw it; nothing when all is well.

    `published` are those of this service itself, the smaller sizes first, and none that is younger than this call:
    they are taken one by one, and those of earlier epochs hold too. `progress` is told how many leaves are done and
    how many there are. Raises NotACheckpoint for what does not read as one.
    """
    epochs = list(Epoch.objects.order_by("number"))
    checkpoints = list(Checkpoint.objects.order_by("epoch"))
    witnesses = [notes.read(note) for note in witnessed]
    yield from checked_epochs(epochs)
    yield from checked_notices()
    if not checkpoints:
        yield Finding("no_checkpoint", "the log", "there is no checkpoint of its own")
    beside = Published(published, epochs)
    walk = Walk(
        size=checkpoints[-1].size if checkpoints else 0,
        stops={each.size for each in checkpoints} | {each.size for each in witnesses},
        published=beside,
        progress=progress,
    )
    yield from walk.findings()
    yield from beside.left(walk.size)
    yield from checked_checkpoints(epochs, checkpoints, walk)
    yield from _compared(witnessed, epochs, walk)
    yield from entries_without_leaf(epochs, checkpoints)
    yield from entries_owed()
    yield from checked_erasures()
    yield from gaps_in_numbers()


def _compared(witnessed: Sequence[str], epochs: Sequence[Epoch], walk: Walk) -> Iterator[Finding]:
    """What does not fit what witnesses saw; the smaller sizes first, so that the place is as narrow as they allow."""
    known = {epoch.origin: epoch for epoch in epochs}
    public, stood = signing_key().public_key(), 0
    for seen, note in sorted(((notes.read(note), note) for note in witnessed), key=lambda pair: pair[0].size):
        place = f"checkpoint of {seen.size} entries, {seen.origin}"
        try:
            notes.opened(note, public)
        except notes.NotACheckpoint:
            yield Finding("foreign_checkpoint", place, "it is not signed by this log's key")
            continue
        epoch = known.get(seen.origin)
        if epoch is None or epoch is not epochs[-1]:
            yield _of_another_epoch(place, seen, epoch, epochs)
        elif seen.size > walk.size:
            yield Finding("rolled_back", place, f"the log has {walk.size} entries: {seen.size - walk.size} are gone")
        elif walk.roots.get(seen.size) != seen.root:
            yield Finding("rewritten", place, f"entries {stood} to {seen.size - 1} are not those the witness saw")
        else:
            stood = seen.size


def _of_another_epoch(place: str, seen: notes.Checkpoint, epoch: Epoch | None, epochs: Sequence[Epoch]) -> Finding:
    if epoch is None:
        return Finding("another_epoch", place, "it is of another log, or of an epoch this log does not know")
    following = epochs[epoch.number].first_size if epoch.number < len(epochs) else seen.size
    lost = max(0, seen.size - following)
    return Finding(
        "another_epoch",
        place,
        f"it is of epoch {epoch.number}; the log began anew with {following} of its entries"
        + (f", so {lost} the witness saw are gone" if lost else ""),
    )
