"""A café, and a browser paired there. What needs Django's settings is imported when they are there."""

import pytest


@pytest.fixture
def kaisa(db):
    """Kahvila Kaisa."""
    from kliento.kernel.clock import now
    from tests.world import kahvila_kaisa

    return kahvila_kaisa(at=now())


@pytest.fixture
def till(kaisa):
    """A browser that was paired there."""
    from tests.interfaces.counter.tills import paired

    return paired(kaisa)
