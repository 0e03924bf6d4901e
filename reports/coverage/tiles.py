"""Streets as squares of one size, by code: no boundary of a street could be had, and none is invented."""

from collections.abc import Sequence
from math import ceil, floor

from registry.messages import N_, Gettext
from reports.coverage.choropleth import described, picture_title, value_of
from reports.coverage.shades import BORDER, PALE, legend_of, letters_on, shade_of
from reports.coverage.svg import box, document, fill_of, legend, notes, text, width_of, wrapped
from reports.figures.readings import Part, Reading
from reports.figures.wording import percent_text

WIDTH = 640.0
COLUMNS = 6
GAP = 6.0
SIDE = (WIDTH - 2 * 4 - GAP * (COLUMNS - 1)) / COLUMNS
HEIGHT = 64.0
ROW = 20.0
NAME_SIZE, VALUE_SIZE, NOTE_SIZE = 12.0, 15.0, 11.0
TILES_ARE = N_("示意图，不表示行政区划界线。方块按区划代码排列，大小不代表面积。")


def tiles_svg(reading: Reading, *, gettext: Gettext, key: str = "tiles") -> str:
    """The parts of a reading as tiles; empty where it has none."""
    parts = [part for part in reading.parts if not part.is_rest]
    if not parts:
        return ""
    bottom = ceil(len(parts) / COLUMNS) * (HEIGHT + GAP) + GAP
    entries = legend_of(parts, gettext)
    foot = bottom + ROW * (1 + len(entries))
    sentences = wrapped(gettext(TILES_ARE), WIDTH, NOTE_SIZE)
    body = [
        *(drawn for place, part in enumerate(parts) for drawn in _tile(part, place, key, gettext)),
        *legend(entries, title=gettext(N_("图例")), key=key, x=4, y=bottom, row=ROW),
        *notes(sentences, x=4, y=foot, width=WIDTH, size=NOTE_SIZE),
    ]
    return document(
        WIDTH,
        foot + len(sentences) * NOTE_SIZE * 1.5 + 12,
        key=key,
        title=picture_title(reading, gettext),
        description=described(parts, gettext),
        body=body,
    )


def _tile(part: Part, place: int, key: str, gettext: Gettext) -> Sequence[str]:
    row, column = divmod(place, COLUMNS)
    x, y = 4 + column * (SIDE + GAP), GAP + row * (HEIGHT + GAP)
    shade = shade_of(part)
    ink = letters_on(shade)
    has_value = part.share.denominator > 0
    value = percent_text(part.share) if has_value else value_of(part, gettext)
    name = _fitting(part.name)
    middle = x + SIDE / 2
    return [
        box(x, y, SIDE, HEIGHT, fill=fill_of(shade, key), stroke=BORDER, stroke_width=1),
        *([] if has_value else [box(x + 6, y + 8, SIDE - 12, HEIGHT - 16, fill="#FFFFFF", fill_opacity=0.9)]),
        text(name, middle, y + 26, text_anchor="middle", font_size=NAME_SIZE, fill=ink),
        text(
            value,
            middle,
            y + 48,
            text_anchor="middle",
            font_size=VALUE_SIZE if has_value else _size_of(value),
            font_weight=600 if has_value else "",
            fill=ink if has_value else PALE,
        ),
    ]


def _size_of(words: str) -> float:
    """Of letters that say why there is no value: English needs more room than a tile has."""
    return min(NAME_SIZE, floor(10 * (SIDE - 8) / width_of(words, 1)) / 10)


def _fitting(name: str) -> str:
    """As much of a name as the tile is wide."""
    while width_of(name, NAME_SIZE) > SIDE - 4:
        name = name.removesuffix("…")[:-1] + "…"
    return name
