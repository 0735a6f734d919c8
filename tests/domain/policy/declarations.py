"""Declarations for the tests: the default one, and the default one with something changed."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kliento.domain.policy.rules import Mistake, PolicyMistakes, Register, read

DEFAULT = Path(__file__).parents[3] / "register.toml"


def default_text() -> str:
    return DEFAULT.read_text("utf-8")


def default_content() -> dict[str, Any]:
    return tomllib.loads(default_text())


@cache
def default_register() -> Register:
    """Read once: nothing can be changed in it."""
    return read(DEFAULT.read_bytes(), name="register.toml")


def changed(before: str, after: str) -> bytes:
    """The default declaration with the first `before` replaced; it must be there."""
    text = default_text()
    assert before in text, before
    return text.replace(before, after, 1).encode()


def mistakes_in(document: bytes) -> list[Mistake]:
    """What `read` finds wrong; nothing when it reads."""
    try:
        read(document, name="register.toml")
    except PolicyMistakes as wrong:
        return wrong.mistakes
    return []


def as_toml(value: Any) -> str:
    """Enough of TOML to write any declaration back: everything but the top level inline."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{as_toml(str(key))} = {as_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, str):
        escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in value)
        return f'"{escaped}"'
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def as_document(content: dict[str, Any]) -> bytes:
    return "\n".join(f"{as_toml(key)} = {as_toml(value)}" for key, value in content.items()).encode()
