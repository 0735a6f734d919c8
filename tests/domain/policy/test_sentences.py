"""The register description's sentences: all promises are behind one, and each can be said in each language."""

import pytest

from kliento.domain.policy.queries.notice import sentences
from tests.domain.policy.declarations import default_register

LAST = (
    "ACT-5 ADM-1 AUT-1 BRE-1 CAN-4 CMP-3 CON-9 COR-3 CRD-3 CTL-2 DAT-2 DEL-4 END-4 FEE-4 ISS-2 MKT-2 NOT-1 OBJ-1 PRC-2 "
    "PRO-2 PUR-5 REG-3 ROP-1 RST-1 SEC-2 SRC-1 STF-4 TRF-1 TRM-1 USR-2 VIS-8"
)


def test_every_promise_stands_behind_a_sentence() -> None:
    last = [promise.split("-") for promise in LAST.split()]
    promised = {f"R-{topic}-{number}" for topic, count in last for number in range(1, int(count) + 1)}
    said = [sentence for section in sentences() for sentence in section.sentences]
    assert {promise for sentence in said for promise in sentence.promises} == promised


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_sentence_can_be_said(language: str) -> None:
    for section in sentences():
        for sentence in section.sentences:
            said = sentence.about(default_register(), language)
            assert "{" not in said
            assert said.endswith(".")


def test_every_sentence_has_a_promise_and_every_section_says_or_lists_something() -> None:
    for section in sentences():
        assert section.sentences or section.items, section.code
        assert all(sentence.promises for sentence in section.sentences), section.code
