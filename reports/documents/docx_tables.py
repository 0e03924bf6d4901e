"""Tables of a Word file, written row by row as elements: a cell at a time would take python-docx seconds."""

from typing import TYPE_CHECKING, Any

from reports.documents.docx_styles import CELL, HEAD_CELL
from reports.documents.paper import Column, Table

if TYPE_CHECKING:
    from docx.document import Document

TWIPS_PER_MM = 1440 / 25.4


def add_table(document: "Document", table: Table, *, width_mm: float) -> None:
    """A table with lines, whose head is repeated on each page and whose rows are not split."""
    widths = [round(column.share / 100 * width_mm * TWIPS_PER_MM) for column in table.columns]
    drawn = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    drawn.autofit = False
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = round(width * 635)  # of a twip in EMU
    _narrow_margins(drawn)
    cells = _Cells(document, table.columns, widths)
    drawn._tbl.append(cells.head())  # noqa: SLF001  # see the head of this file
    last = len(table.rows) - 1
    for place, row in enumerate(table.rows):
        drawn._tbl.append(cells.row(row, is_total=table.has_total and place == last))  # noqa: SLF001  # as above


def _narrow_margins(drawn: Any) -> None:
    """1 mm beside the text, so that nine columns fit the type area."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(TWIPS_PER_MM)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    drawn._tbl.tblPr.append(margins)  # noqa: SLF001  # see the head of this file


class _Cells:
    """Rows as elements."""

    def __init__(self, document: "Document", columns: Any, widths: list[int]) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self.element, self.qn = OxmlElement, qn
        self.columns: list[Column] = list(columns)
        self.widths = widths
        self.cell_style, self.head_style = (document.styles[name].style_id for name in (CELL, HEAD_CELL))

    def head(self) -> Any:
        row = self._row(repeats=True)
        for column, width in zip(self.columns, self.widths, strict=True):
            row.append(self._cell(column.label, width, self.head_style, align="center"))
        return row

    def row(self, texts: Any, *, is_total: bool) -> Any:
        row = self._row(repeats=False)
        for text, column, width in zip(texts, self.columns, self.widths, strict=True):
            align = "right" if column.is_number else "left"
            row.append(self._cell(text, width, self.cell_style, align=align, is_bold=is_total))
        return row

    def _row(self, *, repeats: bool) -> Any:
        row, properties = self.element("w:tr"), self.element("w:trPr")
        properties.append(self.element("w:cantSplit"))
        if repeats:
            properties.append(self.element("w:tblHeader"))
        row.append(properties)
        return row

    def _cell(self, text: str, width: int, style: str, *, align: str, is_bold: bool = False) -> Any:
        cell, properties = self.element("w:tc"), self.element("w:tcPr")
        properties.append(self._with("w:tcW", w=str(width), type="dxa"))
        properties.append(self._with("w:vAlign", val="center"))
        cell.append(properties)
        paragraph, shape = self.element("w:p"), self.element("w:pPr")
        shape.append(self._with("w:pStyle", val=style))
        shape.append(self._with("w:jc", val=align))
        paragraph.append(shape)
        paragraph.append(self._run(text, is_bold=is_bold))
        cell.append(paragraph)
        return cell

    def _run(self, text: str, *, is_bold: bool) -> Any:
        run, said = self.element("w:r"), self.element("w:t")
        if is_bold:
            properties = self.element("w:rPr")
            properties.append(self.element("w:b"))
            run.append(properties)
        said.text = text
        run.append(said)
        return run

    def _with(self, name: str, **values: str) -> Any:
        element = self.element(name)
        for key, value in values.items():
            element.set(self.qn(f"w:{key}"), value)
        return element
