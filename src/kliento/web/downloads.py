"""Files that are taken along: one at a time for each company and each person, and not too many an hour."""

from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse

from kliento.domain.recipients.actions import begin_file, end_file, keep_file
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.clock import now
from kliento.web.files import TYPES
from kliento.web.limits import Limit, spend

FILES = Limit("files", times=30, window_seconds=60 * 60)
"""For each company and each person: a file reads all there is, and leaves with whoever takes it."""
KEPT_EVERY = timedelta(seconds=15)


def download(
    name: str, kind: str, *, make: Callable[[], Generator[bytes]], by: OperatorActor | PersonActor, at: datetime
) -> HttpResponse:
    """A download named so, of the pieces `make` gives: `kind` is one of `TYPES`.

    Raises Conflict while another file of theirs is under way, TooManyRequests after too many: nothing is read.
    """
    file_id = begin_file(by, at=at)
    try:
        spend(FILES, by.person_id if isinstance(by, PersonActor) else by.third_party_id)
        content = _UnderWay(make(), file_id, at=at)
    except BaseException:
        end_file(file_id)
        raise
    response = LongFile(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return cast("HttpResponse", response)  # both are answers; Django gives them no common name of that kind


class LongFile(StreamingHttpResponse):
    """A file that leaves as fast as it is read at the other end: the server sends a few of these at a time."""

    is_long = True


class _UnderWay:
    """The pieces of a file, which holds its place until it is closed.

    The server closes it however the sending ends, even before the first piece (HEAD): a generator would not notice.
    """

    def __init__(self, pieces: Generator[bytes], file_id: UUID, *, at: datetime) -> None:
        self._pieces, self._file_id, self._kept_at = pieces, file_id, at

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        at = now()
        if at - self._kept_at >= KEPT_EVERY:
            keep_file(self._file_id, at=at)
            self._kept_at = at
        return next(self._pieces)

    def close(self) -> None:
        """Free the place, and let go of what was still to be read and written."""
        try:
            self._pieces.close()
        finally:
            end_file(self._file_id)
