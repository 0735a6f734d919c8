"""The log's public addresses: a checkpoint, its key, and the proof that it only grew."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.actions import record
from kliento.domain.activity.actions.sealing import begin_epoch
from kliento.domain.activity.rules import NewEntry, notes, tree
from kliento.kernel.ids import new_id
from tests.sealed import seal

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def grown(count: int) -> notes.Checkpoint:
    with transaction.atomic():
        record([NewEntry(new_id(), "data_downloaded", AT) for _ in range(count)])
    seal(at=AT)
    return notes.read(Client().get("/log/checkpoint").content.decode())


def test_anybody_can_follow_the_log(db):
    old, new = grown(20), grown(600)
    name, _, encoded = Client().get("/log/key").content.decode().strip().split("+", 2)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])
    assert name == new.origin
    assert notes.opened(Client().get("/log/checkpoint").content.decode(), key) == new
    epoch = new.origin.rpartition("/")[2]
    answer = Client().get(f"/log/{epoch}/consistency/{old.size}/{new.size}")
    path = [bytes.fromhex(each) for each in answer.json()["path"]]
    assert tree.is_consistent(old.size, new.size, old.root, new.root, path)
    assert "immutable" in answer["Cache-Control"]
    assert "public" in Client().get("/log/checkpoint")["Cache-Control"]


@pytest.mark.parametrize("sizes", ["1/9999", "5/3", "9999/9999"])
def test_what_the_log_has_not_is_not_found(db, sizes):
    epoch = grown(5).origin.rpartition("/")[2]
    assert Client().get(f"/log/{epoch}/consistency/{sizes}").status_code == 404
    assert Client().get("/log/1-00000000/consistency/1/2").status_code == 404


def test_before_anything_is_sealed_there_is_nothing(db):
    assert Client().get("/log/checkpoint").status_code == 404
    assert Client().get("/log/key").status_code == 404


def test_the_epoch_before_proves_nothing_more(db):
    epoch = grown(5).origin.rpartition("/")[2]
    begin_epoch(at=AT)
    assert Client().get(f"/log/{epoch}/consistency/1/2").status_code == 404


def test_a_proof_costs_a_handful_of_statements(db):
    new = grown(1000)
    epoch = new.origin.rpartition("/")[2]
    with CaptureQueriesContext(connection) as captured:
        Client().get(f"/log/{epoch}/consistency/300/{new.size}")
    assert len(captured) <= 4
