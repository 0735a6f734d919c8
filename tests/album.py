"""Pictures of what people saw during a journey, for whoever looks at it afterwards."""

from pathlib import Path

from django.db import connection
from playwright.sync_api import Page

_OUT = Path(__file__).parents[1] / "out"


class Album:
    """Numbered pictures of what a person saw, in `out/<name>-<engine>/`: both engines may be tried at once."""

    def __init__(self, name: str) -> None:
        self._folder = _OUT / f"{name}-{connection.vendor}"
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob("*.png"):
            old.unlink(missing_ok=True)

    def take(self, page: Page, name: str) -> None:
        """One picture of the whole page."""
        number = len(list(self._folder.glob("*.png"))) + 1
        page.screenshot(path=self._folder / f"{number:02}-{name}.png", full_page=True)
