"""R-ACT-5: a person downloads the proof of an entry, and a program that stands alone checks it without the service."""

import base64
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries import entries_of
from kliento.domain.activity.queries.proving import newest_checkpoint
from kliento.interfaces.public import log
from kliento.kernel.actor import PersonActor
from kliento.kernel.ids import new_id
from tests.phone import phone_of
from tests.sealed import seal
from tests.tampering import AT, entered, left
from tests.world import aino, eino

VERIFIER = Path(log.__file__).with_name("kliento_verify.py")


@pytest.fixture
def me(db) -> PersonActor:
    return aino()


@pytest.fixture
def browser(me) -> Client:
    return phone_of(me)


@pytest.fixture(scope="module")
def verifier() -> ModuleType:
    """The program as it is downloaded, without anything of the product."""
    spec = importlib.util.spec_from_file_location("alone", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def proof(me, browser) -> dict[str, Any]:
    """Of an entry somewhere in the middle of a log."""
    entered(eino().person_id, 300)
    entered(me.person_id, 20, recipient_id=new_id(), purpose="identification", basis="contract", until=AT)
    seal(at=AT)
    return json.loads(downloaded(me, browser))


def downloaded(me: PersonActor, browser: Client, number: int = 5) -> bytes:
    entry = entries_of([me.person_id], limit=100)[number]
    page = browser.get(f"/me/activity/{entry.id}").content.decode()
    assert "This entry is sealed" in page
    answer = browser.get(re.search(rf"/me/activity/{entry.id}/proof", page)[0])
    assert answer["Content-Disposition"] == f'attachment; filename="kliento-proof-{entry.id}.json"'
    return answer.content


def run(file: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """By itself: no site-packages, no environment, no network."""
    return subprocess.run(
        [sys.executable, "-I", "-S", VERIFIER, file, *arguments], capture_output=True, text=True, env={}, check=False
    )


def test_a_downloaded_proof_holds_without_the_service(proof, browser, tmp_path):
    (file := tmp_path / "proof.json").write_text(json.dumps(proof))
    key = browser.get("/log/key").content.decode().strip()
    (kept := tmp_path / "kept.txt").write_text(newest_checkpoint())
    checked = run(file, "--key", key, "--checkpoint", str(kept))
    assert (checked.returncode, checked.stdout[:7]) == (0, "PROVEN."), checked
    assert proof["entry"]["id"] in checked.stdout
    assert key in run(file).stdout


def test_the_service_hands_out_the_very_program(db):
    assert Client().get("/log/verify.py").content == VERIFIER.read_bytes()


def test_a_proof_is_small(proof):
    grown = (20 - len(base64.b64decode(proof["path"])) // 32) * 32 * 4 / 3 + 4 * 5  # among a million, more digits
    assert len(json.dumps(proof, separators=(",", ":")).encode()) + grown < 2048


def leaves_of(value: Any, *path: str) -> list[tuple[str, ...]]:
    if isinstance(value, dict):
        return [leaf for name, each in value.items() for leaf in leaves_of(each, *path, name)]
    return [path]


def test_a_proof_with_anything_changed_is_refused(proof, verifier):
    assert verifier.check(proof)
    changed = 0
    for path in leaves_of(proof):
        for value in ("x", None, 7, 0, [], {}):
            forged = json.loads(json.dumps(proof))
            place = forged
            for name in path[:-1]:
                place = place[name]
            if place[path[-1]] == value:
                continue
            place[path[-1]] = value
            with pytest.raises(verifier.Refused):
                verifier.check(forged)
            changed += 1
    assert changed > 100


def test_a_proof_with_anything_left_out_is_refused(proof, verifier):
    for name in proof:
        with pytest.raises(verifier.Refused):
            verifier.check({key: value for key, value in proof.items() if key != name})
    for nothing in (None, [], "x", 3, {}):
        with pytest.raises(verifier.Refused):
            verifier.check(nothing)


def test_every_character_of_the_checkpoint_counts(proof, verifier):
    note = proof["checkpoint"]
    for place in range(0, len(note), 7):
        other = "A" if note[place] != "A" else "B"
        with pytest.raises(verifier.Refused):
            verifier.check(proof | {"checkpoint": note[:place] + other + note[place + 1 :]})


def test_a_proof_signed_by_another_key_is_refused(proof, verifier, settings, browser, me):
    settings.KEYRING.destroy("log-signing")
    entered(me.person_id, 1)
    seal(at=AT)
    other = json.loads(downloaded(me, browser))
    assert verifier.check(other)
    with pytest.raises(verifier.Refused, match=r"not signed by this key"):
        verifier.check(other, key=proof["key"])


def test_a_checkpoint_one_kept_must_be_the_same(proof, verifier, me):
    kept = newest_checkpoint()
    assert verifier.check(proof, kept=kept)
    entered(me.person_id)
    seal(at=AT)
    with pytest.raises(verifier.Refused, match="you kept is another one"):
        verifier.check(proof, kept=newest_checkpoint())


def test_the_programs_words_and_status(proof, tmp_path):
    (file := tmp_path / "proof.json").write_text(json.dumps(proof | {"index": proof["index"] + 1}))
    checked = run(file)
    assert (checked.returncode, checked.stdout[:8]) == (1, "REFUSED.")
    file.write_text("no proof")
    assert run(file).returncode == 2


def test_signatures_are_checked_as_the_standard_says(verifier):
    """RFC 8032, 7.1, test 3, and a hundred keys of another implementation."""
    public = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert verifier.verified(public, bytes.fromhex("af82"), signature)
    assert not verifier.verified(public, bytes.fromhex("af83"), signature)
    for number in range(25):
        key = Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))
        public, signed = key.public_key().public_bytes_raw(), key.sign(b"message")
        assert verifier.verified(public, b"message", signed)
        for place in (0, 31, 32, 63):
            forged = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
            assert not verifier.verified(public, b"message", forged)


def test_an_entry_that_is_not_sealed_yet_says_so(me, browser):
    seal(at=AT)
    entered(me.person_id)
    entry = entries_of([me.person_id])[0]
    assert "Not sealed yet" in browser.get(f"/me/activity/{entry.id}").content.decode()
    told = browser.get(f"/me/activity/{entry.id}/proof", follow=True).content.decode()
    assert "This entry is not sealed yet." in told


def test_somebody_elses_proof_is_not_found(me, browser):
    entered(other := eino().person_id)
    seal(at=AT)
    assert browser.get(f"/me/activity/{entries_of([other])[0].id}/proof").status_code == 404


def test_proofs_hold_after_somebody_else_left(proof, me, browser, verifier):
    left(Entry.objects.exclude(subject_id=None).exclude(subject_id=me.person_id).first().subject_id)
    seal(at=AT)
    assert verifier.check(json.loads(downloaded(me, browser)))
    assert verifier.check(proof)
