"""A briefing as a paper: the order of its sections, tables, pictures and the foot."""

from collections.abc import Iterator
from datetime import date

from registry.clock import today
from registry.documents.codes import grouped
from registry.messages import N_
from reports.documents.briefing import Briefing
from reports.documents.briefing_tables import institutions_table, notes, parts_table
from reports.documents.briefing_text import body, title_lines
from reports.documents.ledger_tables import people_note, people_tables
from reports.documents.paper import Block, CheckMark, Heading, NewPage, Paper
from reports.documents.pictures import Maps, pictures
from reports.documents.speech import Speech
from reports.documents.words import place_of

STAMP_LINE = (
    N_("单位（盖章）"),
    N_("填表人"),
    N_("审核人"),
    N_("负责人"),
    N_("联系电话"),
    N_("填报日期"),
)


def briefing_paper(briefing: Briefing, *, code: str, check_url: str, maps: Maps, say: Speech) -> Paper:
    """The whole paper; `check_url` is empty where the portal's public address is not set."""
    example = N_("示例数据，仅供演示，不得作为工作依据") if briefing.has_examples else ""
    return Paper(
        locale=say.locale,
        title_lines=title_lines(briefing, say),
        draft_mark=say(N_("（代拟稿）")),
        example_mark=say(example) if example else "",
        body=tuple(body(briefing, say)),
        dated=say.day(_dated_on(briefing)),
        annexes=tuple(_annexes(briefing, maps, say)),
        stamp_line=tuple(say(label) for label in STAMP_LINE),
        check=CheckMark(grouped(code), check_url, _check_sentence(check_url, say)),
    )


def _dated_on(briefing: Briefing) -> date:
    """成文日期 is the day of writing, not the day of which it speaks."""
    return today(briefing.computed_at)


def _annexes(briefing: Briefing, maps: Maps, say: Speech) -> Iterator[Block]:
    table = parts_table(briefing, say)
    if table is not None:
        yield NewPage()
        yield table
    yield from pictures(briefing, say, maps)
    yield from _lists(briefing, say)
    yield from notes(briefing, say)


def _lists(briefing: Briefing, say: Speech) -> Iterator[Block]:
    if briefing.institutions:
        yield NewPage()
        yield institutions_table(briefing, say)
    if briefing.people:
        yield NewPage()
        yield Heading(say(N_("附表　%(place)s从业人员名单"), place=place_of(briefing, say)))
        yield people_note(say)
        yield from people_tables(briefing.people, say)


def _check_sentence(check_url: str, say: Speech) -> str:
    if check_url:
        return say(N_("扫码或打开“核验”页输入核验码，可核对本件数字、口径、统计日期和明细。"))
    return say(N_("在系统“核验”页输入核验码，可核对本件数字、口径、统计日期和明细。"))
