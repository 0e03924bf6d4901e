"""The PDF read back from its bytes: page, text, fonts, rare characters, repeated heads."""

import re
import socket
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session
from weasyprint.urls import FatalURLFetchingError

from registry.errors import CannotIssue
from reports.documents import fonts
from reports.documents.paper import CheckMark, Column, NewPage, Paper, Paragraph, Table
from reports.documents.pdf import printed, to_pdf
from tests.reports.documents.papers import CHINESE, briefing_on, lay_out_places, paper_of
from tests.reports.figures.worlds import HUANGPU

pytestmark = pytest.mark.usefixtures("only_once")

RARE = "喆堃䶮㛃"
MILLIMETRE = 72 / 25.4


def reader_of(data: bytes) -> PdfReader:
    return PdfReader(BytesIO(data))


def small_paper(*annexes: object, check_url: str = "") -> Paper:
    return Paper(
        locale="zh",
        title_lines=("黄浦区", "简报"),
        draft_mark="（代拟稿）",
        example_mark="",
        body=(Paragraph(f"负责人为张{RARE}。"),),
        dated="2026年11月23日",
        annexes=annexes,
        stamp_line=("填表人",),
        check=CheckMark("7f3k9-ab2c4", check_url, "可核对。"),
    )


@pytest.fixture(scope="module")
def plain() -> PdfReader:
    """A paper with rare characters and a table that is longer than a page."""
    long_table = Table(
        "附表",
        (Column("街镇名称", 60), Column("人数", 40, is_number=True)),
        [(f"第{number}街道", str(number)) for number in range(1, 61)],
    )
    return reader_of(to_pdf(small_paper(NewPage(), long_table), CHINESE))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


def test_the_briefing_reads_back_as_it_was_written(session: Session) -> None:
    lay_out_places(session)
    paper = paper_of(briefing_on(session, HUANGPU))

    text = text_of(reader_of(to_pdf(paper, CHINESE)))

    assert paper.title in text
    assert "计入从业人员277人，其中具有相关专业学历的人员83人，占29.96%" in text
    for row in paper.tables[0].rows:
        assert "".join(row) in text
    assert "核验码：7f3k9-ab2c4" in text
    assert paper.check.url in text


def test_the_page_is_a4_with_the_margins_of_the_standard(plain: PdfReader) -> None:
    box = plain.pages[0].mediabox
    assert [round(float(side) / MILLIMETRE) for side in (box.width, box.height)] == [210, 297]
    places: list[tuple[float, float]] = []

    def note(text: str, _cm: object, tm: list[float], _font: object, _size: object) -> None:
        if text.strip():
            places.append((tm[4], tm[5]))

    plain.pages[0].extract_text(visitor_text=note)
    assert min(x for x, _y in places) >= 28 * MILLIMETRE - 1


def test_pages_are_numbered_between_dashes(plain: PdfReader) -> None:
    assert len(plain.pages) >= 3
    for number, page in enumerate(plain.pages, start=1):
        assert f"— {number} —" in page.extract_text()


def test_the_head_of_a_table_is_repeated_on_each_page(plain: PdfReader) -> None:
    with_rows = [page for page in plain.pages if re.search(r"第\d+街道", page.extract_text())]

    assert len(with_rows) > 1
    assert all("街镇名称" in page.extract_text() for page in with_rows)


def test_rare_characters_of_names_are_printed_from_a_font_that_has_them(plain: PdfReader) -> None:
    assert f"张{RARE}" in text_of(plain)
    glyphs = {character: glyph_of(plain, character) for character in RARE}
    assert all(glyph for glyph in glyphs.values()), glyphs


def test_every_font_is_embedded(plain: PdfReader) -> None:
    for name, font in fonts_of(plain):
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), name


@pytest.mark.parametrize("address", ["http://example.com/a.png", "file:///etc/hostname"])
def test_nothing_is_fetched_from_anywhere(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    called: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **_options: called.append(asked))

    with pytest.raises(FatalURLFetchingError):
        printed(f'<img src="{address}">')

    assert called == []


def test_without_chinese_fonts_nothing_is_issued_and_the_package_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "is_installed", lambda family: False)

    with pytest.raises(CannotIssue, match="fonts-noto-cjk"):
        to_pdf(small_paper(), CHINESE)


def test_a_font_that_is_not_there_is_not_taken_for_another() -> None:
    assert fonts.is_installed("Noto Serif CJK SC")
    assert not fonts.is_installed("No Such Font SC")


def test_without_a_public_address_there_is_a_code_and_no_qr() -> None:
    with_url, without = (
        reader_of(to_pdf(small_paper(check_url=url), CHINESE)) for url in ("http://127.0.0.1/check/x", "")
    )

    assert "http://127.0.0.1/check/x" in text_of(with_url)
    assert "7f3k9-ab2c4" in text_of(without)
    assert "http" not in text_of(without)


def fonts_of(reader: PdfReader) -> list[tuple[str, object]]:
    found = {}
    for page in reader.pages:
        for reference in page["/Resources"].get("/Font", {}).values():
            font = reference.get_object()
            found[str(font["/BaseFont"])] = font
    return list(found.items())


def glyph_of(reader: PdfReader, character: str) -> int:
    """The number of the glyph that stands for the character; 0 is the empty box."""
    for _name, font in fonts_of(reader):
        table = font["/ToUnicode"].get_object().get_data().decode()
        wanted = character.encode("utf-16-be").hex()
        found = re.search(rf"<([0-9a-f]{{4}})>\s*<{wanted}>", table)
        if found:
            return int(found[1], 16)
    return 0
