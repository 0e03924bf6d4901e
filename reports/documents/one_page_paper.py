"""一页纸 as a paper: a title, facts with the map beside them, open problems, what is missing, the check code."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.documents.codes import grouped
from registry.messages import N_
from registry.organisations.models import Precision
from reports.documents.paper import (
    Block,
    CheckMark,
    Column,
    Facts,
    Heading,
    Layout,
    Paper,
    Paragraph,
    Picture,
    Table,
)
from reports.documents.pictures import Maps
from reports.documents.speech import Speech
from reports.profiles.lines import (
    MOST_GAPS,
    MOST_PROBLEMS,
    gap_sentences,
    lines,
    open_problems,
    problems,
    shown_of,
)
from reports.profiles.one_page import OnePage

if TYPE_CHECKING:
    from reports.coverage.atlas import Layer

MAP_WIDTH = 60
"""Millimetres."""
DISTRICT_LENGTH = 6


def one_page_paper(page: OnePage, *, code: str, check_url: str, maps: Maps, say: Speech) -> Paper:
    """One sheet of A4 for usual data."""
    return Paper(
        locale=say.locale,
        title_lines=(page.name,),
        draft_mark=say(N_("一页纸　截至%(day)s"), day=page.on),
        example_mark=example_mark(page, say),
        body=tuple(page_blocks(page, maps, say)),
        dated="",
        annexes=(),
        stamp_line=(),
        check=CheckMark(grouped(code), check_url, check_sentence(page, say)),
        layout=Layout.SHEET,
    )


def page_blocks(page: OnePage, maps: Maps, say: Speech) -> Iterator[Block]:
    """What stands between the title and the foot."""
    yield Facts([(line.label, line.text) for line in lines(page, say)], locator(page, maps, say))
    yield from _problems(page, say)
    yield from _gaps(page, say)


def example_mark(page: OnePage, say: Speech) -> str:
    """Said where made-up data are counted."""
    return say(N_("示例数据，仅供演示，不得作为工作依据")) if page.has_examples else ""


def check_sentence(page: OnePage, say: Speech) -> str:
    """How the numbers can be checked, and when they were read."""
    sentence = N_("在系统“核验”页输入核验码，可核对本件的学历占比及其人数。数据读取时间：%(time)s。")
    return say(sentence, time=say.moment(page.computed_at))


def locator(page: OnePage, maps: Maps, say: Speech) -> Picture | None:
    """The districts concerned with a sign for each site; None where no outline is known."""
    from reports.coverage.locator import Spot, locator_svg  # geometry costs a paper without a map

    sites = [site for one in page.profiles for site in one.sites if page.is_here(site.division_code)]
    layer, names = _layer(page, maps)
    spots = [
        Spot(site.latitude, site.longitude, site.precision is Precision.EXACT)
        for site in sites
        if site.latitude is not None and site.longitude is not None
    ]
    title = say(N_("%(name)s服务场所位置示意"), name=page.name)
    svg = locator_svg(
        layer,
        spots,
        names=names,
        gettext=say.gettext,
        title=title,
        approval=maps.approval,
        unplaced=len(sites) - len(spots),
    )
    return Picture(say(N_("服务场所位置")), svg, title, MAP_WIDTH) if svg else None


def _layer(page: OnePage, maps: Maps) -> tuple["Layer", dict[str, str]]:
    """The districts of the place; of a street or an institution, those in which its sites lie."""
    parts = [part for part in page.reading.parts if not part.is_rest]
    codes = [part.code for part in parts if len(part.code) == DISTRICT_LENGTH and part.code.isdecimal()]
    names = {part.code: part.name for part in parts}
    if not codes:
        sites = (site for one in page.profiles for site in one.sites if page.is_here(site.located_code))
        codes = sorted({site.located_code[:DISTRICT_LENGTH] for site in sites})
        codes = codes or [page.division_code[:DISTRICT_LENGTH]]
        names = {code: page.places.get(code, "") for code in codes}
    return maps.atlas.layer(codes), names


def _problems(page: OnePage, say: Speech) -> Iterator[Block]:
    every = open_problems(page)
    yield Heading(say(N_("未解决的问题（%(count)s条）"), count=len(every)))
    if not every:
        yield Paragraph(say(N_("没有。")))
        return
    columns = (
        Column(say(N_("问题")), 64),
        Column(say(N_("整改期限")), 20),
        Column(say(N_("情况")), 16),
    )
    shown = problems(page, say, most=shown_of(len(every), MOST_PROBLEMS))
    rows = [(one.what, one.rectify_by.isoformat(), one.state) for one in shown]
    left = len(every) - len(shown)
    caption = say(N_("另有%(count)s条，见迎检台账包。"), count=left) if left > 0 else ""
    yield Table(caption, columns, rows)


def _gaps(page: OnePage, say: Speech) -> Iterator[Block]:
    every = gap_sentences(page, say)
    yield Heading(say(N_("缺什么（%(count)s项）"), count=len(every)))
    shown = every[: shown_of(len(every), MOST_GAPS)]
    text = ("；" if say.is_chinese else "; ").join(shown) or say(N_("没有"))
    left = len(every) - len(shown)
    more = say(N_("；另有%(count)s项，见迎检台账包"), count=left) if left > 0 else ""
    # Of a place each sentence names its institution: in the type of a note they still fit the sheet.
    yield Paragraph(text + more + ("。" if say.is_chinese else "."), is_note=not page.is_of_institution)
