"""The keyring: random keys, made once, wrapped by the root key, destroyed for good."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kliento.kernel.keyring import Keyring, KeyringError


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys", made_for="development")


def test_a_key_is_made_once_and_found_again(keyring: Keyring) -> None:
    assert keyring.key("index") == keyring.key("index") == Keyring(keyring.folder).key("index")
    assert keyring.key("index") != keyring.key("session")
    assert len(keyring.key("index")) == 32


def test_creating_it_again_changes_nothing(keyring: Keyring) -> None:
    key = keyring.key("index")
    assert Keyring.create(keyring.folder, made_for="production").key("index") == key
    assert keyring.made_for == "development"


def test_many_at_once_get_the_same_key(keyring: Keyring) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Keyring(keyring.folder).key("epoch-2026-11"), range(40)))
    assert len(keys) == 1
    assert [path.name for path in (keyring.folder / "wrapped").iterdir()] == ["epoch-2026-11.key"]


def test_a_new_key_outlives_a_power_cut(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are wrapped by it at once, so its name must be on disk before it is used."""
    settled: list[tuple[str, bool]] = []
    sync = os.fsync
    file = keyring.folder / "wrapped" / "epoch-2026-11.key"

    def note(descriptor: int) -> None:
        settled.append((os.readlink(f"/proc/self/fd/{descriptor}"), file.exists()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    keyring.key("epoch-2026-11")
    assert settled[-1] == (str(file.parent), True)


def test_no_key_lies_there_in_clear_and_nobody_else_may_read_the_root(keyring: Keyring) -> None:
    key = keyring.key("index")
    assert all(key not in path.read_bytes() for path in keyring.folder.rglob("*") if path.is_file())
    assert stat.S_IMODE(os.stat(keyring.folder / "root.key").st_mode) == 0o600


def test_another_root_key_opens_nothing(keyring: Keyring) -> None:
    keyring.key("index")
    with pytest.raises(KeyringError, match="not wrapped by this root key"):
        Keyring(keyring.folder, root=bytes(32)).key("index")


def test_a_destroyed_key_is_gone_and_a_new_one_is_another(keyring: Keyring) -> None:
    key, wrapped = keyring.key("epoch-2026-01"), (keyring.folder / "wrapped" / "epoch-2026-01.key").read_bytes()
    keyring.destroy("epoch-2026-01")
    assert keyring.names("epoch-") == []
    assert all(wrapped not in path.read_bytes() for path in keyring.folder.rglob("*") if path.is_file())
    with pytest.raises(KeyringError):
        keyring.existing("epoch-2026-01")
    with pytest.raises(KeyringError):
        keyring.destroy("epoch-2026-01")
    assert keyring.key("epoch-2026-01") != key


def test_names_are_listed_by_prefix(keyring: Keyring) -> None:
    for name in ("epoch-2026-02", "index", "epoch-2026-01"):
        keyring.key(name)
    assert keyring.names("epoch-") == ["epoch-2026-01", "epoch-2026-02"]


@pytest.mark.parametrize("name", ["../root", "epoch 1", "", "Index", "a/b"])
def test_a_name_cannot_lead_elsewhere(keyring: Keyring, name: str) -> None:
    with pytest.raises(KeyringError, match="Not a key name"):
        keyring.key(name)


def test_without_a_root_key_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="kliento keys create"):
        Keyring(tmp_path).key("index")
