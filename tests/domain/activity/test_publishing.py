"""Checkpoints outside the database: what a crash or a full disk left of one is in nobody's way."""

from io import StringIO

import pytest
from django.core.management import call_command

from kliento.domain.activity.actions.publishing import checkpoints_folder, published_notes
from kliento.domain.activity.queries.proving import newest_checkpoint, signing_key
from kliento.domain.activity.rules import notes
from tests.sealed import seal
from tests.tampering import AT, entered, sealed_log


def sizes() -> list[int]:
    [file] = checkpoints_folder().iterdir()
    return [notes.read(note).size for note in notes.notes_in(file.read_text(errors="surrogateescape"))]


def verified() -> str:
    said = StringIO()
    call_command("activity", "verify", stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("length", [1, 30, 60, 92, 150, -2, -1])
def test_a_torn_checkpoint_is_cut_off_and_the_next_one_stands(db, length):
    log = sealed_log()
    [file] = checkpoints_folder().iterdir()
    before = file.read_bytes()
    entered(log.aino, 2)
    seal(at=AT)
    added = file.read_bytes()[len(before) :]
    torn = before + added[:length]
    stood = len(sizes()) - 1
    file.write_bytes(torn)
    assert len(sizes()) == stood + (length == -1)  # whole but for the empty line behind it
    assert "All entries are as they were sealed" in verified()
    for _ in range(2):
        entered(log.aino, 2)
        assert seal(at=AT) == 2
        assert "All entries are as they were sealed" in verified()
    assert file.read_bytes().startswith(before)
    assert sizes()[-1] == notes.read(newest_checkpoint()).size
    assert len(sizes()) == stood + 2 + (length == -1)
    assert file.read_bytes().count(b"/log/") == 2 * len(sizes())


def test_a_torn_first_checkpoint_is_cut_off_too(db):
    seal(at=AT)
    [file] = checkpoints_folder().iterdir()
    file.write_bytes(file.read_bytes()[:40] + b"\0" * 9000)
    seal(at=AT)
    assert file.read_text() == f"{newest_checkpoint()}\n"


@pytest.mark.parametrize("length", range(1, 200, 7))
def test_a_checkpoint_right_behind_a_torn_one_is_read(db, length):
    """As an older version added it."""
    seal(at=AT)
    note = newest_checkpoint()
    assert list(notes.notes_in(note[:length] + note + "\n")) == [note]
    assert list(notes.notes_in(note + "\n" + note[:length])) == [note]


def test_a_long_file_is_read_a_piece_at_a_time(db):
    """However a piece ends: within a note, within a letter, or within what a crash left."""
    seal(at=AT)
    [file] = checkpoints_folder().iterdir()
    origin = notes.read(newest_checkpoint()).origin
    many = [notes.Checkpoint(origin, size, bytes(32)).signed(signing_key()) for size in range(2, 900)]
    file.write_text("".join(f"{note}\n{note[: note_number % 190]}" for note_number, note in enumerate(many)))
    assert list(published_notes()) == many
