"""Pictures as SVG text for pages, PDF and word processors: presentation attributes only, so that all read the same.

A picture has a title and a description, which are what a reader without eyes is told.
"""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
FONTS = "Noto Sans CJK SC, sans-serif"

INK, INK_2, RULE, GRID = "#1d2433", "#4a5568", "#6b7688", "#d9dee7"
LINE, TARGET = "#0072b2", "#d55e00"
"""Okabe and Ito's blue and vermilion: told apart by eyes that confuse red and green."""

Value = str | float


class Drawing:
    """One picture in a box of `width` by `height`; what is added last lies on top."""

    def __init__(self, width: float, height: float, *, title: str, description: str = "") -> None:
        box = f"0 0 {_text(width)} {_text(height)}"
        self._root = ET.Element("svg", {"xmlns": SVG, "viewBox": box, "role": "img", "font-family": FONTS})
        self._root.set("aria-label", f"{title} {description}".strip())
        self._root.set("focusable", "false")
        ET.SubElement(self._root, "title").text = title

    def add(self, element: str, text: str | None = None, **attributes: Value) -> None:
        """One element; `stroke_width=2` becomes `stroke-width="2"`."""
        ET.SubElement(self._root, element, _attributes(attributes)).text = text

    def halo(self, text: str, **attributes: Value) -> None:
        """A text with a white rim, to be read across lines; two texts, because not every reader knows paint-order."""
        rim: dict[str, Value] = {"stroke": "#ffffff", "stroke_width": 3, "stroke_linejoin": "round"}
        self.add("text", text, **(attributes | rim | {"fill": "#ffffff"}))
        self.add("text", text, **attributes)

    def hatch(self, key: str) -> str:
        """Declares the pattern for “no data” under an id that is unique on the page; gives what to fill with."""
        definitions = ET.SubElement(self._root, "defs")
        size = {"width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
        pattern = ET.SubElement(definitions, "pattern", {"id": key, "patternTransform": "rotate(45)"} | size)
        ET.SubElement(pattern, "rect", {"width": "6", "height": "6", "fill": "#ffffff"})
        ET.SubElement(pattern, "rect", {"width": "2", "height": "6", "fill": RULE})
        return f"url(#{key})"

    def markup(self, *, width: str = "", height: str = "") -> str:
        """The picture as text, every value in it escaped; a size is for what does not lay pictures out itself."""
        for name, value in (("width", width), ("height", height)):
            if value:
                self._root.set(name, value)
        return ET.tostring(self._root, encoding="unicode")


def _attributes(given: Mapping[str, Value]) -> dict[str, str]:
    return {name.rstrip("_").replace("_", "-"): _text(value) for name, value in given.items()}


def _text(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:g}"
