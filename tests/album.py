"""Pictures of what people saw during a journey, for whoever looks at it afterwards."""

from pathlib import Path
from typing import ClassVar

from django.db import connection
from playwright.sync_api import Page

_OUT = Path(__file__).parents[1] / "out"


class Album:
    """Numbered pictures of what a person saw, in `out/<name>-<engine>/`: both engines may be tried at once.

    They are taken with --full alone: a picture of a whole page costs as much as looking for what is wrong with it.
    """

    wanted: ClassVar[bool] = False

    def __init__(self, name: str) -> None:
        self._folder = _OUT / f"{name}-{connection.vendor}"
        if not self.wanted:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob("*.png"):
            old.unlink(missing_ok=True)

    def take(self, page: Page, name: str) -> None:
        """One picture of the whole page."""
        if not self.wanted:
            return
        number = len(list(self._folder.glob("*.png"))) + 1
        page.screenshot(path=self._folder / f"{number:02}-{name}.png", full_page=True)
