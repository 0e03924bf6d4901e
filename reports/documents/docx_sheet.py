"""A sheet in a Word file: narrow margins, large type, facts with a picture beside them."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from reports.documents.docx_styles import CAPTION, CELL, CHECK, HEAD_CELL, MARK, NOTE
from reports.documents.paper import Facts, Picture

if TYPE_CHECKING:
    from docx.document import Document

SHEET_WIDTH = 180
"""Millimetres between the margins."""
GAP = 4


def lay_sheet(document: "Document") -> None:
    """A4 with narrow margins and without the grid."""
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = document.sections[0]
    section.top_margin, section.bottom_margin = Mm(14), Mm(12)
    section.left_margin = section.right_margin = Mm(15)
    section.header_distance, section.footer_distance = Mm(8), Mm(6)
    for grid in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001  # python-docx has no grid of its own
        section._sectPr.remove(grid)  # noqa: SLF001  # as above


def make_sheet_styles(document: "Document", *, is_chinese: bool) -> None:
    """The same styles in other sizes; points of type, then of a line."""
    from docx.shared import Pt

    body = (14, 20) if is_chinese else (11.5, 15)
    sizes = {
        "Normal": body,
        "Title": (22, 30),
        "Heading 1": (15, 23),
        CAPTION: (12, 17),
        NOTE: (11, 15),
        MARK: (12, 17),
        CELL: (11, 15) if is_chinese else (10, 13),
        HEAD_CELL: (10.5, 14) if is_chinese else (9, 12),
        CHECK: (9.5, 13),
    }
    for name, (size, line) in sizes.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        shape = style.paragraph_format
        shape.line_spacing, shape.first_line_indent = Pt(line), Pt(0)
        shape.space_before = Pt(6 if name == "Heading 1" else 0)
        shape.space_after = Pt(4 if name == "Title" else 0)


def add_facts(document: "Document", facts: Facts, drawn: BytesIO | None, *, width_mm: float) -> None:
    """One pair a row; the picture stands in a column of its own, merged over all rows."""
    from docx.shared import Mm

    picture = facts.picture
    right = picture.width + GAP if picture else 0
    widths = [28.0, width_mm - 28 - right, *([right] if picture else [])]
    table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    for label, text in facts.lines:
        cells = table.add_row().cells
        _write(cells[0], label, is_bold=True)
        _write(cells[1], text)
        _underline(cells[:2])
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Mm(width)
    if picture and drawn is not None and facts.lines:
        merged = table.cell(0, 2).merge(table.cell(len(facts.lines) - 1, 2))
        _draw(merged, picture, drawn)


def _write(cell: Any, text: str, *, is_bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.alignment = 0
    paragraph.add_run(text).bold = is_bold or None


def _draw(cell: Any, picture: Picture, drawn: BytesIO) -> None:
    from docx.shared import Mm

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing = 1.0
    shape = paragraph.add_run().add_picture(drawn, width=Mm(picture.width))
    shape._inline.docPr.set("descr", picture.alt)  # noqa: SLF001  # python-docx offers no other way to the text alternative
    for extra in cell.paragraphs[1:]:  # merging keeps an empty paragraph of every row
        extra._element.getparent().remove(extra._element)  # noqa: SLF001  # as above


def _underline(cells: Any) -> None:
    """A thin line under each fact."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for cell in cells:
        borders, line = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "4"), ("color", "999999")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
        cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001  # python-docx has no borders of cells
