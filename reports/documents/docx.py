"""A paper as a Word file: styles with the fonts of GB/T 9704, real tables with repeated heads, page numbers as fields.

It opens and edits in WPS and Word; whoever wants another look changes a style, not a paragraph.
"""

from collections.abc import Sequence
from functools import singledispatchmethod
from io import BytesIO
from typing import TYPE_CHECKING, Any

from registry.messages import N_
from reports.documents.docx_sheet import SHEET_WIDTH, add_facts, lay_sheet, make_sheet_styles
from reports.documents.docx_styles import (
    CAPTION,
    CELL,
    CHECK,
    DATED,
    MARK,
    NOTE,
    PICTURE,
    lay_page,
    make_styles,
)
from reports.documents.docx_tables import add_table
from reports.documents.paper import (
    Block,
    Facts,
    Heading,
    Layout,
    NewPage,
    Paper,
    Paragraph,
    Picture,
    Table,
)
from reports.documents.qr import qr_png
from reports.documents.speech import Speech

if TYPE_CHECKING:
    from docx.document import Document

PIXELS_PER_MM = 12
"""Of pictures: 300 to the inch."""
QR_WIDTH = 22
TYPE_WIDTH = 156
"""Millimetres of the type area."""


def to_docx(paper: Paper, say: Speech) -> bytes:
    """The bytes of the file."""
    import docx

    document = docx.Document()
    document.core_properties.title = paper.title
    document.core_properties.author = ""
    lay_page(document, is_chinese=say.is_chinese)
    make_styles(document, is_chinese=say.is_chinese)
    is_sheet = paper.layout is Layout.SHEET
    if is_sheet:
        lay_sheet(document)
        make_sheet_styles(document, is_chinese=say.is_chinese)
    _Writer(document, say, SHEET_WIDTH if is_sheet else TYPE_WIDTH).write(paper)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


class _Writer:
    """Writes the blocks of a paper one after another."""

    def __init__(self, document: "Document", say: Speech, width: float) -> None:
        self.width = width
        self.document = document
        self.say = say
        self.starts_page = False

    def write(self, paper: Paper) -> None:
        self._title(paper.title_lines)
        if paper.draft_mark or paper.layout is Layout.OFFICIAL:
            self._paragraph(paper.draft_mark, MARK)
        if paper.example_mark:
            self._paragraph(paper.example_mark, MARK)
        self._all(paper.body)
        if paper.dated:
            self._paragraph(paper.dated, DATED)
        self._all(paper.annexes)
        self._foot(paper)

    def _all(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            self._add(block)

    @singledispatchmethod
    def _add(self, block: Block) -> None:
        raise TypeError(block)

    @_add.register
    def _(self, block: Heading) -> None:
        self._paragraph(block.text, "Heading 1")

    @_add.register
    def _(self, block: Paragraph) -> None:
        self._paragraph(block.text, NOTE if block.is_note else "Normal")

    @_add.register
    def _(self, block: NewPage) -> None:
        self.starts_page = True

    @_add.register
    def _(self, block: Picture) -> None:
        paragraph = self._paragraph("", PICTURE)
        data = _rasterised(block)
        self._picture(paragraph, data, width=block.width, alt=block.alt)
        self._paragraph(block.caption, CAPTION).paragraph_format.alignment = 1

    @_add.register
    def _(self, block: Table) -> None:
        if block.caption:
            self._paragraph(block.caption, CAPTION).paragraph_format.keep_with_next = True
        add_table(self.document, block, width_mm=self.width)
        self._paragraph("", CELL)

    @_add.register
    def _(self, block: Facts) -> None:
        picture = block.picture
        drawn = BytesIO(_rasterised(picture)) if picture else None
        add_facts(self.document, block, drawn, width_mm=self.width)

    def _title(self, lines: Sequence[str]) -> None:
        run = self.document.add_paragraph(style="Title").add_run(lines[0])
        for line in lines[1:]:
            run.add_break()
            run.add_text(line)

    def _paragraph(self, text: str, style: str) -> Any:
        paragraph = self.document.add_paragraph(text, style=style)
        if self.starts_page:
            paragraph.paragraph_format.page_break_before = True
            self.starts_page = False
        return paragraph

    def _foot(self, paper: Paper) -> None:
        labels = list(paper.stamp_line)
        for row in (row for row in (labels[:3], labels[3:]) if labels):
            self._paragraph("\t".join(row), CHECK).paragraph_format.keep_with_next = True
        check = paper.check
        if check.url:
            paragraph = self._paragraph("", PICTURE)
            paragraph.paragraph_format.alignment = 0
            self._picture(paragraph, qr_png(check.url), width=QR_WIDTH, alt=check.url)
        words = (self.say(N_("核验码：")) + check.code, check.sentence, check.url)
        for line in words:
            if line:
                self._paragraph(line, CHECK)

    def _picture(self, paragraph: Any, data: bytes, *, width: float, alt: str) -> None:
        from docx.shared import Mm

        shape = paragraph.add_run().add_picture(BytesIO(data), width=Mm(width))
        properties = shape._inline.docPr  # noqa: SLF001  # python-docx offers no other way to the text alternative
        properties.set("descr", alt)


def _rasterised(picture: Picture) -> bytes:
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=picture.svg, width=round(picture.width * PIXELS_PER_MM)))
