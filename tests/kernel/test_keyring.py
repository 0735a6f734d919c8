"""The keyring: random keys, made once, wrapped by the root key, destroyed for good."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kliento.kernel.keyring import FIXED, Keyring, KeyringError


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys", made_for="development")


def test_a_key_is_made_once_and_found_again(keyring: Keyring) -> None:
    assert keyring.existing("index") == keyring.existing("index") == Keyring(keyring.folder).existing("index")
    assert keyring.existing("index") != keyring.existing("session")
    assert len(keyring.existing("index")) == 32


def test_creating_it_again_changes_nothing(keyring: Keyring) -> None:
    key = keyring.existing("index")
    assert Keyring.create(keyring.folder, made_for="production").existing("index") == key
    assert keyring.made_for == "development"


def test_many_at_once_get_the_same_key(keyring: Keyring) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Keyring(keyring.folder).epoch_key("2026-11"), range(40)))
    assert len(keys) == 1
    made = {path.name for path in (keyring.folder / "wrapped").iterdir()}
    assert made == {f"{name}.key" for name in (*FIXED, "epoch-2026-11")}


def test_a_new_key_outlives_a_power_cut(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are wrapped by it at once, so its name must be on disk before it is used."""
    settled: list[tuple[str, bool]] = []
    sync = os.fsync
    file = keyring.folder / "wrapped" / "epoch-2026-11.key"

    def note(descriptor: int) -> None:
        settled.append((os.readlink(f"/proc/self/fd/{descriptor}"), file.exists()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    keyring.epoch_key("2026-11")
    assert settled[-1] == (str(file.parent), True)


def test_no_key_lies_there_in_clear_and_nobody_else_may_read_the_root(keyring: Keyring) -> None:
    key = keyring.existing("index")
    assert all(key not in path.read_bytes() for path in keyring.folder.rglob("*") if path.is_file())
    assert stat.S_IMODE(os.stat(keyring.folder / "root.key").st_mode) == 0o600


def test_another_root_key_opens_nothing(keyring: Keyring) -> None:
    keyring.existing("index")
    with pytest.raises(KeyringError, match="not wrapped by this root key"):
        Keyring(keyring.folder, root=bytes(32)).existing("index")


def test_a_destroyed_key_is_gone_and_a_new_one_is_another(keyring: Keyring) -> None:
    key, wrapped = keyring.epoch_key("2026-01"), (keyring.folder / "wrapped" / "epoch-2026-01.key").read_bytes()
    keyring.destroy("epoch-2026-01")
    assert keyring.names("epoch-") == []
    assert all(wrapped not in path.read_bytes() for path in keyring.folder.rglob("*") if path.is_file())
    with pytest.raises(KeyringError):
        keyring.existing("epoch-2026-01")
    with pytest.raises(KeyringError):
        keyring.destroy("epoch-2026-01")
    assert keyring.epoch_key("2026-01") != key


def test_names_are_listed_by_prefix(keyring: Keyring) -> None:
    for epoch in ("2026-02", "2026-01"):
        keyring.epoch_key(epoch)
    assert keyring.names("epoch-") == ["epoch-2026-01", "epoch-2026-02"]


@pytest.mark.parametrize("name", ["../root", "epoch 1", "", "Index", "a/b"])
def test_a_name_cannot_lead_elsewhere(keyring: Keyring, name: str) -> None:
    with pytest.raises(KeyringError, match="Not a key name"):
        keyring.existing(name)


@pytest.mark.parametrize("name", FIXED)
def test_a_fixed_key_lost_by_a_partial_restore_is_never_made_anew(keyring: Keyring, name: str) -> None:
    keyring.epoch_key("2026-11")
    lost = keyring.folder / "wrapped" / f"{name}.key"
    lost.unlink()
    restored = Keyring.create(keyring.folder, made_for="development")
    with pytest.raises(KeyringError, match=f"no key named {name}. Restore the whole folder"):
        restored.existing(name)
    assert not lost.exists()


def test_a_keyring_left_half_made_is_completed(keyring: Keyring) -> None:
    (keyring.folder / "wrapped" / "index.key").unlink()
    assert len(Keyring.create(keyring.folder, made_for="development").existing("index")) == 32


def test_a_root_key_given_from_elsewhere_is_not_written_down(tmp_path: Path) -> None:
    root = bytes(range(32))
    made = Keyring.create(tmp_path, made_for="production", root=root)
    assert made.existing("index") == Keyring(tmp_path, root=root).existing("index")
    assert not (tmp_path / "root.key").exists()


def test_without_a_root_key_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="kliento keys create"):
        Keyring(tmp_path).existing("index")
    with pytest.raises(KeyringError, match="kliento keys create"):
        Keyring(tmp_path, root=bytes(32)).existing("index")
