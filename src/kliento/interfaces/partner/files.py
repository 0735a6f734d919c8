"""Files a company takes along, each a table."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.http import HttpResponse

from kliento.kernel.actor import OperatorActor
from kliento.web.downloads import download
from kliento.web.files import table_of

Row = Sequence[str | int]


def table_file(
    name: str, kind: str, *, heading: Row, read: Callable[[], Iterable[Row]], by: OperatorActor, at: datetime
) -> HttpResponse:
    """A download named so, of what `read` gives: `kind` is "csv" or "xlsx".

    Raises Conflict while another file of the company is under way, TooManyRequests after too many: nothing is read.
    """
    return download(name, kind, make=lambda: table_of(kind, heading, read()), by=by, at=at)
