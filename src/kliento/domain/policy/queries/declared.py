"""The declaration this instance runs by."""

from functools import cache
from pathlib import Path

from django.conf import settings

from kliento.domain.policy.rules import Register, read


def register() -> Register:
    """The declaration of `KLIENTO_POLICY`, read once for each process. Raises PolicyMistakes."""
    document = settings.KLIENTO_POLICY
    known = _last[0]
    if known is None or known[0] is not document:  # a path is slow to hash, and this is asked a dozen times a tap
        known = _last[0] = (document, _read_once(Path(document)))
    return known[1]


_last: list[tuple[object, Register] | None] = [None]


@cache
def _read_once(path: Path) -> Register:
    return read(path.read_bytes(), name=path.name)
