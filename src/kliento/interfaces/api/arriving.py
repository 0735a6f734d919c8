"""Bodies on their way: whoever sends one slowly holds a thread of the server until it is there (threat 27).

granian hands a request over as soon as its headers came, and reading the rest cannot be given up. So bodies arrive in a
few threads at a time, and the others go on serving. Behind a proxy that waits for the whole body nobody comes to wait
here (deploy/Caddyfile).
"""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Any

from django.conf import settings

from kliento.kernel.errors import Busy

_AT_ONCE = 8  # of 16 threads; those of `uploads.py` that read what they refuse come on top
_WAIT_SECONDS = 1.0  # for a place, as long as those who have one are quick
_SLOW_SECONDS = 1.0


class Arriving:
    """Places for bodies that are on their way."""

    def __init__(self) -> None:
        self._since: dict[object, float] = {}
        self._changing = Condition()

    def whole(self, environ: dict[str, Any]) -> dict[str, Any]:
        """The request with its body here. One that is too long, or does not say how long, is left to whoever judges it.

        Raises Busy while every place is taken: at once when half of them are held by those who are slow.
        """
        length = environ.get("CONTENT_LENGTH") or ""
        if not (length.isascii() and length.isdigit()) or not 0 < int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return environ
        with self._place():
            body = environ["wsgi.input"].read(int(length))
        return {**environ, "wsgi.input": io.BytesIO(body)}

    @contextmanager
    def _place(self) -> Iterator[None]:
        mine = object()
        with self._changing:
            self._changing.wait_for(lambda: len(self._since) < _AT_ONCE or self._is_held_up(), _WAIT_SECONDS)
            if len(self._since) >= _AT_ONCE:
                raise Busy
            self._since[mine] = time.monotonic()
        try:
            yield
        finally:
            with self._changing:
                del self._since[mine]
                self._changing.notify()

    def _is_held_up(self) -> bool:
        slow = time.monotonic() - _SLOW_SECONDS
        return sum(since < slow for since in self._since.values()) >= _AT_ONCE // 2
