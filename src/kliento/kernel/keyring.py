"""The keyring: a folder outside the data folder that holds the root key and every key it wraps.

    root.key            32 random bytes, base64, mode 0600; `KLIENTO_ROOT_KEY` in the environment stands in for it
    made-for            "development" or "production"; a development keyring refuses to serve production
    wrapped/NAME.key    a random key wrapped by the root key (AES key wrap, RFC 3394)

Everything is random: nothing is derived from the root, so changing the root re-wraps this folder and nothing else.
Names in use: `epoch-YYYY-MM` (key-encryption keys of the vault), `scan-sealing` (what tills seal waiting scans to) and
`log-signing` (Ed25519 seed, signs Activity's checkpoints), each made when first asked for; and `FIXED`, made with the
keyring: `index` (blind indexes), `card-token`, `card-signing` (Ed25519 seed), `session` (Django's secret),
`sealing-key`. A fixed key that is missing is never made anew: after a partial restore that would lose every account.
"""

import base64
import binascii
import os
import re
import secrets
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from kliento.kernel.errors import KlientoError

EPOCH_PREFIX = "epoch-"
FIXED = ("index", "card-token", "card-signing", "session", "sealing-key")
_NAME = re.compile(r"[a-z][a-z0-9-]{1,40}")


class KeyringError(KlientoError):
    """The keyring is missing, unreadable, or does not fit its root key."""

    code = "keyring"


class Keyring:
    """Named 32-byte keys. Safe to share between threads and processes: a key file is made once and never changed."""

    def __init__(self, folder: Path, *, root: bytes | None = None) -> None:
        self.folder = folder
        self._given_root = root
        self._keys: dict[str, bytes] = {}

    @classmethod
    def create(cls, folder: Path, *, made_for: str, root: bytes | None = None) -> "Keyring":
        """Make a new keyring, under a root key of its own unless one is given; leaves an existing one as it is.

        One that was left half made is completed, as long as no epoch's key says that something was sealed already.
        """
        (folder / "wrapped").mkdir(parents=True, exist_ok=True, mode=0o700)
        if root is None:
            _write_once(folder / "root.key", base64.b64encode(secrets.token_bytes(32)))
        _write_once(folder / "made-for", made_for.encode())
        keyring = cls(folder, root=root)
        if not keyring.names(EPOCH_PREFIX):
            for name in FIXED:
                keyring._make(name)
        return keyring

    @property
    def made_for(self) -> str:
        """`development`, `production`, or `unknown` when the file is not there."""
        try:
            return (self.folder / "made-for").read_text().strip()
        except FileNotFoundError:
            return "unknown"

    @cached_property
    def _root(self) -> bytes:
        if self._given_root is not None:
            return self._given_root
        try:
            root = base64.b64decode((self.folder / "root.key").read_bytes())
        except FileNotFoundError as error:
            raise KeyringError(f"No root key in {self.folder}. Make one with: kliento keys create") from error
        if len(root) != 32:
            raise KeyringError(f"{self.folder}/root.key does not hold 32 bytes in base64.")
        return root

    def epoch_key(self, epoch: str) -> bytes:
        """The 32-byte key of that epoch (`2026-11`), made if nobody asked for it before. Raises KeyringError."""
        return self.made(f"{EPOCH_PREFIX}{epoch}")

    def made(self, name: str) -> bytes:
        """The 32-byte key of that name, made if nobody asked for it before. Raises KeyringError."""
        if name not in self._keys:
            self._make(name)
        return self.existing(name)

    def existing(self, name: str) -> bytes:
        """The 32-byte key of that name; raises KeyringError when there is none (destroyed, lost, or never made)."""
        known = self._keys.get(name)
        if known is None:
            known = self._keys[name] = self._read(name)
        return known

    def names(self, prefix: str) -> list[str]:
        """The names of the keys that begin with `prefix`, sorted."""
        return sorted(path.stem for path in (self.folder / "wrapped").glob(f"{prefix}*.key"))

    def destroy(self, name: str) -> None:
        """Delete a key for good: nothing it wrapped opens again, in no backup either. Raises KeyringError."""
        path = self._path(name)
        try:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            _settle(path.parent)
        except FileNotFoundError as error:
            raise KeyringError(f"The keyring has no key named {name}.") from error
        self._keys.pop(name, None)

    def _make(self, name: str) -> None:
        path = self._path(name)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_once(path, aes_key_wrap(self._root, secrets.token_bytes(32)))

    def _read(self, name: str) -> bytes:
        try:
            return aes_key_unwrap(self._root, self._path(name).read_bytes())
        except FileNotFoundError as error:
            raise KeyringError(self._missing(name)) from error
        except InvalidUnwrap as error:
            raise KeyringError(f"The key {name} was not wrapped by this root key.") from error

    def _missing(self, name: str) -> str:
        if not (self.folder / "made-for").exists():
            return f"There is no keyring in {self.folder}. Make one with: kliento keys create"
        return (
            f"The keyring in {self.folder} has no key named {name}. Restore the whole folder from its copy;"
            " a new key would not open or find what the lost one sealed."
            if name in FIXED
            else f"The keyring has no key named {name}."
        )

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise KeyringError(f"Not a key name: {name!r}")
        return self.folder / "wrapped" / f"{name}.key"


def given_root(text: str) -> bytes | None:
    """The root key given as `KLIENTO_ROOT_KEY`; None for an empty text: the keyring's own file holds it."""
    if not text:
        return None
    try:
        root = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise KeyringError("KLIENTO_ROOT_KEY is not base64.") from error
    if len(root) != 32:
        raise KeyringError("KLIENTO_ROOT_KEY does not hold 32 bytes.")
    return root


def _write_once(path: Path, content: bytes) -> None:
    """Write a whole file that readers never see half of; somebody else's earlier file wins."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Put the folder's names on disk: rows are soon wrapped by a key, and a power cut must not take the key alone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
