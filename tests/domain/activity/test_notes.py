"""Checkpoints as C2SP writes them: what is signed opens, what was touched does not."""

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from kliento.domain.activity.rules.notes import Checkpoint, NotACheckpoint, notes_in, opened, read, verifier_key

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CHECKPOINT = Checkpoint("kliento.example/log/1-5f3a9c20", 1024, sha256(b"root").digest())
NOTE = CHECKPOINT.signed(KEY)


def test_a_note_has_the_published_shape():
    origin, size, root, empty, signature, end = NOTE.split("\n")
    assert (origin, size, empty, end) == (CHECKPOINT.origin, "1024", "", "")
    assert base64.b64decode(root) == CHECKPOINT.root
    dash, name, encoded = signature.split(" ")
    assert (dash, name) == ("—", origin)
    raw = base64.b64decode(encoded)
    public = KEY.public_key()
    public.verify(raw[4:], f"{origin}\n1024\n{root}\n".encode())
    name, key_id, key = verifier_key(origin, public).split("+", 2)
    assert (name, key_id) == (origin, raw[:4].hex())
    assert base64.b64decode(key) == b"\1" + public.public_bytes_raw()


def test_what_is_signed_opens():
    assert opened(NOTE, KEY.public_key()) == read(NOTE) == CHECKPOINT


def test_another_key_does_not_open_it():
    with pytest.raises(NotACheckpoint) as refused:
        opened(NOTE, Ed25519PrivateKey.generate().public_key())
    assert refused.value.code == "foreign_signature"


@given(some.integers(0, len(NOTE) - 1), some.characters(codec="utf-8"))
def test_no_character_can_be_changed(place, character):
    changed = NOTE[:place] + character + NOTE[place + 1 :]
    if changed != NOTE:
        with pytest.raises(NotACheckpoint):
            opened(changed, KEY.public_key())


@pytest.mark.parametrize(
    "text", ["", "\n", "a\nb\n", NOTE[:-1], NOTE + "x", "\n" + NOTE, NOTE.replace("1024", "01024")]
)
def test_what_is_no_note_is_refused(text):
    with pytest.raises(NotACheckpoint):
        read(text)


def test_a_file_holds_one_after_another():
    other = Checkpoint(CHECKPOINT.origin, 7, bytes(32)).signed(KEY)
    assert list(notes_in(NOTE + "\n" + other + "\n")) == [NOTE, other]
    assert list(notes_in(NOTE + other)) == [NOTE, other]
    assert list(notes_in("nothing here")) == []
