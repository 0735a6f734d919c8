"""Sealing: everything is sealed once, nothing is skipped, and it costs the same however much there is."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.actions import cover_subject, erase_person, record, sealing
from kliento.domain.activity.actions.publishing import checkpoints_folder
from kliento.domain.activity.actions.sealing import begin_epoch
from kliento.domain.activity.models import Entry, Epoch, Erased, Leaf, Tile
from kliento.domain.activity.queries.proving import (
    consistency_proof,
    entry_proof,
    newest_checkpoint,
    signing_key,
    verifier_key,
)
from kliento.domain.activity.queries.sealed import notice_entry_id
from kliento.domain.activity.rules import NewEntry, notes, tree
from kliento.domain.activity.rules.leaves import ERASED_UNSEEN
from kliento.domain.outbox.actions import run_due
from kliento.kernel.errors import NotFound
from kliento.kernel.ids import new_id
from tests.domain.activity import plainly
from tests.domain.activity.test_recording import at_once
from tests.sealed import seal, wait_for_others

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def recorded(subject_id: UUID, count: int = 1) -> list[UUID]:
    with transaction.atomic():
        return record([NewEntry(subject_id, "data_downloaded", AT, payload={"n": n}) for n in range(count)])


def erased(subject_id: UUID) -> None:
    with transaction.atomic():
        cover_subject(subject_id, at=AT)
    erase_person(subject_id, at=AT)


def sealed_ids() -> list[UUID]:
    return list(Leaf.objects.order_by("index").values_list("entry_id", flat=True))


def newest() -> notes.Checkpoint:
    return notes.opened(newest_checkpoint(), signing_key().public_key())


def leaves() -> list[bytes]:
    return [bytes(leaf) for leaf in Leaf.objects.order_by("index").values_list("hash", flat=True)]


def published() -> list[notes.Checkpoint]:
    [file] = checkpoints_folder().iterdir()
    return [notes.read(note) for note in notes.notes_in(file.read_text())]


def test_everything_is_sealed_once_in_its_order(db):
    first = recorded(new_id(), 3)
    assert seal(at=AT) == 5
    second = recorded(new_id(), 300)
    assert seal(at=AT) == 300
    assert seal(at=AT) == 0
    [epoch] = Epoch.objects.all()
    assert sealed_ids() == [*first, epoch.entry_id, notice_entry_id(1), *second]
    assert newest() == notes.Checkpoint(epoch.origin, 305, plainly.root(leaves()))


def test_a_batch_costs_the_same_whatever_it_holds(db):
    recorded(new_id(), 2)
    seal(at=AT)
    counts = []
    for count in (1, 700):
        recorded(new_id(), count)
        wait_for_others()
        with CaptureQueriesContext(connection) as captured:
            assert sealing.seal(at=AT) == count
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_more_than_a_batch_is_sealed_at_once(db):
    recorded(new_id(), sealing.BATCH + 500)
    assert seal(at=AT) == sealing.BATCH + 502
    assert newest().root == plainly.root(leaves())


def test_sealing_is_done_by_itself_within_the_minute(db):
    begin_epoch(at=AT)
    recorded(new_id())
    wait_for_others()
    assert "activity.seal" in run_due(at=AT)
    recorded(new_id())
    wait_for_others()
    assert "activity.seal" in run_due(at=AT + timedelta(seconds=40))
    assert Leaf.objects.count() == 4  # that the log began, and the notice in force, besides


def test_many_sealers_at_once_seal_everything_once(db):
    people = [new_id() for _ in range(4)]

    def turn(number: int) -> None:
        recorded(people[number % 4], 5)
        sealing.seal(at=AT)

    at_once(turn, range(12))
    seal(at=AT)
    assert Epoch.objects.count() == 1
    assert sorted(sealed_ids()) == sorted(Entry.objects.values_list("id", flat=True))
    assert newest().root == plainly.root(leaves())


def test_a_proof_fits_the_checkpoint(db):
    aino = new_id()
    identifiers = recorded(aino, 300)
    seal(at=AT)
    for entry_id in (identifiers[0], identifiers[255], identifiers[256], identifiers[299]):
        proof = entry_proof([aino], entry_id)
        leaf = tree.leaf_hash(plain(proof["entry"]))
        path = hashes_of(proof)
        assert tree.root_from_inclusion(proof["index"], proof["size"], leaf, path) == newest().root
        assert proof["checkpoint"] == newest_checkpoint()


def test_an_entry_that_is_not_sealed_yet_has_no_proof(db):
    aino = new_id()
    seal(at=AT)
    [entry_id] = recorded(aino)
    assert entry_proof([aino], entry_id) is None
    with pytest.raises(NotFound):
        entry_proof([new_id()], entry_id)


def test_the_log_proves_that_it_only_grew(db):
    seen = []
    for count in (1, 5, 250, 1, 44):
        recorded(new_id(), count)
        seal(at=AT)
        seen.append(newest())
    for old in seen:
        proof = consistency_proof(old.size, seen[-1].size)
        assert tree.is_consistent(old.size, seen[-1].size, old.root, seen[-1].root, proof)
    with pytest.raises(NotFound):
        consistency_proof(1, seen[-1].size + 1)


def test_checkpoints_are_kept_outside_the_database_too(db):
    recorded(new_id())
    seal(at=AT)
    recorded(new_id())
    seal(at=AT)
    seal(at=AT)
    assert [each.size for each in published()] == [3, 4]
    assert published()[-1] == newest()


def test_what_could_not_be_published_is_published_next_time(db):
    seal(at=AT)
    [file] = checkpoints_folder().iterdir()
    file.unlink()
    seal(at=AT)
    assert published() == [newest()]


def test_restoring_begins_an_epoch_that_goes_on_with_the_tree(db):
    aino = new_id()
    recorded(aino, 3)
    seal(at=AT)
    old = newest()
    left_over = recorded(aino, 2)
    origin = begin_epoch(at=AT)
    after = recorded(aino)
    seal(at=AT)
    assert newest().origin == origin != old.origin
    second = Epoch.objects.get(number=2)
    assert second.first_size == old.size
    assert sealed_ids()[old.size :] == [*left_over, second.entry_id, *after]
    assert tree.is_consistent(
        old.size, newest().size, old.root, newest().root, consistency_proof(old.size, newest().size)
    )
    assert verifier_key().startswith(f"{origin}+")


def test_erasing_leaves_leaves_alone_and_says_what_it_erased(db):
    aino, eino = new_id(), new_id()
    recorded(aino, 3)
    [other] = recorded(eino)
    seal(at=AT)
    before, root = leaves(), newest()
    erased(aino)
    seal(at=AT)
    assert leaves()[: len(before)] == before
    assert Erased.objects.count() == 3
    [erasure] = Entry.objects.filter(kind="entries_erased")
    assert set(Erased.objects.values_list("erasure_id", flat=True)) == {erasure.id}
    proof = entry_proof([eino], other)
    path = hashes_of(proof)
    assert (
        tree.root_from_inclusion(proof["index"], proof["size"], tree.leaf_hash(plain(proof["entry"])), path)
        == newest().root
    )
    assert newest() != root


def test_what_is_erased_before_it_is_sealed_is_sealed_without_its_content(db):
    seal(at=AT)
    recorded(aino := new_id())
    erased(aino)
    seal(at=AT)
    [leaf] = Leaf.objects.filter(entry_id__in=Erased.objects.values("entry_id"))
    assert bytes(leaf.payload_hash) == ERASED_UNSEEN


def test_nothing_of_the_seal_leaves_the_folder_an_operator_chose(db, settings, tmp_path: Path):
    settings.KLIENTO_CHECKPOINTS = str(tmp_path / "elsewhere")
    seal(at=AT)
    assert list((tmp_path / "elsewhere").iterdir())
    assert not (settings.KLIENTO_DATA / "checkpoints").exists()


def test_the_tiles_hold_the_tree(db):
    recorded(new_id(), 600)
    seal(at=AT)
    lowest = Tile.objects.filter(level=0).order_by("index").values_list("hashes", flat=True)
    assert b"".join(bytes(hashes) for hashes in lowest) == b"".join(leaves())


def hashes_of(proof: dict) -> list[bytes]:
    path = base64.b64decode(proof["path"])
    return [path[start : start + 32] for start in range(0, len(path), 32)]


def plain(content: dict) -> bytes:
    """Canonical JSON, for content without odd characters."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
