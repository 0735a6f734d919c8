import pytest
from django.test import RequestFactory

from kliento.kernel.errors import Invalid
from kliento.web.paging import cursor_in, page_of


def test_the_row_too_many_only_says_that_there_is_more() -> None:
    page = page_of([9, 8, 7], size=2, key=lambda row: row)
    assert list(page.rows) == [9, 8]
    assert page.next_before == 8


def test_the_last_page_leads_nowhere() -> None:
    assert page_of([9, 8], size=2, key=lambda row: row).next_before is None
    assert page_of([], size=2, key=lambda row: row).next_before is None


def test_a_cursor_is_a_positive_whole_number() -> None:
    assert cursor_in(RequestFactory().get("/")) is None
    assert cursor_in(RequestFactory().get("/?before=42")) == 42


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "x", "٣", "9" * 20, "9223372036854775808"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        cursor_in(RequestFactory().get("/", {"before": text}))
