"""R-ACT-5: published notices are sealed, so that what people read of a choice stays what they read."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import models

from kliento.domain.activity.queries.proving import newest_checkpoint
from kliento.domain.policy.models import Notice
from tests.declaring import reworded, running_by
from tests.domain.policy.declarations import default_text
from tests.sealed import seal
from tests.tampering import AT, as_owner, demand_rows_named, found, otherwise_found

COLUMNS = [field for field in Notice._meta.local_concrete_fields if field.name != "number"]


@pytest.fixture
def witnessed(db, settings, tmp_path) -> str:
    """Two notices were published, one after the other; what a witness kept of it."""
    seal(at=AT)
    running_by(reworded(default_text(), "serving"), settings, tmp_path, at=AT)
    seal(at=AT)
    assert Notice.objects.count() == 2
    return newest_checkpoint()


def other(field: models.Field, value: Any) -> object:
    if isinstance(field, models.JSONField):
        return json.dumps(json.loads(json.dumps(value).replace("e", "a", 1)) if value else ["nobody"])
    if isinstance(field, models.DateTimeField):
        return datetime(2025, 1, 1, tzinfo=UTC)
    return date(2025, 1, 1) if isinstance(field, models.DateField) else value.replace("2", "3", 1)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("field", COLUMNS, ids=lambda field: field.name)
def test_r_act_5_no_column_of_a_notice_can_be_changed_unseen(witnessed, field, number):
    value = other(field, getattr(Notice.objects.get(number=number), field.name))
    as_owner(f'UPDATE policy_notice SET "{field.column}" = %s WHERE number = %s', (value, number))
    demand_rows_named(witnessed, f"notice {number}")


@pytest.mark.parametrize("number", [1, 2])
def test_r_act_5_no_notice_can_be_removed_unseen(witnessed, number):
    as_owner("DELETE FROM policy_notice WHERE number = %s", (number,))
    demand_rows_named(witnessed, f"notice {number}", says="it is not there")


def test_r_act_5_a_notice_cannot_be_given_another_number_unseen(witnessed):
    as_owner("UPDATE policy_notice SET number = 3 WHERE number = %s", (2,))
    demand_rows_named(witnessed, "notice 2", says="it is not there")


def test_r_act_5_no_notice_can_be_put_between_others_unseen(witnessed):
    between = Notice.objects.get(number=2)
    between.number, between.version = 0, "0000"
    between.save(force_insert=True)
    demand_rows_named(witnessed, "notice 0")


def test_r_act_5_a_notice_that_waits_for_the_sealer_is_no_finding(witnessed, settings, tmp_path):
    another = reworded(reworded(default_text(), "serving"), "programme").replace("2026-11-23", "2026-11-24", 1)
    running_by(another, settings, tmp_path, at=AT)
    assert found(witnessed) == otherwise_found(witnessed) == []
