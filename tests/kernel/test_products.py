"""The numbers of products, told from all others."""

import pytest

from kliento.kernel import products


@pytest.mark.parametrize("number", ["6408430000135", "96385074", "036000291452", "10012345678902", "4006381333931"])
def test_a_number_whose_last_digit_checks_the_others_is_a_products(number):
    assert products.is_number(number)


@pytest.mark.parametrize(
    "number", ["6408430000136", "", "0", "9638507", "96385075", "640843000013", "٩٦٣٨٥٠٧٤", "9638507A", "96385074 "]
)
def test_any_other_text_is_none(number):
    assert not products.is_number(number)
