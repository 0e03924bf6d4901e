"""The page and the styles of a Word file, by GB/T 9704-2012, with the font names that offices have."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

CAPTION, NOTE, MARK, DATED = "附件标题", "说明", "标识", "成文日期"
CELL, HEAD_CELL, CHECK, PICTURE = "表格", "表头", "核验", "图"

FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"

LINE = 28.95
"""Points: 22 lines in 225 mm."""
PITCH_TWIPS = 579

AFTER_SNAP = ("w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:outlineLvl", "w:rPr")
"""What comes after `snapToGrid` in the schema."""


def lay_page(document: "Document", *, is_chinese: bool) -> None:
    """A4 with the margins of the standard, and its grid for Chinese; page numbers outside."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    for grid in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001  # python-docx has no grid of its own
        section._sectPr.remove(grid)  # noqa: SLF001  # as above
    if is_chinese:
        grid = OxmlElement("w:docGrid")
        for name, value in (("type", "lines"), ("linePitch", PITCH_TWIPS)):
            grid.set(qn(f"w:{name}"), str(value))
        section._sectPr.append(grid)  # noqa: SLF001  # as above
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer, is_right=True)
    _number(section.even_page_footer, is_right=False)


def make_styles(document: "Document", *, is_chinese: bool) -> None:
    """正文, 标题, 一级标题 and what the annexes need."""
    body = 16 if is_chinese else 12
    indent = 2 * body if is_chinese else 0
    line = LINE if is_chinese else 18
    styles = document.styles
    _shape(styles["Normal"], FANGSONG, body, line=line, indent=indent, align=3, after=0 if is_chinese else 6)
    _shape(styles["Title"], XIAOBIAOSONG, 22 if is_chinese else 18, line=34, align=1, after=14, is_bold=False)
    _shape(styles["Heading 1"], HEITI, body, line=line, indent=indent, is_bold=False, keeps_next=True)
    for name, font, size, options in (
        (CAPTION, HEITI, 12, {"line": 18, "align": 0, "after": 4}),
        (
            NOTE,
            FANGSONG,
            12 if is_chinese else 10,
            {"line": 20, "indent": 24 if is_chinese else 0, "align": 3},
        ),
        (MARK, KAITI, 14, {"line": 24, "align": 1}),
        (DATED, FANGSONG, body, {"line": line, "align": 2, "before": line}),
        (CELL, SONGTI, 10.5 if is_chinese else 9, {"line": 15, "align": 0}),
        (HEAD_CELL, HEITI, 9.5 if is_chinese else 7.5, {"line": 14 if is_chinese else 11, "align": 1}),
        (CHECK, SONGTI, 10.5, {"line": 20, "align": 0}),
        (PICTURE, FANGSONG, body, {"align": 1, "keeps_next": True}),
    ):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        _shape(style, font, size, **options)
    for name in ("Title", CAPTION, NOTE, CELL, HEAD_CELL, CHECK, PICTURE):
        _leave_grid(styles[name])
    _indent_right(styles[DATED], 4 * body)
    _tabs(styles[CHECK])


def _shape(
    style: Any,
    font: str,
    size: float,
    *,
    line: float | None = None,
    indent: float = 0,
    align: int | None = None,
    before: float = 0,
    after: float = 0,
    is_bold: bool | None = None,
    keeps_next: bool = False,
) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = LATIN, Pt(size), is_bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win over ours
    fonts.set(qn("w:eastAsia"), font)
    _speak_chinese(style)
    shape = style.paragraph_format
    shape.first_line_indent, shape.alignment, shape.keep_with_next = Pt(indent), align, keeps_next
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing = Pt(line) if line else 1.0  # a picture is as high as it is
    for border in style.element.iter(qn("w:pBdr")):  # the template draws a line under its title
        border.getparent().remove(border)
        break


def _speak_chinese(style: Any) -> None:
    """Without it punctuation is set as in Taiwan or Japan."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    language = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN")):
        language.set(qn(f"w:{name}"), value)
    style.element.get_or_add_rPr().append(language)


def _leave_grid(style: Any) -> None:
    """Small type does not stand on the lines of the body."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    style.element.get_or_add_pPr().insert_element_before(snap, *AFTER_SNAP)


def _indent_right(style: Any, points: float) -> None:
    from docx.shared import Pt

    style.paragraph_format.right_indent = Pt(points)


def _tabs(style: Any) -> None:
    """Where the second and third label of the stamping line begin."""
    from docx.shared import Mm

    for place in (52, 104):
        style.paragraph_format.tab_stops.add_tab_stop(Mm(place))


def _number(footer: Any, *, is_right: bool) -> None:
    """— 1 — in 4号, one character in from the outer side."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    shape = paragraph.paragraph_format
    shape.alignment, shape.first_line_indent = (2 if is_right else 0), Pt(0)
    shape.left_indent = shape.right_indent = Pt(14)
    for part in ("— ", None, " —"):
        run = paragraph.add_run(part or "")
        run.font.size, run.font.name = Pt(14), SONGTI
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONGTI)  # noqa: SLF001  # no public way
        if part is None:
            _field(run, OxmlElement, qn)


def _field(run: Any, element: Any, qn: Any) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("separate", None), (None, "1"), ("end", None)):
        if kind:
            mark = element("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = element("w:instrText" if text == "PAGE" else "w:t")
            mark.text = text
        run._r.append(mark)  # noqa: SLF001  # python-docx has no fields
