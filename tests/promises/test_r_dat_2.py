"""R-DAT-2: personal identity codes are refused by pattern and checksum wherever text is taken."""

from datetime import date

import pytest

from kliento.domain.policy.rules import check_value, contains_identity_code
from kliento.kernel.errors import Invalid
from tests.domain.policy.declarations import default_register

# From the authority's own examples (131052-308T) and made ones; the signs of 2023 among them.
CODES = ["131052-308T", "131052A308T", "131052Y308T", "131052B308T", "131052+308T", "010594W9032", "131052a308t"]
TODAY = date(2026, 11, 22)
FREE_TEXT = [
    code
    for code, field in default_register().fields.items()
    if field.keeper == "person" and field.type in {"text", "long_text", "name", "address", "email", "size"}
]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("field", FREE_TEXT)
def test_an_identity_code_is_refused_in_every_free_text(field: str, code: str) -> None:
    written = f"{code}@example.com" if default_register().field(field).type == "email" else code
    with pytest.raises(Invalid) as refused:
        check_value(default_register().field(field), written, on=TODAY)
    assert refused.value.code == "identity_code"
    assert code not in str(refused.value.message)


def test_an_identity_code_within_other_text_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check_value(default_register().field("preferences"), "Soita ensin.\nTunnus on 131052 – 308T, kiitos", on=TODAY)
    assert refused.value.code == "identity_code"


@pytest.mark.parametrize("text", ["131052-308U", "311352-308T", "131052-3081", "131052_308T", "13105-308T"])
def test_what_only_looks_like_one_is_accepted(text: str) -> None:
    assert not contains_identity_code(text)
    assert check_value(default_register().field("preferences"), text, on=TODAY) == text
