"""`kliento activity`: its status can be trusted, and it names the place."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from kliento.domain.activity.actions import record
from kliento.domain.activity.models import Leaf
from kliento.domain.activity.queries.proving import newest_checkpoint
from kliento.domain.activity.rules import NewEntry
from kliento.kernel.ids import new_id
from tests.interfaces.commands.test_entry import kliento
from tests.sealed import seal

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def witnessed(db, tmp_path) -> Path:
    """What a witness kept, in a file."""
    with transaction.atomic():
        record([NewEntry(new_id(), "data_downloaded", AT) for _ in range(5)])
    seal(at=AT)
    file = tmp_path / "witness.txt"
    file.write_text(newest_checkpoint())
    return file


def status_of(*arguments: object) -> int:
    try:
        call_command("activity", *map(str, arguments))
    except CommandError as stopped:
        return stopped.returncode
    return 0


def test_all_is_well(witnessed, capsys):
    assert status_of("verify", "--checkpoint", witnessed) == 0
    assert "as 2 checkpoints outside the database say" in capsys.readouterr().out


def test_what_was_changed_is_named(witnessed, capsys):
    leaf = Leaf.objects.get(index=2)
    Leaf.objects.filter(index=2).update(hash=bytes(32))
    assert status_of("verify", "--checkpoint", witnessed) == 1
    assert f"leaf 2, entry {leaf.entry_id}" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "nothing of the kind\n", "kliento.example/log/1-0\n12\nnot base64\n\n— x y\n"])
def test_what_is_no_checkpoint_is_wrong_use(witnessed, content):
    witnessed.write_text(content)
    assert status_of("verify", "--checkpoint", witnessed) == 2
    assert status_of("verify", "--checkpoint", witnessed.with_name("missing")) == 2


def test_a_new_epoch_refuses_checkpoints_of_the_one_before(witnessed, capsys):
    assert status_of("restored") == 0
    assert status_of("verify") == 0
    assert status_of("verify", "--checkpoint", witnessed) == 1
    assert "it is of epoch 1; the log began anew with 7 of its entries" in capsys.readouterr().out


def test_nothing_sealed_is_not_all_well(db):
    assert status_of("verify") == 1


def test_the_program_answers_with_its_status(witnessed, db):
    asked = kliento("activity", "verify", "--checkpoint", str(witnessed), **db.environment)
    assert (asked.returncode, asked.stdout.count("All entries")) == (0, 1)
    assert kliento("activity", **db.environment).returncode == 2
