"""R-SRC-1: every value knows its source; a source that is not declared is refused."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from kliento.domain.vault.actions import NewValue, seal_values
from kliento.domain.vault.models import DataKey, Value
from kliento.domain.vault.queries import sealed_values
from kliento.kernel.errors import Invalid
from kliento.kernel.ids import new_id

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def sealed(*values: NewValue) -> None:
    with transaction.atomic():
        seal_values(values, at=AT)


def test_a_stored_value_says_where_it_came_from(db):
    aino = new_id()
    sealed(NewValue(aino, "first_name", "Aino", "person"), NewValue(aino, "login_email", "a@example.fi", "person"))
    assert [(value.field, value.source) for value in sealed_values([aino])] == [
        ("first_name", "person"),
        ("login_email", "person"),
    ]


@pytest.mark.parametrize(
    ("field", "source"),
    [
        ("first_name", "address_broker"),
        ("first_name", ""),
        ("first_name", "partner"),
        ("first_name", "card_use"),
        ("shoe_colour", "person"),
        ("prize_draw_answers", "person"),
    ],
    ids=["undeclared", "none", "planned", "of another field", "undeclared field", "planned field"],
)
def test_a_value_from_elsewhere_is_refused_and_nothing_of_its_batch_is_kept(db, field, source):
    aino, eino = new_id(), new_id()
    with pytest.raises(Invalid):
        sealed(NewValue(aino, "phone", "+358401234567", "person"), NewValue(eino, field, "x", source))
    assert Value.objects.count() == 0
    assert DataKey.objects.count() == 0
