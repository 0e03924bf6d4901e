"""迎检台账包 as a paper: what is missing first, then the one-page view, then the lists."""

from collections.abc import Iterator

from registry.documents.codes import grouped
from registry.messages import N_
from reports.documents.ledger_tables import people_note, people_table
from reports.documents.one_page_paper import check_sentence, example_mark, page_blocks
from reports.documents.paper import (
    Block,
    CheckMark,
    Column,
    Heading,
    Layout,
    NewPage,
    Paper,
    Paragraph,
    Table,
)
from reports.documents.pictures import Maps
from reports.documents.speech import Speech
from reports.profiles.lines import gap_sentences
from reports.profiles.lists import Listed, cell_text, lists_of, missing_list
from reports.profiles.pack import Pack


def pack_paper(pack: Pack, *, code: str, check_url: str, maps: Maps, say: Speech, taken: str = "") -> Paper:
    """`taken` says who takes people along and what for; empty where there are none."""
    page = pack.page
    return Paper(
        locale=say.locale,
        title_lines=(page.name, say(N_("迎检台账包"))),
        draft_mark=say(N_("截至%(day)s"), day=page.on),
        example_mark=example_mark(page, say),
        body=tuple(_blocks(pack, maps, say, taken)),
        dated="",
        annexes=(),
        stamp_line=(),
        check=CheckMark(grouped(code), check_url, check_sentence(page, say)),
        layout=Layout.SHEET,
    )


def _blocks(pack: Pack, maps: Maps, say: Speech, taken: str) -> Iterator[Block]:
    yield from _missing(pack, say)
    yield NewPage()
    yield Heading(say(N_("一、一页纸")))
    yield from page_blocks(pack.page, maps, say)
    yield NewPage()
    yield Heading(say(N_("二、台账")))
    yield Paragraph(say(N_("事后登记的，在“登记情况”栏注明“补录”和登记日期。")), is_note=True)
    for listed in lists_of(pack, say):
        yield from _list(listed, say)
    if pack.people:
        yield from _people(pack, say, taken)


def _missing(pack: Pack, say: Speech) -> Iterator[Block]:
    """Named first, so that there is still time to mend it."""
    sentences = gap_sentences(pack.page, say)
    yield Heading(say(N_("缺什么（%(count)s项）"), count=len(sentences)))
    if sentences:
        yield table_of(missing_list(sentences, say), say, caption="")
    else:
        yield Paragraph(say(N_("没有发现缺项。")))


def _list(listed: Listed, say: Speech) -> Iterator[Block]:
    if listed.rows:
        caption = say(N_("%(title)s（%(count)s条）"), title=listed.title, count=len(listed.rows))
        yield table_of(listed, say, caption=caption)
    else:
        yield Paragraph(say(N_("%(title)s：没有登记。"), title=listed.title))


def table_of(listed: Listed, say: Speech, *, caption: str) -> Table:
    """A list as a table of texts."""
    columns = [Column(head.label, head.share, head.is_number) for head in listed.heads]
    rows = [[cell_text(value, say) for value in row] for row in listed.rows]
    return Table(caption, columns, rows)


def _people(pack: Pack, say: Speech, taken: str) -> Iterator[Block]:
    """Names are cut, as in a briefing: the paper may be fetched again, the number leads to the person."""
    yield people_note(say, taken)
    caption = say(N_("从业人员（%(count)s人）"), count=len(pack.people))
    yield people_table(caption, pack.people, say)
