"""R-SRC-1, the declaration's side: only declared sources exist, and those in use can be named by a value."""

import pytest

from kliento.kernel.errors import Invalid
from tests.domain.policy.declarations import changed, default_register, mistakes_in


def test_a_declared_source_in_use_is_known() -> None:
    assert default_register().source("card_use").label.en == "Use of the card"


@pytest.mark.parametrize("source", ["hearsay", "", "import", "staff"])
def test_a_source_that_is_not_declared_or_only_planned_is_refused(source: str) -> None:
    with pytest.raises(Invalid) as refused:
        default_register().source(source)
    assert refused.value.code == "undeclared_source"


def test_a_field_cannot_name_an_undeclared_source() -> None:
    found = mistakes_in(changed('sources = ["person"]', 'sources = ["person", "hearsay"]'))
    assert [mistake.key for mistake in found] == ["fields.first_name.sources"]
