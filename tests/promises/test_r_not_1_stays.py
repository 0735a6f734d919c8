"""R-NOT-1: what people were told stays as they were told it: no statement changes or removes a published notice."""

import pytest
from django.db import IntegrityError, connection

from kliento.domain.policy.models import Notice
from tests.declaring import reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.world import NOON


@pytest.fixture(autouse=True)
def two(db, settings, tmp_path) -> None:
    """Two notices, the second of which is in force."""
    for text in (default_text(), reworded(default_text(), "direct_marketing")):
        running_by(text, settings, tmp_path, at=NOON)


def refused(statement: str) -> None:
    before = list(Notice.objects.order_by("number").values())
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Notice.objects.order_by("number").values()) == before
    assert len(before) == 2


@pytest.mark.parametrize("column", [field.column for field in Notice._meta.concrete_fields])
def test_r_not_1_no_column_of_a_published_notice_can_be_changed(column):
    refused(f'UPDATE policy_notice SET "{column}" = "{column}"')


@pytest.mark.parametrize("which", ["", " WHERE number = 1"])
def test_r_not_1_no_published_notice_can_be_removed(which):
    refused(f"DELETE FROM policy_notice{which}")


@pytest.mark.parametrize("kept", ["number", "version"])
def test_r_not_1_none_can_be_put_in_the_place_of_another(kept):
    if connection.vendor == "postgresql":
        refused("TRUNCATE policy_notice")
        return
    names = [field.column for field in Notice._meta.concrete_fields]
    other = {"number": "99", "version": "'other'", "document": "''"}
    values = [f'"{name}"' if name == kept else other.get(name, f'"{name}"') for name in names]
    refused(
        f"INSERT OR REPLACE INTO policy_notice ({', '.join(names)})"
        f" SELECT {', '.join(values)} FROM policy_notice WHERE number = 1"
    )
