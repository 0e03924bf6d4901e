"""Asks axe-core what keeps people out of a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")


def barriers(page: Page) -> list[str]:
    """One line per serious or critical finding, with the elements that it was found at."""
    _let_settle(page)
    # Evaluated by the debugger, not by the page: the page's security policy stays as it is.
    page.evaluate(axe_source())
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{finding['id']}: {finding['help']} at {[node['target'] for node in finding['nodes']]}"
        for finding in found
        if finding["impact"] in GRAVE
    ]


def _let_settle(page: Page) -> None:
    """A window that is still being resized is judged with the places of before and the colours of after."""
    size = page.viewport_size
    assert size is not None
    page.wait_for_function("width => innerWidth === width", arg=size["width"])
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


@cache
def axe_source() -> str:
    return AXE.read_text(encoding="utf-8")
