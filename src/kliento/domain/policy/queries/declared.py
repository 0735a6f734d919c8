"""The declaration this instance runs by."""

from functools import cache
from pathlib import Path

from django.conf import settings

from kliento.domain.policy.rules import Register, read


def register() -> Register:
    """The declaration of `KLIENTO_POLICY`, read once for each process. Raises PolicyMistakes."""
    return _read_once(settings.KLIENTO_POLICY)


@cache
def _read_once(document: Path | str) -> Register:
    path = Path(document)
    return read(path.read_bytes(), name=path.name)
