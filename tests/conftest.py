"""What every test stands on: an engine to run on, fresh databases, no network, the real product, a browser.

    pytest [--engine sqlite|postgresql] [--full]

Data and keys of a run live in a temporary folder. Our own code is never mocked.
"""

import gc
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import django
import pytest
from django.utils import translation
from hypothesis import settings as searches
from playwright.sync_api import BrowserType, expect
from pytest_django import DjangoDbBlocker, Settings

from kliento.kernel.clock import now
from kliento.kernel.keyring import Keyring
from kliento.web import limits
from tests.album import Album
from tests.databases import Databases, SqliteTemplate
from tests.kept import PostgresTemplate
from tests.loaded import Loaded
from tests.postgres import Cluster, PostgresMissing, roomy_memory
from tests.serving import Served, serving

if TYPE_CHECKING:  # needs Django's settings
    from tests.interfaces.counter.counters import Tablet

# The address bar's suggestions are pages as well, which every new window would load and no test looks at. The last list
# of this kind is the one that counts, so what Playwright leaves out stands here, too.
_LEFT_OUT_OF_CHROMIUM = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "SpareRendererForSitePerProcess",
]
_CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_LEFT_OUT_OF_CHROMIUM)}",
]
# What the page is about to show may take a while where several browsers share two cores.
_PATIENCE_MILLISECONDS = 20_000
_DAY_SECONDS = 86_400
Template = SqliteTemplate | PostgresTemplate
_TESTS = Path(__file__).parent
_OF_SQLITE = _TESTS / "kernel" / "sqlite"
_OF_POSTGRESQL = "postgresql"  # a folder of this name holds what SQLite has no like of
# What pages show and take, tills' programs make of our answers, and settings are refused for. The rules behind them are
# tried on both engines in the other rooms, among them every promise.
_PAGES = (
    *(_TESTS / "interfaces" / each for each in ("person", "partner", "counter", "signin")),
    *(_TESTS / each for each in ("architecture", "clients", "config", "web")),
)
# How long one example takes tells more about the machine than about us.
searches.register_profile("on any machine", deadline=None)
searches.load_profile("on any machine")
_cluster: Cluster | None = None
_folder: Path | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our own options."""
    group = parser.getgroup("kliento")
    group.addoption("--engine", choices=["sqlite", "postgresql"], default="sqlite", help="database engine to run on")
    group.addoption("--without-browser", action="store_true", help="leave out what needs Chromium")
    group.addoption(
        "--full",
        action="store_true",
        help="pages and journeys on PostgreSQL, too; longer searches; the whole town; pictures in out/",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set the environment before Django reads it. The workers of xdist inherit it: all of a run share one keyring."""
    global _cluster, _folder
    gc.disable()  # until everything is loaded: of that nothing is garbage
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being terminated cleans up as ctrl-c does
    Album.wanted = config.getoption("full")
    if hasattr(config, "workerinput"):
        _set_up_django()
        return
    _folder = Path(tempfile.mkdtemp(prefix="kliento-tests-", dir=roomy_memory()))
    tempfile.tempdir = str(_folder)  # of this process; TMPDIR is read by those it starts
    os.environ |= {
        "TMPDIR": str(_folder),
        "KLIENTO_ENV": "development",
        "KLIENTO_DATA": str(_folder / "data"),
        "KLIENTO_KEYS": str(_folder / "keys"),
        # Playwright keeps an event loop in the tests' thread, where Django would refuse to use the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    if config.getoption("engine") == "sqlite":
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("KEYS_DATABASE_URL", None)
    elif not config.option.collectonly:
        try:
            _cluster = Cluster.start()
        except PostgresMissing as missing:
            raise pytest.UsageError(str(missing)) from missing
        os.environ |= {
            "DATABASE_URL": _cluster.url("kliento"),
            "KEYS_DATABASE_URL": _cluster.url("kliento_keys"),
            "KLIENTO_TEST_CLUSTER": str(_cluster.folder),
        }
    _set_up_django()


def _set_up_django() -> None:
    """Not longer in the environment than it takes: there pytest-django finds it in a worker before its time."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure() -> None:
    """Leave nothing behind, also after ctrl-c."""
    if _cluster:
        _cluster.stop()
    if _folder:
        shutil.rmtree(_folder, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose what suits the engine: PostgreSQL repeats every rule that touches a database, and what is marked."""
    full = config.getoption("full")
    chosen = list(items)
    if config.getoption("without_browser"):
        chosen = [item for item in chosen if not _in_browser(item)]
    if config.getoption("engine") == "postgresql":
        chosen = [item for item in chosen if _says_more_on_postgresql(item, full=full)]
    else:
        chosen = [item for item in chosen if _OF_POSTGRESQL not in item.path.relative_to(_TESTS).parts]
    if len(chosen) < len(items):
        left = set(chosen)
        config.hook.pytest_deselected(items=[item for item in items if item not in left])
    items[:] = sorted(chosen, key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What is loaded stays: the garbage collector need not walk through it for every few hundred objects of a test."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """From here on there is garbage."""
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows what the served product printed."""
    report = yield
    served = getattr(item, "funcargs", {}).get("served")
    if report.failed and isinstance(served, Served) and served.log.exists():  # it may be cleaned up already
        report.sections.append(("What kliento serve printed", served.log.read_text(errors="replace")[-5000:]))
    return report


def _says_more_on_postgresql(item: pytest.Item, *, full: bool) -> bool:
    if item.path.is_relative_to(_OF_SQLITE):
        return False
    if not full and (_in_browser(item) or _is_about_pages(item)):
        return item.get_closest_marker("both_engines") is not None
    return _in_browser(item) or "db" in getattr(item, "fixturenames", ())


def _is_about_pages(item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(each) for each in _PAGES)


def _in_browser(item: pytest.Item) -> bool:
    return "browser_type_launch_args" in getattr(item, "fixturenames", ())


def _no_network(event: str, arguments: tuple[object, ...]) -> None:
    """Nothing a test does may leave this machine."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"  # a string is a Unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0] or "localhost"
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host not in {"localhost", "::1", "0.0.0.0", "::"} and not str(host).startswith("127."):
        raise RuntimeError(f"A test tried to reach {host}; only this machine is allowed.")


sys.addaudithook(_no_network)


@pytest.fixture(scope="session")
def database_template(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[Template]:
    """The migrated template all tests of this run copy."""
    template: Template
    if request.config.getoption("engine") == "sqlite":
        template = SqliteTemplate(request.config.cache.mkdir("templates"))
    else:
        template = PostgresTemplate(os.environ.get("PYTEST_XDIST_WORKER", "gw"))
    with django_db_blocker.unblock():
        template.build()
    yield template
    if isinstance(template, PostgresTemplate):
        template.close()


@pytest.fixture
def db(
    database_template: Template,
    django_db_blocker: DjangoDbBlocker,
    settings: Settings,
    tmp_path: Path,
) -> Iterator[Databases]:
    """Fresh databases for this test alone; commits are real. Replaces pytest-django's fixture of the same name.

    The keyring is a copy too: a test that rotates or destroys keys takes nothing from its neighbours.
    """
    folder, keys = tmp_path / "data", tmp_path / "keyring"
    folder.mkdir()
    shutil.copytree(settings.KLIENTO_KEYS, keys)
    settings.KLIENTO_DATA, settings.KLIENTO_KEYS, settings.KEYRING = folder, keys, Keyring(keys)
    with django_db_blocker.unblock(), database_template.copied(folder) as databases:
        databases.variables["KLIENTO_KEYS"] = str(keys)
        yield databases


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """No test speaks the language of the page that another one asked for."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _limits_start_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock that limits count by stands, so that no window of theirs ends amid a test: all have just begun."""
    midnight = time.time() // _DAY_SECONDS * _DAY_SECONDS
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: midnight))


@pytest.fixture
def thoroughness(request: pytest.FixtureRequest) -> int:
    """How many times as long as usual a search for counterexamples goes on: ten times with --full."""
    return 10 if request.config.getoption("full") else 1


@pytest.fixture(scope="session")
def loaded() -> Iterator[Loaded]:
    """The product, loaded once for all tests of this process."""
    product = Loaded()
    yield product
    product.stop()


@pytest.fixture
def served(db: Databases, loaded: Loaded) -> Iterator[Served]:
    """The real product in a process of its own, over this test's databases.

    It forgets old sign-ups after ten minutes, not at once: a test may be amid registering somebody as of yesterday.
    """
    from kliento.domain.outbox.models import Periodic

    Periodic.objects.create(name="accounts.purge_signups", due_at=now() + timedelta(minutes=10))
    with serving(db, loaded) as product:
        yield product


@pytest.fixture(scope="session")
def base_url() -> str:
    """Empty: pages are opened at `served.url`. Replaces a fixture that newer pytest warns about."""
    return ""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The machine's own Chromium; Playwright's download is not needed."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail("Chromium is not installed. On Debian: apt-get install chromium", pytrace=False)
    expect.set_options(timeout=_PATIENCE_MILLISECONDS)
    return {"executable_path": chromium, "args": _CHROMIUM_FLAGS, "headless": True}


@pytest.fixture
def tablet(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], served: Served, tmp_path: Path
) -> Iterator["Tablet"]:
    """What stands at a counter: a browser with a profile of its own, which can be closed, killed and opened again."""
    from tests.interfaces.counter.counters import Tablet

    tablet = Tablet(browser_type, browser_type_launch_args, served, tmp_path / "profile")
    yield tablet
    tablet.close()
