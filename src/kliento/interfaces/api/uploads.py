"""Few uploads at once: whoever brings back a queue of hundreds must not keep the taps of others waiting (threat 27).

An upload holds a thread of the server until it is recorded. So there are places for few of them, and they are asked
for before anything is unsealed: its length tells an upload from a tap.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from kliento.domain.recipients.queries import let_in
from kliento.interfaces.api.operations import bearer_of
from kliento.kernel.admitting import Admission
from kliento.kernel.errors import NotFound
from kliento.web.bodies import length_of

PATH = "/api/v1/scans"
_PAGES = "/counter/scans"  # where our own till hands in what waited
PATHS = (PATH, _PAGES)
_LONGEST_TAP_BYTES = 8_000  # more than the longest single scan; an upload of a few scans may pass as a tap
_AT_ONCE = 2  # one is recorded while the next is read


class FewUploads:
    """Places for uploads of terminals, of tills' pages, and of whoever is nobody; each kind has its own, so that
    those who need no secret to knock cannot take the places of those who have one."""

    def __init__(self) -> None:
        self._terminals = Admission(most=_AT_ONCE)
        self._pages = Admission(most=_AT_ONCE)
        self._nobody = Admission(most=_AT_ONCE)

    @contextmanager
    def place(self, environ: dict[str, Any]) -> Iterator[None]:
        """A place for this request until the block ends; none is needed for what is no upload.

        Raises Busy when none is free, TooMany when the same till has one already.
        """
        if not _is_upload(environ):
            yield
            return
        admission, by = self._knocking(environ)
        with admission.place(by=by):
            yield

    def _knocking(self, environ: dict[str, Any]) -> tuple[Admission, Hashable]:
        if environ["PATH_INFO"] == _PAGES:
            return self._pages, environ.get("HTTP_COOKIE", "")
        try:
            return self._terminals, let_in(bearer_of(environ.get("HTTP_AUTHORIZATION", ""))).terminal_id
        except (NotFound, DatabaseError):  # a database that is gone is said by whoever answers
            return self._nobody, object()


def _is_upload(environ: dict[str, Any]) -> bool:
    return (
        environ["PATH_INFO"] in PATHS
        and environ["REQUEST_METHOD"] == "POST"
        and _LONGEST_TAP_BYTES < (length_of(environ) or 0) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )
