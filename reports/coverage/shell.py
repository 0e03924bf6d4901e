"""The map's frame by folium: the container, the scripts and sheets it needs, the lines that start it.

Nothing is taken from folium's usual addresses: the caller names files of its own. Areas and points are layers of our
own that read their values from the page, so that folium writes a kilobyte however much the map shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAME = "portal"
CONTAINER = f"map_{NAME}"


@dataclass(frozen=True)
class Shell:
    """Three pieces of a page; each is our own text, none holds data."""

    head: str
    body: str
    script: str
    """Without its tag."""


def map_shell(*, scripts: Mapping[str, str], sheets: Mapping[str, str], nonce: str = "") -> Shell:
    """A map without tiles whose scripts and sheets lie at these addresses, in this order."""
    import folium
    from branca.element import CssLink, JavascriptLink

    frame = folium.Map(
        location=(31.2, 121.5),  # until the layers say where they lie
        tiles=None,
        attributionControl=False,
        zoomControl=False,
        scrollWheelZoom=False,
        zoomSnap=0.25,
        maxZoom=18,
    )
    frame._id = NAME  # noqa: SLF001  # folium draws a random one, and an unchanged page must stay the same
    frame.default_js, frame.default_css = list(scripts.items()), list(sheets.items())
    for layer in ("areas", "sites", "controls"):
        frame.add_child(_layer(layer), name=layer)
    root: Any = frame.get_root()
    root.render()
    links = [
        child.render()
        for child in root.header._children.values()  # noqa: SLF001  # folium has no other way to its links
        if isinstance(child, JavascriptLink | CssLink)
    ]
    return Shell(_with_nonce("\n".join(links), nonce), root.html.render(), root.script.render())


def _layer(name: str) -> Any:
    """A layer that the page's own script draws."""
    from branca.element import MacroElement
    from jinja2 import Template

    layer: Any = MacroElement()  # type: ignore[no-untyped-call]  # branca has no types here
    layer._id = name  # noqa: SLF001  # for the same reason
    layer._template = Template(  # noqa: SLF001  # folium's way; no data is in it
        "{% macro script(this, kwargs) %}portalMap." + name + "({{ this._parent.get_name() }});{% endmacro %}"
    )
    return layer


def _with_nonce(markup: str, nonce: str) -> str:
    if not nonce:
        return markup
    return markup.replace("<script ", f'<script nonce="{nonce}" ').replace(
        "<link ", f'<link nonce="{nonce}" '
    )
