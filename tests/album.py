"""Pictures of what people saw during a journey, for whoever looks at it afterwards."""

from pathlib import Path

from playwright.sync_api import Page


class Album:
    """Numbered pictures of what a person saw."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()

    def take(self, page: Page, name: str) -> None:
        """One picture of the whole page."""
        number = len(list(self._folder.glob("*.png"))) + 1
        page.screenshot(path=self._folder / f"{number:02}-{name}.png", full_page=True)
