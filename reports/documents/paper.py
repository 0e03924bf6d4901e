"""What a document says, before it is laid out: PDF and Word are given the same paper and add no word to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

VIEW_BOX = re.compile(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class Heading:
    """一、总体情况."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body, or a note in smaller type."""

    text: str
    is_note: bool = False


@dataclass(frozen=True)
class Column:
    """`share` is the part of the table's width, in percent."""

    label: str
    share: float
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of texts; the head is repeated on every page, the last row may be a total."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    has_total: bool = False


@dataclass(frozen=True)
class Picture:
    """A drawing in SVG with what it shows in words; `width` is in millimetres on the page."""

    caption: str
    svg: str
    alt: str
    width: float

    @property
    def height(self) -> float:
        """In millimetres, by the proportions of the drawing."""
        box = VIEW_BOX.search(self.svg)
        if box is None:
            raise ValueError("a drawing needs a viewBox")
        return self.width * float(box[2]) / float(box[1])


@dataclass(frozen=True)
class NewPage:
    """What follows begins a page."""


@dataclass(frozen=True)
class Facts:
    """Labels and what stands beside them, one pair a line, with a picture to their right where there is one."""

    lines: Sequence[tuple[str, str]]
    picture: Picture | None = None


class Layout(StrEnum):
    """How the page is cut: as GB/T 9704 asks, or as a sheet to be read at arm's length."""

    OFFICIAL = "official"
    SHEET = "sheet"


Block = Heading | Paragraph | Table | Picture | NewPage | Facts


@dataclass(frozen=True)
class CheckMark:
    """The foot of the last page: under which code, and where, the paper can be checked."""

    code: str
    """As it is printed, in groups."""
    url: str
    """What the QR holds; empty where the portal's public address is not set, and then there is no QR."""
    sentence: str


@dataclass(frozen=True)
class Paper:
    """A whole document."""

    locale: str
    title_lines: Sequence[str]
    """Broken where the words allow it, as GB/T 9704 asks."""
    draft_mark: str
    """「（代拟稿）」: the office that sends it out writes its own head."""
    example_mark: str
    """Said under the title where made-up data are counted; empty for real data."""
    body: Sequence[Block]
    dated: str
    """成文日期."""
    annexes: Sequence[Block]
    stamp_line: Sequence[str]
    """What is filled in by hand: 单位（盖章）, 填表人 …"""
    check: CheckMark
    layout: Layout = Layout.OFFICIAL

    @property
    def title(self) -> str:
        """On one line."""
        return ("" if self.locale == "zh" else " ").join(self.title_lines)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Body and annexes in order."""
        return (*self.body, *self.annexes)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def sentences(self) -> str:
        """Every paragraph of the body, for whoever compares text with tables."""
        return "\n".join(block.text for block in self.body if isinstance(block, Paragraph))
