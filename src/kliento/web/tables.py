"""Tables people take with them: CSV for any program, XLSX with typed cells. Both are written while they are sent.

A cell holds what a person or a company wrote, and a spreadsheet runs what looks like a formula (threat 16). In XLSX a
text is declared a text. CSV has no types: there `defused` puts an apostrophe before what would run. Nothing is put on
disk on the way: names and phone numbers stand in clear in these rows (docs/decisions/0017).
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Generator, Iterable, Sequence
from xml.sax.saxutils import escape

Cell = str | int
_RUNS = frozenset("=+-@＝＋－＠")
# Where a cell can begin, should a program split the line at another separator than ours.
_SEPARATORS = re.compile(r"[,;|\"]")
_PLAIN = re.compile(r"[^\W_][\w .:/()-]*")  # what most cells are: begins with a letter or digit, splits nowhere
_PHONE = re.compile(r"[+]\d[\d ()./-]*")
_NEGATIVE = re.compile(r"-\d+([.,]\d+)?")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A; this begins with an escaped underscore
_AT_ONCE = 64 * 1024
MOST_ROWS = 1_048_576  # of a sheet, its heading included
MOST_BYTES = 1 << 30  # of a sheet; from 2 GB on its ZIP entry would need ZIP64, which Excel may want to repair


def defused(text: str) -> str:
    """The text as no spreadsheet runs it, whichever separator it splits at; phone numbers and negative ones as is."""
    if _PLAIN.fullmatch(text):
        return text
    plain = "".join(" " if unicodedata.category(symbol) in {"Cc", "Zl", "Zp"} else symbol for symbol in text)
    starts = [0, *(found.end() for found in _SEPARATORS.finditer(plain))]
    parts = zip(starts, [*starts[1:], len(plain)], strict=True)
    return "".join(_armed_at(plain, start) * "'" + plain[start:end] for start, end in parts)


def csv_of(heading: Sequence[str], rows: Iterable[Sequence[Cell]], *, separator: str) -> Generator[bytes]:
    """UTF-8 with a byte order mark, by which spreadsheets know it; every text in quotes, pieces of about 64 KB."""
    page = io.StringIO()
    page.write("\ufeff")
    writer = csv.writer(page, delimiter=separator, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([defused(name) for name in heading])
    for row in rows:
        writer.writerow([defused(cell) if isinstance(cell, str) else cell for cell in row])
        if page.tell() > _AT_ONCE:
            yield _taken(page)
    yield _taken(page)


def xlsx_of(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Generator[bytes]:
    """An Office Open XML workbook: texts are inline strings, numbers are numbers, nothing is a formula.

    Rows beyond what a sheet holds go on in another one, under the same heading.
    """
    stream = _Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        waiting = iter(rows)
        following, sheets = next(waiting, None), 0
        while following is not None or not sheets:
            sheets, size = sheets + 1, 0
            with book.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                sheet.write((_XML + _SHEET_BEGINS).encode())
                sheet.write(_row_of(heading, style=' s="1"'))
                for _ in range(MOST_ROWS - 1):
                    if following is None or size >= MOST_BYTES:
                        break
                    size += sheet.write(_row_of(following))
                    following = next(waiting, None)
                    if stream.waiting > _AT_ONCE:
                        yield stream.taken()
                sheet.write(_SHEET_ENDS.encode())
        for name, content in _frame_of(sheets).items():
            book.writestr(name, _XML + content)
    yield stream.taken()


def _armed_at(text: str, start: int) -> bool:
    """Whether a cell that began here would run; blank and invisible symbols are looked through."""
    rest = text[start:].rstrip()
    sign = next((symbol for symbol in rest if not _is_blank(symbol)), "")
    if sign not in _RUNS:
        return False
    number = rest.lstrip()
    return not (_PHONE.fullmatch(number) or _NEGATIVE.fullmatch(number))


def _is_blank(symbol: str) -> bool:
    return symbol.isspace() or unicodedata.category(symbol) == "Cf"


def _taken(page: io.StringIO) -> bytes:
    written = page.getvalue().encode()
    page.seek(0)
    page.truncate()
    return written


class _Stream(io.RawIOBase):
    """What a ZIP is written to while it is sent: it cannot seek, and hands over what waits."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: object) -> int:
        """Keep it until it is taken."""
        taken = bytes(piece)  # type: ignore[call-overload]  # whatever holds bytes
        self._pieces.append(taken)
        self.waiting += len(taken)
        return len(taken)

    def taken(self) -> bytes:
        """What was written since the last time."""
        written, self._pieces, self.waiting = b"".join(self._pieces), [], 0
        return written


def _row_of(cells: Sequence[Cell], *, style: str = "") -> bytes:
    return f"<row>{''.join(_cell_of(cell, style=style) for cell in cells)}</row>".encode()


def _cell_of(cell: Cell, *, style: str) -> str:
    if isinstance(cell, int):
        return f"<c{style}><v>{cell}</v></c>"
    text = escape(_ESCAPED.sub("_x005F_", _NOT_IN_XML.sub("\ufffd", cell)))
    return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_BEGINS = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
    ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15" baseColWidth="20"/><sheetData>'
)
_SHEET_ENDS = "</sheetData></worksheet>"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _frame_of(sheets: int) -> dict[str, str]:
    """The parts of a workbook of so many sheets that are not sheets."""
    numbers = range(1, sheets + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    named = "".join(
        f'<sheet name="Kliento{f" {number}" if number > 1 else ""}" sheetId="{number}" r:id="rId{number}"/>'
        for number in numbers
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    return {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{types}'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_RELATIONS}">{related}'
            f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _STYLES,
    }
