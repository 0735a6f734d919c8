"""How a page is looked at: on a phone and at a desk, in light and dark, and where a page is narrow.

The way to a page takes longer than a look at it: go there once, then look in each of these.
"""

from collections.abc import Callable

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PHONE_LIGHT, PHONE_DARK = (390, 844, "light"), (390, 844, "dark")
DESK_LIGHT, DESK_DARK = (1280, 800, "light"), (1280, 800, "dark")
View = tuple[int, int, str]

# What 400 % zoom leaves of a 1280 px screen (WCAG 2.2, 1.4.10).
_NARROW = (320, 640, "light")
# Of what it found, what is wrong: the rest is a megabyte on some pages.
_VIOLATIONS = """async () => {
    // A page that is still moving has colours which are none of ours.
    const moving = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(moving.map((each) => each.finished));
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.map((each) => [each.id, each.nodes.map((node) => node.html)]);
}"""
# WCAG 2.5.8 leaves out links within a sentence; ours are in paragraphs and in lists of words.
_SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, textarea")]
    .filter((each) => each.checkVisibility() && each.type !== "hidden" && !each.closest("p, li:not([class]), .skip"))
    .map((each) => [each, (each.closest(".row, .choice, .ask-choice") ?? each).getBoundingClientRect()])
    .filter(([each, box]) => box.height < 47.5)
    .map(([each, box]) => `${Math.round(box.height)} px: ${each.outerHTML.slice(0, 120)}`)"""


def violations_on(page: Page) -> list[tuple[str, list[str]]]:
    """Axe's rules that this page breaks as it is now, and where."""
    if page.evaluate("typeof axe") == "undefined":  # it stays until the page goes
        page.evaluate(AXE_SCRIPT)
    return [(rule, nodes) for rule, nodes in page.evaluate(_VIOLATIONS)]


def faults_of(page: Page, *views: View, seen: Callable[[View], object] = id) -> dict[str, object]:
    """What is wrong with this page: violations in any of these views; sideways scrolling and small targets at 320 px.

    `seen` is told when the page stands in a view. It is left in the first one.
    """
    found: dict[str, object] = {}
    for view in views:
        _show(page, view)
        if violations := violations_on(page):
            found[str(view)] = violations
        seen(view)
    _show(page, _NARROW)
    if (width := page.evaluate("document.documentElement.scrollWidth")) > _NARROW[0]:
        found["sideways"] = width
    if targets := page.evaluate(_SMALL_TARGETS):
        found["small"] = targets
    _show(page, views[0])
    return found


def _show(page: Page, view: View) -> None:
    """In this size and scheme, at once: a colour on its way to another is none of ours.

    A hand that moves keeps an answer of the till where it is.
    """
    width, height, scheme = view
    page.mouse.move(1, 1)
    page.mouse.move(2, 2)
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
