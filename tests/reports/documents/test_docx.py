"""The Word file read back from its bytes: real styles, real tables, fields, text alternatives, the same words."""

import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from docx.oxml.ns import qn
from docx.shared import Mm
from sqlalchemy.orm import Session

from reports.documents.docx import to_docx
from reports.documents.paper import Paper, Paragraph, Picture
from tests.reports.documents.papers import CHINESE, URL, briefing_on, lay_out_places, paper_of
from tests.reports.figures.worlds import HUANGPU

pytestmark = pytest.mark.usefixtures("only_once")


@pytest.fixture(scope="module")
def paper(engine: sa.Engine) -> Paper:
    """One paper for all that only read it; what it was made of is rolled back."""
    with engine.connect() as connection, Session(connection) as session:
        lay_out_places(session)
        return paper_of(briefing_on(session, HUANGPU))


@pytest.fixture(scope="module")
def data(paper: Paper) -> bytes:
    return to_docx(paper, CHINESE)


@pytest.fixture(scope="module")
def written(data: bytes) -> Any:
    return docx.Document(BytesIO(data))


def test_it_says_what_the_paper_says(paper: Paper, written: Any) -> None:
    text = [paragraph.text for paragraph in written.paragraphs]

    assert text[0] == "\n".join(paper.title_lines)
    for block in paper.blocks:
        if isinstance(block, Paragraph):
            assert block.text in text
    rows = [tuple(cell.text for cell in row.cells) for row in written.tables[0].rows]
    assert rows[1:] == [tuple(row) for row in paper.tables[0].rows]
    assert "核验码：7f3k9-ab2c4" in text


def test_the_page_is_that_of_the_standard(written: Any) -> None:
    section = written.sections[0]
    sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)

    assert [round(side / Mm(1)) for side in sides] == [37, 26, 35, 28]
    assert [round(side / Mm(1)) for side in (section.page_width, section.page_height)] == [210, 297]


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [("Title", "方正小标宋简体", 22), ("Normal", "仿宋_GB2312", 16), ("Heading 1", "黑体", 16)],
)
def test_styles_have_the_fonts_of_the_standard(written: Any, style: str, font: str, size: int) -> None:
    found = written.styles[style]

    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size.pt == size


def test_headings_and_body_are_styles_not_paint(written: Any) -> None:
    styles = {paragraph.style.name for paragraph in written.paragraphs}

    assert {"Title", "Heading 1", "Normal"} <= styles
    headings = [paragraph.text for paragraph in written.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings[:3] == ["一、总体情况", "二、各街镇情况", "三、下一步"]


def test_the_head_of_the_table_is_repeated_and_rows_are_not_split(written: Any) -> None:
    rows = written.tables[0]._tbl.tr_lst

    assert rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_page_numbers_are_fields_to_the_outer_side(written: Any) -> None:
    section = written.sections[0]

    for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert "PAGE" in paragraph._p.xml
        assert (paragraph.text[:2], paragraph.text[-2:]) == ("— ", " —")
        assert paragraph.alignment == side


def test_pictures_have_text_alternatives_and_the_qr_its_address(paper: Paper, written: Any) -> None:
    described = [properties.get("descr") for properties in written.element.body.iter(qn("wp:docPr"))]

    assert described == [*(block.alt for block in paper.blocks if isinstance(block, Picture)), URL]


def test_pictures_are_bitmaps_fine_enough_for_print(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        pictures = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]

    widths = sorted(int.from_bytes(picture[16:20], "big") for picture in pictures)
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert widths[-1] > 1500  # 132 mm at 300 to the inch


def test_english_is_set_smaller(session: Session) -> None:
    from portal.translating import catalogue
    from reports.documents.speech import Speech

    lay_out_places(session)
    say = Speech(catalogue("en"), "en")

    written = docx.Document(BytesIO(to_docx(paper_of(briefing_on(session, HUANGPU), say=say), say)))

    assert written.styles["Normal"].font.size.pt == 12
    assert written.tables[0].rows[0].cells[0].text == "Street or town"
