"""A place with a till whose software is its own."""

from contextlib import ExitStack

import pytest


@pytest.fixture
def kaisa(db):
    from kliento.kernel.clock import now  # a conftest is read before Django is set up
    from tests.world import kahvila_kaisa

    return kahvila_kaisa(at=now())


@pytest.fixture
def tills(kaisa, tmp_path):
    from tests.clients.tills import Tills

    with ExitStack() as stack:
        yield Tills(kaisa, tmp_path, stack)
