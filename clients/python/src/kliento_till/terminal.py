"""A terminal: what pairing a device gives, and what a till needs at every start."""

import json
import os
import ssl
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kliento_till.clock import Clock
from kliento_till.line import Line

_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Terminal:
    """`secret` shows who it is; `code_key` checks codes offline; codes that wait are sealed to `sealing_key`."""

    url: str
    secret: str = field(repr=False)
    code_key: bytes = field(repr=False)
    sealing_key: bytes = field(repr=False)
    premises: str = ""
    third_party: str = ""

    def save(self, path: str | Path) -> None:
        """Into a file that only its owner may read: it holds the secret. On the disk when this returns."""
        said = {
            "url": self.url,
            "secret": self.secret,
            "code_key": b64encode(self.code_key).decode(),
            "sealing_key": b64encode(self.sealing_key).decode(),
            "premises": self.premises,
            "third_party": self.third_party,
        }
        part = Path(f"{path}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(said, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        if hasattr(os, "O_DIRECTORY"):
            folder = os.open(part.parent, os.O_DIRECTORY)
            os.fsync(folder)
            os.close(folder)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """From such a file."""
        said = json.loads(Path(path).read_text())
        return cls(**said | {name: b64decode(said[name]) for name in ("code_key", "sealing_key")})


def pair(url: str, code: str, name: str, *, tls: ssl.SSLContext | None = None) -> Terminal:
    """Turn this device into a terminal with a one-time code of the register holder or the company's portal.

    Save it at once: the code is spent. Raises Refused (`pairing_code_unknown` and others), NotNow or Unreachable.
    """
    line = Line(url, clock=Clock(), patience=_PATIENCE_SECONDS, tls=tls)
    try:
        said = line.ask("POST", "/terminals", {"code": code, "name": name}).json()
    finally:
        line.close()
    return Terminal(
        url=url,
        secret=said["secret"],
        code_key=b64decode(said["code_key"]),
        sealing_key=b64decode(said["sealing_key"]),
        premises=said["premises"],
        third_party=said["third_party"],
    )
