"""Sealing, indexing, destroying. For domain packages only (a contract of `bin/check`)."""

from kliento.domain.vault.actions.destroying import Rotation, destroy, rotate_keys, sweep_orphans
from kliento.domain.vault.actions.pairing import pair_databases
from kliento.domain.vault.actions.sealing import (
    forget_earlier,
    hide_value,
    index,
    remove_value,
    seal_text,
    seal_texts,
    seal_values,
    show_value,
    version_of,
)
from kliento.domain.vault.rules import NewValue

__all__ = [
    "NewValue",
    "Rotation",
    "destroy",
    "forget_earlier",
    "hide_value",
    "index",
    "pair_databases",
    "remove_value",
    "rotate_keys",
    "seal_text",
    "seal_texts",
    "seal_values",
    "show_value",
    "sweep_orphans",
    "version_of",
]
