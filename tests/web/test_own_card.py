"""The card on paper is read back by scanners of both kinds, from the page and from the PDF's own picture."""

import json

import pytest
import typst
import zxingcpp
from django.utils.translation import override
from PIL import Image

from kliento.domain.cards.rules import new_number, number_for_reading
from kliento.web import own_card

KINDS = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128)


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_pdfs_page_holds_the_number_twice_for_scanners_and_once_for_people(tmp_path, language):
    number = new_number()
    with override(language):
        page = {"language": language, "card": own_card.printed(number), **own_card.texts()}
    drawn = typst.compile(str(own_card.SOURCE), sys_inputs={"page": json.dumps(page)}, format="png", ppi=200)
    (tmp_path / "card.png").write_bytes(drawn)
    read = zxingcpp.read_barcodes(Image.open(tmp_path / "card.png"))
    assert {found.format: found.text for found in read} == dict.fromkeys(KINDS, number)
    assert own_card.printed(number)["number"] == number_for_reading(number)


def test_what_a_text_holds_is_never_typsts_to_run():
    assert own_card.as_pdf('K1#panic("x")$*_`', language="en").startswith(b"%PDF-")
