"""Kahvila Kaisa with something on every page, and its owner's browser. Tests with another company name their own."""

import pytest


@pytest.fixture
def kaisa(db):
    """The company, as `tests/office.py` has it."""
    from tests.office import office

    return office()


@pytest.fixture
def portal(kaisa):
    """Its owner's browser."""
    from tests.portal import portal_of

    return portal_of(kaisa.owner)
