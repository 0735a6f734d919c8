"""Where a page goes on: after a row that is named by its id alone, for no address holds a moment (threat 8)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kliento.kernel.errors import NotFound


def place_of_row(row: QuerySet[Any], moment: str) -> tuple[datetime, UUID]:
    """That moment of the one row there should be, and its id. Raises NotFound."""
    found: tuple[datetime, UUID] | None = row.values_list(moment, "id").first()
    if found is None:
        raise NotFound(_("This page address is not complete. Start from the first page."), code="unknown_place")
    return found
