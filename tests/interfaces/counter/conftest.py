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


@pytest.fixture
def device(browser_type, browser_type_launch_args, served, tmp_path):
    """What stands at the counter: a browser with a profile of its own, which can be closed, killed and opened again."""
    from tests.interfaces.counter.counters import Device

    device = Device(browser_type, browser_type_launch_args, served, tmp_path / "profile")
    yield device
    device.close()
