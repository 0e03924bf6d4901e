"""Districts coloured by a share, as a picture that stands alone: on paper, in a document, and where no script runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from registry.divisions.codes import NATION
from registry.messages import N_, Gettext
from reports.coverage.atlas import Layer
from reports.coverage.drawing import Drawing, Outline, drawing_of
from reports.coverage.shades import (
    BORDER,
    INK,
    PAPER,
    RAMP,
    Shade,
    legend_of,
    letters_on,
    shade_of,
)
from reports.coverage.svg import box, document, element, fill_of, legend, notes, text, width_of, wrapped
from reports.figures.readings import Part, Reading
from reports.figures.shares import Verdict
from reports.figures.wording import percent_text, target_text

WIDTH, TALLEST = 640.0, 560.0
ROW = 20.0
LEGEND_WIDTH = 260.0
KEY_SIZE = 12.0
GAP = 12.0
MARGIN_LEFT = 4.0
MOST_KEYED = 45
"""More numbers than these help nobody: the table has every value."""
NOTE_SIZE = 11.0
NAMED_AT_MOST = 12


@dataclass(frozen=True)
class Label:
    """What stands in an area: its name and value, its value, or the number under which the key names both."""

    outline: Outline
    part: Part
    lines: tuple[str, ...]
    size: float
    is_keyed: bool = False


def choropleth_svg(
    reading: Reading, layer: Layer, *, gettext: Gettext, approval: str = "", key: str = "map"
) -> str:
    """The parts of a reading on a layer made of their codes; `approval` is the map's 审图号.

    Parts without a boundary are named under the map. Empty where no part has one.
    """
    if not layer.areas:
        return ""
    parts = {part.code: part for part in reading.parts if not part.is_rest}
    drawing = drawing_of(layer, WIDTH, TALLEST)
    labels = _labels(drawing, parts)
    keyed = [label for label in labels if label.is_keyed]
    entries = legend_of(parts.values(), gettext)
    below = drawing.height + GAP
    foot = below + ROW * (1 + max(len(entries), _rows_of(keyed, len(entries)))) + GAP / 2
    sentences = sources(layer, parts, gettext=gettext, approval=approval)
    lines = sum(len(wrapped(sentence, WIDTH, NOTE_SIZE)) for sentence in sentences)
    body = [
        *(_area(outline, parts[outline.code], key) for outline in drawing.outlines),
        *(element("path", d=line, fill="none", stroke=INK, stroke_width=1.6) for line in drawing.lines),
        *(words for label in labels for words in _drawn(label)),
        *legend(entries, title=gettext(N_("图例")), key=key, x=MARGIN_LEFT, y=below, row=ROW),
        *_keys(keyed, len(entries), y=below),
        *notes(sentences, x=MARGIN_LEFT, y=foot, width=WIDTH - MARGIN_LEFT, size=NOTE_SIZE),
    ]
    return document(
        WIDTH,
        foot + lines * NOTE_SIZE * 1.5 + GAP,
        key=key,
        title=picture_title(reading, gettext),
        description=described(list(parts.values()), gettext),
        body=body,
    )


def picture_title(reading: Reading, gettext: Gettext) -> str:
    """Which figure, where, on which day, by which rule."""
    place = gettext(N_("全国")) if reading.code == NATION else reading.name
    facts = {
        "figure": gettext(reading.figure.title),
        "place": place,
        "day": reading.on.isoformat(),
        "rule": gettext(reading.rule.title),
    }
    return gettext(N_("%(figure)s：%(place)s，%(day)s，口径为%(rule)s")) % facts


def described(parts: Sequence[Part], gettext: Gettext) -> str:
    """The picture in words: how many reach the target, then each place with its share."""
    verdicts = [part.share.verdict for part in parts]
    facts = {
        "count": len(parts),
        "met": verdicts.count(Verdict.MET),
        "missed": verdicts.count(Verdict.NOT_MET),
        "none": verdicts.count(Verdict.NOT_APPLICABLE),
    }
    summary = gettext(N_("共%(count)s个区划，%(met)s个达标，%(missed)s个未达标，%(none)s个无数据。")) % facts
    places = gettext(N_("、")).join(f"{part.name} {value_of(part, gettext)}" for part in parts)
    return f"{summary} {places}"


def value_of(part: Part, gettext: Gettext) -> str:
    """“31.2%”, or why there is none."""
    shade = shade_of(part)
    if shade is Shade.BLANK:
        return gettext(N_("没有入库机构"))
    return gettext(N_("无计入人员")) if shade is Shade.NOBODY else percent_text(part.share)


def sources(layer: Layer, parts: Mapping[str, Part], *, gettext: Gettext, approval: str) -> list[str]:
    """What stands under a map: the target, whose boundaries, their number of approval, and what is not drawn."""
    target = next((target_text(part.share) for part in parts.values() if part.share.target), "")
    said = (
        [gettext(N_("分级以目标（%(target)s）为界：达标与未达标不同色。")) % {"target": target}]
        if target
        else []
    )
    credit = gettext(layer.credit) if layer.is_shipped else layer.credit
    said += [gettext(N_("边界来源：%(credit)s。")) % {"credit": credit}, approval_words(approval, gettext)]
    if layer.missing:
        names = [parts[code].name for code in layer.missing[:NAMED_AT_MOST]]
        places = {"names": gettext(N_("、")).join(names), "count": len(layer.missing)}
        said.append(gettext(N_("没有边界数据、未画出的区划（%(count)s个）：%(names)s。")) % places)
    return said


def approval_words(approval: str, gettext: Gettext) -> str:
    """The map's number of approval (地图管理条例 Art. 15), or that it is no more than a schematic."""
    if approval:
        return gettext(N_("审图号：%(number)s。")) % {"number": approval}
    return gettext(N_("示意图，不表示行政区划界线。"))


def _labels(drawing: Drawing, parts: Mapping[str, Part]) -> list[Label]:
    inside = [_label(outline, parts[outline.code]) for outline in drawing.outlines]
    too_small = sum(label.is_keyed for label in inside)
    if too_small > MOST_KEYED:
        return [label for label in inside if not label.is_keyed]
    numbers = count(1)
    return [
        Label(label.outline, label.part, (str(next(numbers)),), 10, is_keyed=True)
        if label.is_keyed
        else label
        for label in inside
    ]


def _label(outline: Outline, part: Part) -> Label:
    for lines, size in _wordings(part):
        width = max(width_of(line, size) for line in lines)
        if outline.holds(width + 2, size * 1.3 * len(lines)):
            return Label(outline, part, lines, size)
    return Label(outline, part, (), 10, is_keyed=True)


def _wordings(part: Part) -> list[tuple[tuple[str, ...], float]]:
    """What a label may say and how large, best first; a hatch says by itself that there is no value."""
    if not part.share.denominator:
        return [((part.name,), 12), ((part.name,), 10)]
    value = percent_text(part.share)
    return [((part.name, value), 12), ((part.name, value), 10), ((value,), 10)]


def _drawn(label: Label) -> list[str]:
    shade = shade_of(label.part)
    pitch = label.size * 1.25
    top = label.outline.y - pitch * (len(label.lines) - 1) / 2 + label.size * 0.36
    style = {"text_anchor": "middle", "font_size": label.size, "fill": letters_on(shade)}
    letters = [
        text(line, label.outline.x, top + number * pitch, **style, font_weight=600 if number else "")
        for number, line in enumerate(label.lines)
    ]
    return letters if shade in RAMP else [_ground(label), *letters]


def _ground(label: Label) -> str:
    """Letters on a hatch need a plain ground."""
    width, height = max(width_of(line, label.size) for line in label.lines) + 4, label.size * 1.3
    left, top = label.outline.x - width / 2, label.outline.y - height / 2
    return box(left, top, width, height, fill=PAPER, fill_opacity=0.85)


def _area(outline: Outline, part: Part, key: str) -> str:
    shade = shade_of(part)
    return element(
        "path",
        d=outline.path,
        fill=fill_of(shade, key),
        fill_rule="evenodd",
        stroke=BORDER,
        stroke_width=1,
        stroke_linejoin="round",
    )


def _words_of_key(label: Label) -> str:
    return f"{label.lines[0]}  {label.part.name}  {percent_text(label.part.share)}"


def _key_width(keyed: Sequence[Label]) -> float:
    return max((width_of(_words_of_key(label), KEY_SIZE) for label in keyed), default=1.0) + GAP


def _rows_of(keyed: Sequence[Label], at_least: int) -> int:
    """Rows that the key takes in its columns; it is no shorter than the legend beside it."""
    columns = max(1, int((WIDTH - LEGEND_WIDTH) // _key_width(keyed)))
    return max(at_least, -(-len(keyed) // columns))


def _keys(keyed: Sequence[Label], at_least: int, *, y: float) -> list[str]:
    rows, width = _rows_of(keyed, at_least), _key_width(keyed)
    drawn = []
    for place, label in enumerate(keyed):
        column, row = divmod(place, rows)
        x, line = LEGEND_WIDTH + column * width, y + (row + 1) * ROW + ROW * 0.7
        drawn.append(text(_words_of_key(label), x, line, font_size=KEY_SIZE))
    return drawn
