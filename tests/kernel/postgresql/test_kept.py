"""A database that is kept for the next test is as new, or it is not kept (`tests/kept.py`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from kliento.domain.activity.models import Entry
from tests.databases import Databases
from tests.kept import PostgresTemplate
from tests.world import aino, asked, kahvila_kaisa, shares, stores

LARGE = "INSERT INTO policy_demo_data (kind, reference) SELECT 'x', gen_random_uuid() FROM generate_series(1, 20000)"


@contextmanager
def next_test(template: PostgresTemplate, folder: Path) -> Iterator[str]:
    """The name of what the next test gets."""
    with template.copied(folder):
        yield connection.settings_dict["NAME"]


def number_of_the_first_entry() -> int:
    asked(kahvila_kaisa(), shares(stores(aino(), first_name="Aino"), kahvila_kaisa(), "first_name"), "first_name")
    return Entry.objects.order_by("seq")[0].seq


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
