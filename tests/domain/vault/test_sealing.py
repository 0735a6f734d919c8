"""Sealing, opening, hiding and removing values."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.vault import queries
from kliento.domain.vault.actions import (
    NewValue,
    hide_value,
    index,
    remove_value,
    seal_text,
    seal_values,
    show_value,
)
from kliento.domain.vault.models import Value
from kliento.kernel.errors import Invalid, NotFound
from kliento.kernel.ids import new_id

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def sealed(owner_id: UUID, field: str, text: str) -> None:
    with transaction.atomic():
        seal_values([NewValue(owner_id, field, text, "person")], at=AT)


def opened(*owner_ids: UUID) -> dict[tuple[UUID, str], str]:
    return queries.open_values(queries.sealed_values(owner_ids), queries.data_keys(owner_ids))


def test_a_sealed_value_opens_for_its_owner(db):
    aino = new_id()
    sealed(aino, "first_name", "Aino 🌿 עברית")
    assert opened(aino) == {(aino, "first_name"): "Aino 🌿 עברית"}


def test_a_correction_is_a_new_version_and_only_the_newest_is_read(db):
    aino = new_id()
    sealed(aino, "first_name", "Aino")
    sealed(aino, "first_name", "Aina")
    (value,) = queries.sealed_values([aino])
    assert value.version == 2
    assert opened(aino) == {(aino, "first_name"): "Aina"}
    assert Value.objects.filter(owner_id=aino).count() == 2


def test_a_hidden_value_stays_hidden_when_it_is_corrected(db):
    aino = new_id()
    sealed(aino, "first_name", "Aino")
    hide_value(aino, "first_name")
    sealed(aino, "first_name", "Aina")
    assert [value.hidden for value in queries.sealed_values([aino])] == [True]
    show_value(aino, "first_name")
    assert [value.hidden for value in queries.sealed_values([aino])] == [False]


def test_removing_a_field_deletes_every_version_of_it_and_nothing_else(db):
    aino, eino = new_id(), new_id()
    for text in ("Aino", "Aina"):
        sealed(aino, "first_name", text)
    sealed(aino, "phone", "+358401234567")
    sealed(eino, "first_name", "Eino")
    remove_value(aino, "first_name")
    assert opened(aino, eino) == {(aino, "phone"): "+358401234567", (eino, "first_name"): "Eino"}
    assert not Value.objects.filter(owner_id=aino, field="first_name").exists()
    with pytest.raises(NotFound):
        remove_value(aino, "first_name")


def test_hiding_what_is_not_there_is_not_found(db):
    with pytest.raises(NotFound):
        hide_value(new_id(), "first_name")


def test_a_rolled_back_act_leaves_no_value_and_the_next_one_can_seal(db):
    aino = new_id()
    with transaction.atomic():
        seal_values([NewValue(aino, "first_name", "Aino", "person")], at=AT)
        transaction.set_rollback(True)
    assert opened(aino) == {}
    sealed(aino, "first_name", "Aino")
    assert opened(aino) == {(aino, "first_name"): "Aino"}


def test_sealing_belongs_to_the_transaction_of_its_act(db):
    with pytest.raises(transaction.TransactionManagementError):
        seal_values([NewValue(new_id(), "first_name", "Aino", "person")], at=AT)
    with pytest.raises(transaction.TransactionManagementError):
        seal_text(new_id(), place="cards_medium.sealed_code", row=new_id(), text="K1")


def test_the_same_field_twice_in_one_batch_is_refused(db):
    aino = new_id()
    twice = [NewValue(aino, "first_name", text, "person") for text in ("Aino", "Aina")]
    with pytest.raises(Invalid, match="field_twice"), transaction.atomic():
        seal_values(twice, at=AT)
    assert opened(aino) == {}


@pytest.mark.parametrize("count", [1, 40, 3000])
def test_sealing_and_reading_take_the_same_statements_for_any_number_of_owners(db, count):
    owners = [new_id() for _ in range(count)]
    values = [NewValue(owner, field, field, "person") for owner in owners for field in ("first_name", "phone")]
    with CaptureQueriesContext(connection) as sealing, transaction.atomic():
        seal_values(values, at=AT)
    with CaptureQueriesContext(connection) as correcting, transaction.atomic():
        seal_values(values, at=AT)
    with CaptureQueriesContext(connection) as reading:
        texts = opened(*owners)
    assert len(texts) == 2 * count
    assert [len(_statements(captured)) for captured in (sealing, correcting, reading)] == [4, 5, 1]


def _statements(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if not query["sql"].startswith(("BEGIN", "COMMIT"))]


def test_a_text_in_somebody_elses_table_is_bound_to_its_row(db):
    aino, row = new_id(), new_id()
    with transaction.atomic():
        blob = seal_text(aino, place="cards_medium.sealed_code", row=row, text="K1ABC")
    assert queries.open_text(aino, place="cards_medium.sealed_code", row=row, sealed=blob) == "K1ABC"
    with pytest.raises(Invalid, match="cannot_open"):
        queries.open_text(aino, place="cards_medium.sealed_code", row=new_id(), sealed=blob)
    with pytest.raises(Invalid, match="cannot_open"):
        queries.open_text(aino, place="dispatch_letter.sealed", row=row, sealed=blob)


def test_an_index_is_stable_and_differs_by_kind(settings):
    assert index("email", "aino@example.fi") == index("email", "aino@example.fi")
    assert len({index("email", "x"), index("phone", "x"), index("card", "x"), index("email", "y")}) == 4
    assert len(index("card", "x")) == 32
