"""SVG as text, for paper and for pages: presentation attributes only, which every renderer and every CSP accepts."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from reports.coverage.shades import BORDER, INK, PALE, PAPER, RAMP, LegendEntry, Shade

FONTS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
HATCH = "#8A94A6"
HATCHES = {Shade.BLANK: "M0 6L6 0M-1 1L1 -1M5 7L7 5", Shade.NOBODY: "M0 3H6"}
"""Slanting lines where no institution is, level ones where an institution has nobody."""
WIDE = 0x2E80
"""From here on a character is as wide as it is high."""
NARROW_WIDTH = 0.58
PIECES = re.compile(r"[（「“]*(?:[^\s\u2e80-\uffff“”]+|[\u2e80-\uffff“”])[，。、；：）」”]*\s*")
"""One Chinese character or one word of others, with the marks that must not leave it."""


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """One element; an underscore in a name stands for a hyphen, an empty value is left out."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value not in ("", None)
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def text(words: str, x: float, y: float, **attributes: object) -> str:
    """Letters, escaped."""
    placed = {"x": _short(x), "y": _short(y), "fill": INK} | attributes
    return element("text", escape(words), **placed)


def box(x: float, y: float, width: float, height: float, **attributes: object) -> str:
    """A rectangle."""
    return element("rect", x=_short(x), y=_short(y), width=_short(width), height=_short(height), **attributes)


def document(
    width: float, height: float, *, key: str, title: str, description: str, body: Iterable[str]
) -> str:
    """The whole picture with its text alternative; `key` keeps its ids apart from those of another picture."""
    content = (
        element("title", escape(title), id=f"{key}-title"),
        element("desc", escape(description), id=f"{key}-desc"),
        element("defs", "".join(hatch(shade, f"{key}-{shade.value}") for shade in HATCHES)),
        box(0, 0, width, height, fill=PAPER),
        *body,
    )
    return element(
        "svg",
        "\n".join(content),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        width=_short(width),
        height=_short(height),
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        font_family=FONTS,
    )


def fill_of(shade: Shade, key: str) -> str:
    """The value of `fill`."""
    return RAMP.get(shade) or f"url(#{key}-{shade.value})"


def legend(
    entries: Sequence[LegendEntry], *, title: str, key: str, x: float, y: float, row: float
) -> list[str]:
    """A column of samples with their words."""
    drawn = [text(title, x, y + row * 0.7, font_size=13, font_weight=600)]
    for number, entry in enumerate(entries, start=1):
        top = y + number * row
        sample = {"fill": fill_of(entry.shade, key), "stroke": BORDER, "stroke_width": 1}
        drawn.append(box(x, top + 2, 26, row - 6, **sample))
        drawn.append(text(entry.words, x + 34, top + row * 0.7, font_size=12))
    return drawn


def notes(lines: Iterable[str], *, x: float, y: float, width: float, size: float = 11) -> list[str]:
    """Sentences at the foot, broken into lines."""
    broken = [line for sentence in lines for line in wrapped(sentence, width, size)]
    return [
        text(line, x, y + (number + 1) * size * 1.5, font_size=size, fill=PALE)
        for number, line in enumerate(broken)
    ]


def wrapped(sentence: str, width: float, size: float) -> list[str]:
    """Lines that are not wider; Chinese breaks anywhere, other words between words."""
    lines, line = [], ""
    for word in _words(sentence):
        if line and width_of(line + word.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def width_of(words: str, size: float) -> float:
    """About how wide letters of a size are."""
    return sum(1.0 if ord(letter) >= WIDE else NARROW_WIDTH for letter in words) * size


def _words(sentence: str) -> Iterable[str]:
    """Pieces between which a line may break: no line begins with a stop or ends with an opening bracket."""
    return PIECES.findall(sentence)


def hatch(shade: Shade, name: str) -> str:
    """The pattern of a hatch under an id."""
    lines = element("path", d=HATCHES[shade], stroke=HATCH, stroke_width=1.2, fill="none")
    return element(
        "pattern",
        box(0, 0, 6, 6, fill="#F5F7FA") + lines,
        id=name,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
