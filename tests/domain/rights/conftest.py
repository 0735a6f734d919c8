"""A café, and Aino who has a bit of everything there. What needs Django's settings is imported when they are there."""

import pytest


@pytest.fixture
def cafe(db):
    """Kahvila Kaisa."""
    from tests.world import kahvila_kaisa

    return kahvila_kaisa()


@pytest.fixture
def aino(cafe):
    """Aino, known there."""
    from tests.closing import settled

    return settled("aino@example.fi", cafe)
