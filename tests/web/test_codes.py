"""Codes as pictures are read back as what they were."""

import json

import typst
import zxingcpp
from PIL import Image

from kliento.domain.cards.rules import new_number
from kliento.web import sheets
from kliento.web.codes import bars_svg


def test_every_card_of_a_sheet_is_read_by_scanners_of_both_kinds(tmp_path):
    numbers = [new_number() for _each in range(4)]
    page = {"language": "fi", "cards": sheets.cards_for(numbers), **sheets.texts()}
    pictures = typst.compile(str(sheets.SHEET), sys_inputs={"page": json.dumps(page)}, format="png", ppi=300)
    (tmp_path / "sheet.png").write_bytes(pictures[0] if isinstance(pictures, list) else pictures)
    read = zxingcpp.read_barcodes(Image.open(tmp_path / "sheet.png"))
    for kind in (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128):
        assert {found.text for found in read if found.format == kind} == set(numbers)


def test_bars_begin_and_end_with_white():
    drawn = bars_svg("K1")
    assert "M0 0h" in drawn
    assert "M10 0h2" in drawn
