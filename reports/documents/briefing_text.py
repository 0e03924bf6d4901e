"""The sentences of a 工作简报, as a district's civil-affairs officer writes them: facts, comparisons, what is lacking.

Each number is asked of the same objects that the tables print; nothing is promised that the register does not know.
"""

from collections.abc import Callable, Iterator, Sequence

from registry.messages import N_
from reports.documents.beside_text import beside
from reports.documents.briefing import Briefing
from reports.documents.paper import Block, Heading, Paragraph
from reports.documents.speech import Speech
from reports.documents.words import counted, is_of_institutions, noun_of, place_of
from reports.figures.readings import Part
from reports.figures.shares import Share, Verdict
from reports.figures.wording import percent_text, points_text, target_text

NEEDED = N_("%(name)s%(told)s")

NAMED = 20
"""Places named in one sentence; the table lists all."""


def body(briefing: Briefing, say: Speech) -> Iterator[Block]:
    """The three sections, without the annexes."""
    yield Heading(say(N_("一、总体情况")))
    yield from _paragraphs(
        overview(briefing, say),
        comparison(briefing, say),
        institutions(briefing, say),
        beside(briefing, say),
    )
    yield Heading(say(N_("二、各%(parts)s情况"), parts=noun_of(briefing, say)))
    yield from _paragraphs(*parts(briefing, say))
    yield Heading(say(N_("三、下一步")))
    yield from _paragraphs(*needs(briefing, say))


def title_lines(briefing: Briefing, say: Speech) -> tuple[str, str]:
    """Without the marks 《》: they are for whoever quotes it."""
    first = say(N_("%(place)s精神障碍社区康复服务"), place=place_of(briefing, say))
    return first, say(N_("从业人员情况简报"))


def overview(briefing: Briefing, say: Speech) -> str:
    """How many, which share, what that says to the target, and what it takes."""
    reading, share = briefing.reading, briefing.share
    if not reading.institutions.listed:
        return say(
            N_("截至%(day)s，%(place)s没有在库的精神障碍社区康复服务机构，占比不适用，不作达标与否的判断。"),
            day=reading.on,
            place=place_of(briefing, say),
        )
    listed = say(
        N_("截至%(day)s，%(place)s在库的精神障碍社区康复服务机构共%(listed)s家。"),
        day=reading.on,
        place=place_of(briefing, say),
        listed=reading.institutions.listed,
    )
    if not share.denominator:
        nobody = say(N_("按“%(rule)s”口径，没有计入的从业人员，占比不适用。"), rule=say(reading.rule.title))
        return say.joined((listed, nobody))
    counted = say(
        N_("按“%(rule)s”口径计入从业人员%(whole)s人，其中%(what)s%(part)s人，占%(percent)s，%(verdict)s。"),
        rule=say(reading.rule.title),
        whole=share.denominator,
        what=say(reading.figure.numerator),
        part=share.numerator,
        percent=percent_text(share),
        verdict=verdict(share, say),
    )
    return say.joined((listed, counted))


def verdict(share: Share, say: Speech) -> str:
    """达到30%的目标，高出1.2个百分点; 未达到30%的目标，差1.6个百分点，还需2人."""
    if share.target is None or share.distance is None:
        return say(N_("该项没有规定目标"))
    if not share.distance:
        return say(N_("正好达到%(target)s的目标"), target=target_text(share))
    places = {"target": target_text(share), "points": points_text(share.distance)}
    if share.verdict is Verdict.MET:
        return say(N_("达到%(target)s的目标，高出%(points)s个百分点"), **places)
    return say(N_("未达到%(target)s的目标，差%(points)s个百分点"), **places)


def lack(share: Share, say: Speech) -> str:
    """How many of the staff must gain what counts, or how many who have it must be hired."""
    if share.hires_needed is None:
        return say(N_("需再有%(conversions)s名现有人员具备条件"), conversions=share.conversions_needed)
    return say(
        N_("需再有%(conversions)s名现有人员具备条件，或新聘%(hires)s名具备条件的人员"),
        conversions=share.conversions_needed,
        hires=share.hires_needed,
    )


def comparison(briefing: Briefing, say: Speech) -> str:
    """Against the end of the last month, and against the day of assessment."""
    return say.joined((since_last_month(briefing, say), since_assessment(briefing, say)))


def since_last_month(briefing: Briefing, say: Speech) -> str:
    """较上月末."""
    before = briefing.last_month
    if before is None or briefing.change_since(before.share) is None:
        return ""
    places = {"day": before.on, "percent": percent_text(before.share)}
    pattern = _moved(
        briefing,
        before.share,
        rose=N_("较上月末（%(day)s，%(percent)s）上升%(points)s个百分点。"),
        fell=N_("较上月末（%(day)s，%(percent)s）下降%(points)s个百分点。"),
        stood=N_("与上月末（%(day)s，%(percent)s）持平。"),
    )
    return say(pattern, **places, **_points(briefing, before.share))


def since_assessment(briefing: Briefing, say: Speech) -> str:
    """What was read at the end of the plan's last year, and how far that is from now."""
    assessed = briefing.assessed
    if assessed is None or assessed.on == briefing.reading.on or assessed.share.ratio is None:
        return ""
    share = assessed.share
    places = {
        "day": assessed.on,
        "part": share.numerator,
        "whole": share.denominator,
        "percent": percent_text(share),
        "verdict": verdict(share, say),
    }
    if assessed.frozen_at is not None:
        then = say(
            N_("%(day)s考核时点已定格：%(part)s人／%(whole)s人，占%(percent)s，%(verdict)s。"), **places
        )
    else:
        then = say(
            N_(
                "%(day)s考核时点尚未定格，按现有记录重算为%(part)s人／%(whole)s人，占%(percent)s，%(verdict)s。"
            ),
            **places,
        )
    pattern = _moved(
        briefing,
        share,
        rose=N_("目前较考核时点上升%(points)s个百分点。"),
        fell=N_("目前较考核时点下降%(points)s个百分点。"),
        stood=N_("目前与考核时点持平。"),
    )
    changed = say(pattern, **_points(briefing, share)) if briefing.change_since(share) is not None else ""
    return say.joined((then, changed))


def parts(briefing: Briefing, say: Speech) -> Iterator[str]:
    """Who reaches the target, who lags in order, who is blank: by name."""
    if not briefing.parts:
        yield say(N_("没有可以分列的机构。"))
        return
    yield _count_of_parts(briefing, say)
    groups = (
        (N_("达标的有：%(names)s。"), briefing.met),
        (N_("未达标的按占比由低到高依次为：%(names)s。"), briefing.lagging),
        (N_("按占比由高到低依次为：%(names)s。"), briefing.judged_by_nobody),
    )
    for pattern, found in groups:
        if found:
            yield say(pattern, names=_named(found, say, lambda part: percent_text(part.share)))
    if briefing.unmanned:
        yield say(N_("有在库机构、没有计入从业人员的有：%(names)s。"), names=_named(briefing.unmanned, say))
    if briefing.blank:
        yield say(N_("没有在库机构的有：%(names)s。"), names=_named(briefing.blank, say))
    yield from _outside_parts(briefing, say)


def needs(briefing: Briefing, say: Speech) -> Iterator[str]:
    """What the numbers lack, and nothing else: a plan is the office's own."""
    found = [text for text in (_needs_of_whole(briefing, say), _needs_of_parts(briefing, say)) if text]
    if briefing.blank and briefing.reading.institutions.listed:
        sentence = N_("没有在库机构的%(parts)s，有机构入库并登记从业人员后方可统计。")
        found.append(say(sentence, parts=counted(len(briefing.blank), briefing, say)))
    if not found:
        yield _nothing_lacks(briefing, say)
        return
    yield from found
    yield say(N_("以上由登记数据推算，不含工作安排。"))


def _needs_of_whole(briefing: Briefing, say: Speech) -> str:
    if briefing.share.verdict is not Verdict.NOT_MET:
        return ""
    return say(
        N_("%(place)s要达到%(target)s的目标，按现有人数推算，%(lack)s。"),
        place=place_of(briefing, say),
        target=target_text(briefing.share),
        lack=lack(briefing.share, say),
    )


def _needs_of_parts(briefing: Briefing, say: Speech) -> str:
    if not briefing.lagging:
        return ""
    return say(
        N_(
            "未达标的%(parts)s各自达标，需再有现有人员具备条件的人数为：%(names)s；括号内为改以新聘补足所需人数。"
        ),
        parts=counted(len(briefing.lagging), briefing, say),
        names=_named(briefing.lagging, say, lambda part: _people_needed(part.share, say), pattern=NEEDED),
    )


def _nothing_lacks(briefing: Briefing, say: Speech) -> str:
    if briefing.share.verdict is Verdict.MET:
        return say(N_("按现有数据，各%(parts)s没有需要补足的人数。"), parts=noun_of(briefing, say))
    if briefing.share.verdict is Verdict.NO_TARGET:
        return say(N_("该项没有规定目标，不推算所需人数。"))
    return say(N_("没有计入的从业人员，无从推算所需人数。"))


def _paragraphs(*texts: str) -> Iterator[Paragraph]:
    yield from (Paragraph(text) for text in texts if text)


def institutions(briefing: Briefing, say: Speech) -> str:
    """Of the institutions with staff, how many reach the target."""
    tally = briefing.reading.institutions
    if briefing.share.target is None or not tally.judged:
        return ""
    places = {"judged": tally.judged, "reached": tally.reached, "missed": tally.missed, "empty": tally.empty}
    if tally.empty:
        return say(
            N_(
                "有从业人员的机构%(judged)s家，其中达标%(reached)s家、未达标%(missed)s家；"
                "另有%(empty)s家没有计入的从业人员，不适用。"
            ),
            **places,
        )
    return say(N_("有从业人员的机构%(judged)s家，其中达标%(reached)s家、未达标%(missed)s家。"), **places)


def _count_of_parts(briefing: Briefing, say: Speech) -> str:
    """16个区县中，达标6个、未达标10个."""
    groups = (
        (N_("达标%(count)s"), briefing.met),
        (N_("未达标%(count)s"), briefing.lagging),
        (N_("有从业人员%(count)s"), briefing.judged_by_nobody),
        (N_("没有计入从业人员%(count)s"), briefing.unmanned),
        (N_("没有在库机构%(count)s"), briefing.blank),
    )
    unit = N_("%(count)s家") if is_of_institutions(briefing) else N_("%(count)s个")
    told = (say(pattern, count=say(unit, count=len(found))) for pattern, found in groups if found)
    return say(
        N_("%(place)s共有%(parts)s，其中%(counted)s（见附表）。"),
        place=place_of(briefing, say),
        parts=counted(len(briefing.parts), briefing, say),
        counted=say.listed(told),
    )


def _outside_parts(briefing: Briefing, say: Speech) -> Iterator[str]:
    rest = briefing.rest
    if rest is not None:
        yield say(
            N_(
                "另有%(listed)s家机构的场所只登记到上一级区划，计%(part)s人／%(whole)s人，未列入以上%(parts)s。"
            ),
            listed=rest.institutions.listed,
            part=rest.share.numerator,
            whole=rest.share.denominator,
            parts=noun_of(briefing, say),
        )


def _named(
    found: Sequence[Part],
    say: Speech,
    told: Callable[[Part], str] | None = None,
    *,
    pattern: str = N_("%(name)s（%(told)s）"),
) -> str:
    """Names with what is told of each; beyond NAMED the table is referred to."""
    shown = [say(pattern, name=part.name, told=told(part)) if told else part.name for part in found[:NAMED]]
    if len(found) <= NAMED:
        return say.listed(shown)
    return say(N_("%(names)s等%(count)s个，其余见附表"), names=say.listed(shown), count=len(found))


def _people_needed(share: Share, say: Speech) -> str:
    if share.hires_needed is None:
        return say(N_("%(conversions)s名"), conversions=share.conversions_needed)
    return say(
        N_("%(conversions)s名（%(hires)s名）"), conversions=share.conversions_needed, hires=share.hires_needed
    )


def _moved(briefing: Briefing, before: Share, *, rose: str, fell: str, stood: str) -> str:
    change = briefing.change_since(before)
    return rose if change and change > 0 else fell if change else stood


def _points(briefing: Briefing, before: Share) -> dict[str, str]:
    change = briefing.change_since(before)
    return {"points": points_text(change)} if change else {}
