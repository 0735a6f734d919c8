"""What is not a leaf: epochs, notices, checkpoints, entries without a leaf, lists of what was erased, numbers."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, zip_longest
from operator import itemgetter
from typing import Protocol
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery

from kliento.domain.activity.models import Checkpoint, Counter, Cover, Entry, Epoch, Erased, Leaf
from kliento.domain.activity.queries.proving import signing_key
from kliento.domain.activity.queries.sealed import epoch_digest, notice_digest
from kliento.domain.activity.queries.verifying.findings import Finding
from kliento.domain.activity.rules import notes
from kliento.domain.activity.rules.leaves import digest_of_erased
from kliento.domain.policy.queries import notice_rows

_CHUNK = 500


class Walked(Protocol):
    """What a walk along the leaves remembers of some sizes."""

    roots: dict[int, bytes]
    cursors: dict[int, tuple[int, int]]


def checked_epochs(epochs: Sequence[Epoch]) -> Iterator[Finding]:
    """Each epoch is what its sealed entry says, and none is left out."""
    entries = Entry.objects.filter(kind="log_begun").in_bulk([epoch.entry_id for epoch in epochs], field_name="id")
    for expected, epoch in enumerate(epochs, start=1):
        entry = entries.get(epoch.entry_id)
        if epoch.number != expected:
            yield Finding("epoch_removed", f"epoch {expected}", "it is not there")
        elif entry is None or entry.fields != [epoch_digest(epoch)]:
            yield Finding("epoch_changed", f"epoch {epoch.number}", "it is not what its entry says")
    begun = Entry.objects.filter(kind="log_begun").exclude(id__in=[epoch.entry_id for epoch in epochs])
    for entry_id in begun.values_list("id", flat=True):
        yield Finding("epoch_removed", f"entry {entry_id}", "it begins an epoch that is not there")


def checked_notices() -> Iterator[Finding]:
    """Each published notice is what its sealed entry says; one after the last that was entered waits for the sealer."""
    sealed = {
        entry_id.int: fields
        for entry_id, fields in Entry.objects.filter(kind="notice_published").values_list("id", "fields")
    }
    last, there = max(sealed, default=0), set()
    for row in notice_rows():
        number = row["number"]
        there.add(number)
        if number <= last and sealed.get(number) != [notice_digest(row)]:
            yield Finding("notice_changed", f"notice {number}", "it is not what its entry says")
    for number in sorted(sealed.keys() - there):
        yield Finding("notice_removed", f"notice {number}", "it is not there")


def checked_checkpoints(
    epochs: Sequence[Epoch], checkpoints: Sequence[Checkpoint], walked: Walked
) -> Iterator[Finding]:
    """Each epoch's last checkpoint is signed, is of that epoch, and says what the leaves say."""
    by_epoch = {checkpoint.epoch: checkpoint for checkpoint in checkpoints}
    for number in sorted({epoch.number for epoch in epochs} ^ by_epoch.keys()):
        yield Finding("checkpoint_changed", f"checkpoint of epoch {number}", "epoch or checkpoint is not there")
    public = signing_key().public_key()
    for epoch, following in zip_longest(epochs, epochs[1:]):
        if (checkpoint := by_epoch.get(epoch.number)) is None:
            continue
        place = f"checkpoint of epoch {epoch.number}"
        try:
            says = notes.opened(checkpoint.note, public)
        except notes.NotACheckpoint:
            yield Finding("checkpoint_changed", place, "it is not signed by this log's key")
            continue
        if (says.origin, says.size) != (epoch.origin, checkpoint.size):
            yield Finding("checkpoint_changed", place, "its note says another epoch or size than its row")
        if following is not None and following.first_size != checkpoint.size:
            yield Finding("checkpoint_changed", place, "the next epoch began with another size")
        if walked.roots.get(checkpoint.size) != says.root:
            yield Finding("rewritten", place, f"the first {says.size} entries are not those it was signed for")
        if _cursor(checkpoint, epoch, walked) != (checkpoint.last_xid, checkpoint.last_seq):
            yield Finding("checkpoint_changed", place, "it says wrongly up to where the log is sealed")


def _cursor(checkpoint: Checkpoint, epoch: Epoch, walked: Walked) -> tuple[int, int]:
    """Where sealing went on from there: at the last leaf, or where the epoch began while that is older."""
    last = walked.cursors.get(checkpoint.size, (0, 0))
    is_of_epoch = checkpoint.size > epoch.first_size and last[1] > epoch.floor_seq
    return last if is_of_epoch else (epoch.floor_xid, epoch.floor_seq)


def entries_without_leaf(epochs: Sequence[Epoch], checkpoints: Sequence[Checkpoint]) -> Iterator[Finding]:
    """What stands behind the point up to which everything is sealed, and is not: it was put there afterwards."""
    if not (epochs and checkpoints):
        return
    last, floor = checkpoints[-1], epochs[-1]
    behind = Q(seq__lte=floor.floor_seq) | Q(xid__lt=last.last_xid) | Q(xid=last.last_xid, seq__lte=last.last_seq)
    if last.last_seq <= floor.floor_seq:
        behind = Q(pk__in=[])  # what a restored copy left over is about to be sealed
    without_leaf = ~Exists(Leaf.objects.filter(entry_id=OuterRef("id")))
    for entry_id, seq in Entry.objects.filter(behind, without_leaf).values_list("id", "seq").iterator():
        yield Finding("entry_inserted", f"entry {entry_id}, seq {seq}", "it stands among sealed ones without a seal")


def checked_erasures() -> Iterator[Finding]:
    """Each list of what was erased is what its entry says, and each entry has its list."""
    rows = Erased.objects.order_by("erasure_id", "entry_id").values_list("erasure_id", "entry_id")
    lists = groupby(rows.iterator(chunk_size=2000), key=itemgetter(0))
    digests = ((erasure_id, _digest(group)) for erasure_id, group in lists)
    for chunk in _chunks(digests):
        entries = Entry.objects.filter(kind="entries_erased").in_bulk(list(chunk), field_name="id")
        for erasure_id, says in chunk.items():
            entry = entries.get(erasure_id)
            if entry is None or entry.fields != says:
                yield Finding("erasure_changed", f"erasure {erasure_id}", "its list is not what its entry says")
    without_list = ~Exists(Erased.objects.filter(erasure_id=OuterRef("id")))
    for entry_id in Entry.objects.filter(without_list, kind="entries_erased").values_list("id", flat=True).iterator():
        yield Finding("erasure_changed", f"erasure {entry_id}", "its list is not there")


def gaps_in_numbers() -> Iterator[Finding]:
    """A subject's entries are numbered from one on without gaps; not asked of whoever is being, or was, erased."""
    uncovered = ~Exists(Cover.objects.filter(subject_id=OuterRef("subject_id")))
    kept = Entry.objects.filter(uncovered, subject_id__isnull=False)
    counted = kept.values("subject_id").annotate(count=Count("seq"), low=Min("number"), top=Max("number"))
    for subject in counted.exclude(low=1, top=F("count")).order_by().iterator():
        missing = _first_missing(subject["subject_id"])
        yield Finding("number_missing", f"subject {subject['subject_id']}", f"entry number {missing} is not there")
    highest = Subquery(Entry.objects.filter(subject_id=OuterRef("subject_id")).order_by("-number").values("number")[:1])
    counters = Counter.objects.filter(uncovered)
    behind = counters.annotate(highest=highest).exclude(highest=F("last_number"))
    for subject_id, last in behind.values_list("subject_id", "last_number").iterator():
        yield Finding("number_missing", f"subject {subject_id}", f"entry number {last} is not the last one")


def _first_missing(subject_id: UUID | None) -> int:
    numbers = Entry.objects.filter(subject_id=subject_id).order_by("number").values_list("number", flat=True)
    return next((want for want, number in enumerate(numbers.iterator(), start=1) if number != want), 0)


def _digest(group: Iterable[tuple[UUID, UUID]]) -> list[str]:
    ids = [entry_id for _, entry_id in group]
    return [digest_of_erased(ids), str(len(ids))]


def _chunks(digests: Iterator[tuple[UUID, list[str]]]) -> Iterator[dict[UUID, list[str]]]:
    while chunk := dict(islice(digests, _CHUNK)):
        yield chunk
