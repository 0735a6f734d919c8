"""A workbook holds every row, however many there are."""

import io

import pytest
from openpyxl import load_workbook

from kliento.web import tables


@pytest.mark.parametrize(("rows", "sheets"), [(0, [1]), (4, [5]), (5, [5, 2]), (8, [5, 5])])
def test_rows_beyond_a_sheet_go_on_in_another_one(monkeypatch, rows: int, sheets: list[int]) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 5)
    book = load_workbook(io.BytesIO(b"".join(tables.xlsx_of(["Number"], [[number] for number in range(rows)]))))

    assert [sheet.max_row for sheet in book] == sheets
    assert [sheet["A1"].value for sheet in book] == ["Number"] * len(sheets)
    read = [row[0] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert read == list(range(rows))


def test_a_sheet_that_has_grown_large_is_followed_by_another_one(monkeypatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 1000)
    book = load_workbook(io.BytesIO(b"".join(tables.xlsx_of(["Text"], [["x" * 600]] * 5))))
    assert [sheet.max_row for sheet in book] == [3, 3, 2]
