"""What stands behind a promise: the place of its rule, its tests, and the day they last bit a planted fault."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Proof:
    """What `bin/bite` saw: with a fault planted at `rules`, `tests` failed; without it, they passed."""

    promise: str
    rules: tuple[str, ...]
    tests: tuple[str, ...]
    bitten_on: date


def proofs() -> Mapping[str, Proof]:
    """The proofs `bin/bite` has written down, by promise. An ID that is not among them is unproven."""
    return {
        promise: Proof(promise, tuple(seen["rules"]), tuple(seen["tests"]), date.fromisoformat(seen["bitten_on"]))
        for promise, seen in _written(Path(settings.PROJECT) / "docs" / "proof.json").items()
    }


def _written(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:  # nothing has bitten yet, or this is an installed package without the repository's docs
        return {}
