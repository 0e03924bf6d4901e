"""The annexes of a 工作简报: the table of the parts, the lists, the counting rule and where it comes from."""

from collections.abc import Iterator, Sequence

from registry.messages import N_
from registry.workforce.counting import Basis
from reports.documents.beside_text import beside_notes
from reports.documents.briefing import Briefing
from reports.documents.paper import Block, Column, Heading, Paragraph, Table
from reports.documents.speech import Speech
from reports.documents.words import is_of_institutions, noun_of, place_of, verdict_word
from reports.figures.readings import Part, Reading
from reports.figures.shares import Share
from reports.figures.wording import NOTHING, percent_text, reached_text, target_text


def parts_table(briefing: Briefing, say: Speech) -> Table | None:
    """One line for each part, then the rest and the whole; None where there is nothing to list."""
    if not briefing.parts:
        return None
    caption = say(
        N_("附表　%(place)s各%(parts)s%(figure)s（截至%(day)s）"),
        place=place_of(briefing, say),
        parts=noun_of(briefing, say),
        figure=say(briefing.reading.figure.title),
        day=briefing.reading.on,
    )
    if is_of_institutions(briefing):
        return _institutions(caption, briefing.parts, briefing, say)
    lines = [_division_line(part, part.name, say) for part in briefing.parts]
    if briefing.rest is not None:
        lines.append(_division_line(briefing.rest, say(N_("未划入以上区划")), say))
    whole = _division_line(briefing.reading, say(N_("合计")), say)
    return Table(caption, _division_columns(briefing, say), (*lines, whole), has_total=True)


def institutions_table(briefing: Briefing, say: Speech) -> Table:
    """The annex with every institution."""
    caption = say(N_("附表　%(place)s在库机构名单"), place=place_of(briefing, say))
    return _institutions(caption, briefing.institutions, briefing, say)


def notes(briefing: Briefing, say: Speech) -> Iterator[Block]:
    """统计口径 and 依据."""
    reading, target = briefing.reading, briefing.share.target
    named = N_("%(name)s：%(note)s")
    yield Heading(say(N_("统计口径")))
    yield _note(say(named, name=say(reading.figure.numerator), note=say(reading.figure.numerator_note)))
    yield _note(say(named, name=say(reading.figure.denominator), note=say(reading.rule.explanation)))
    by_then = reading.basis is Basis.THEN
    yield _note(say(N_("按统计当日的区划分列。")) if by_then else say(N_("按现行区划分列。")))
    yield from beside_notes(briefing, say)
    yield Heading(say(N_("依据")))
    yield _note(say(reading.figure.clause))
    if target is not None:
        places = {"target": target_text(briefing.share), "day": target.assessed_on}
        source = say(N_("目标来源：%(source)s。"), source=target.source.rstrip("。"))
        yield _note(say.joined((_target_words(target.is_carried_on, places, say), source)))
    yield _note(say(N_("计算时间：%(time)s。"), time=say.moment(briefing.computed_at)))


def _note(text: str) -> Paragraph:
    return Paragraph(text, is_note=True)


def _target_words(is_carried_on: bool, places: dict[str, object], say: Speech) -> str:
    if is_carried_on:
        return say(N_("目标为%(target)s，考核时点%(day)s；“十五五”目标尚未公布，沿用原目标。"), **places)
    return say(N_("目标为%(target)s，考核时点%(day)s。"), **places)


def _division_columns(briefing: Briefing, say: Speech) -> tuple[Column, ...]:
    return (
        Column(noun_of(briefing, say).capitalize(), 20),
        Column(say(N_("在库机构（家）")), 11, is_number=True),
        Column(say(N_("达标机构（家）")), 11, is_number=True),
        *_share_columns(say, verdict=12, number=9),
    )


def _share_columns(say: Speech, *, verdict: float, number: float) -> tuple[Column, ...]:
    return (
        Column(say(N_("分子（人）")), number, is_number=True),
        Column(say(N_("分母（人）")), number, is_number=True),
        Column(say(N_("占比")), number + 1, is_number=True),
        Column(say(N_("结论")), verdict),
        Column(say(N_("还需（人）")), number, is_number=True),
        Column(say(N_("或新聘（人）")), number, is_number=True),
    )


def _division_line(of: Part | Reading, name: str, say: Speech) -> tuple[str, ...]:
    tally = of.institutions
    if not tally.listed:
        return (name, "0", NOTHING, NOTHING, NOTHING, NOTHING, say(N_("空白")), NOTHING, NOTHING)
    return (name, f"{tally.listed:,}", reached_text(tally), *_share_cells(of.share, say))


def _institutions(caption: str, listed: Sequence[Part], briefing: Briefing, say: Speech) -> Table:
    columns = (Column(say(N_("机构")), 42), *_share_columns(say, verdict=12, number=9))
    lines = [(part.name, *_share_cells(part.share, say)) for part in listed]
    whole = (say(N_("合计")), *_share_cells(briefing.share, say))
    return Table(caption, columns, (*lines, whole), has_total=True)


def _share_cells(share: Share, say: Speech) -> tuple[str, ...]:
    needed = (share.conversions_needed, share.hires_needed) if share.denominator else (None, None)
    return (
        f"{share.numerator:,}",
        f"{share.denominator:,}",
        percent_text(share),
        verdict_word(share, say),
        *(NOTHING if number is None else f"{number:,}" for number in needed),
    )
