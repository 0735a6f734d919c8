"""A till with software of its own."""

from contextlib import ExitStack
from pathlib import Path

from kliento.domain.cards.queries import public_code_key, public_sealing_key
from kliento_till import Terminal, Till
from tests.world import Place

DEAD = "http://127.0.0.1:9"  # nobody listens there


class Tills:
    """Opens tills of one place and closes them in the end."""

    def __init__(self, place: Place, folder: Path, stack: ExitStack) -> None:
        self.place = place
        self.folder = folder
        self._stack = stack

    def open(self, url: str, *, queue: str | None = "queue.sqlite3", **options: object) -> Till:
        file = self.folder / queue if queue else None
        return self._stack.enter_context(Till(terminal_of(self.place, url), queue=file, **options))


def terminal_of(place: Place, url: str) -> Terminal:
    """What pairing would have given."""
    return Terminal(url, place.secret, public_code_key(), public_sealing_key(), "Kallio", "Kahvila Kaisa")
