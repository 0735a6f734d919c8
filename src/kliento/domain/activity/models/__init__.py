"""The log's tables (`entries`) and those of its seal (`seal`)."""

from kliento.domain.activity.models.entries import Counter, Cover, Entry
from kliento.domain.activity.models.seal import Checkpoint, Epoch, Erased, Leaf, Tile

__all__ = ["Checkpoint", "Counter", "Cover", "Entry", "Epoch", "Erased", "Leaf", "Tile"]
