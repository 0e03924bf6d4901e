"""The lists of a pack as rows of cells: the paper prints them, the workbook writes them, and they cannot differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from registry.clock import today
from registry.inspections.models import Finding, Inspection
from registry.inspections.ratings import Demonstration, Rating
from registry.messages import N_
from registry.profiles.queries import Profile
from registry.services.facets import Weekday
from registry.services.models import WEEKDAYS, Service
from registry.services.weekdays import runs_of
from registry.vocabulary import term
from reports.documents.speech import Speech
from reports.figures.wording import NOTHING, percent_text
from reports.profiles.lines import overdue_text, phone_text, visit_text
from reports.profiles.one_page import OnePage
from reports.profiles.pack import Pack

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Head:
    """A column; `share` is its part of the width in percent."""

    label: str
    share: float
    is_number: bool = False


@dataclass(frozen=True)
class Listed:
    """One list of the pack."""

    title: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Any]]


def late_text(event: date, entered: date, say: Speech) -> str:
    """补录 11月3日, where something was entered after its day; empty where it was not."""
    if entered <= event:
        return ""
    if say.is_chinese:
        return say(N_("补录 %(month)s月%(day)s日"), month=entered.month, day=entered.day)
    return say(N_("补录 %(on)s"), on=entered)


def lists_of(pack: Pack, say: Speech) -> Iterator[Listed]:
    """In the order in which an inspector asks for them."""
    if not pack.page.is_of_institution:
        yield _institutions(pack, say)
        yield _findings(pack, say)
        return
    profile = pack.page.profile
    yield _standings(profile, say)
    yield _services(profile, say)
    yield _activities(pack, say)
    yield _visits(profile, say)
    yield _findings(pack, say)
    yield _awards(profile, say)
    yield _moves(pack, say)


def missing_list(sentences: Sequence[str], say: Speech) -> Listed:
    """What is missing, numbered."""
    heads = (Head(say(N_("序号")), 10, is_number=True), Head(say(N_("缺什么")), 90))
    return Listed(say(N_("缺什么")), heads, [(number, one) for number, one in enumerate(sentences, start=1)])


def _standings(profile: Profile, say: Speech) -> Listed:
    heads = (
        Head(say(N_("编号")), 30),
        Head(say(N_("类型")), 30),
        Head(say(N_("起")), 20),
        Head(say(N_("止")), 20),
    )
    known = [one for one in profile.organisation.standings if one.granted_on <= profile.on]
    rows = [
        (one.number, say.word(term(one.kind)), one.granted_on, _known_end(one.ended_on, profile.on))
        for one in known
    ]
    return Listed(say(N_("入库与备案")), heads, rows)


def _known_end(day: date | None, on: date) -> date | None:
    """An end that has come by the day."""
    return day if day is not None and day <= on else None


def _services(profile: Profile, say: Speech) -> Listed:
    heads = (
        Head(say(N_("服务项目")), 22),
        Head(say(N_("类别")), 20),
        Head(say(N_("地点")), 18),
        Head(say(N_("时间")), 20),
        Head(say(N_("联系电话")), 20),
    )
    rows = [
        (
            one.title,
            say.word(term(one.kind)),
            _first(one.place, one.site.name),
            opening_text(one, say),
            one.phone,
        )
        for one in profile.services
    ]
    return Listed(say(N_("服务项目")), heads, rows)


def opening_text(service: Service, say: Speech) -> str:
    """周一至周五 9:00-17:00."""
    return f"{_weekdays(service.weekdays, say)} {service.hours}".strip()


def _weekdays(days: str, say: Speech) -> str:
    if not days:
        return say(N_("按预约"))
    if days == WEEKDAYS:
        return say(N_("每天"))
    return say.listed(_run(run, say) for run in runs_of(days))


def _run(run: Sequence[Weekday], say: Speech) -> str:
    first, last = say.word(term(run[0])), say.word(term(run[-1]))
    return first if len(run) == 1 else say(N_("%(first)s至%(last)s"), first=first, last=last)


def _first(*texts: str) -> str:
    return next(filter(None, texts), NOTHING)


def _activities(pack: Pack, say: Speech) -> Listed:
    heads = (
        Head(say(N_("日期")), 15),
        Head(say(N_("类别")), 22),
        Head(say(N_("服务场所")), 25),
        Head(say(N_("人数")), 8, is_number=True),
        Head(say(N_("人次")), 8, is_number=True),
        Head(say(N_("分钟")), 8, is_number=True),
        Head(say(N_("登记情况")), 14),
    )
    rows = [
        (
            one.held_on,
            say.word(term(one.kind)),
            short_name(one.site.name, one.site.organisation.name),
            one.persons,
            one.person_times,
            one.minutes,
            late_text(one.held_on, one.entered_on, say),
        )
        for one in pack.activities
    ]
    return Listed(say(N_("今年活动")), heads, rows)


def short_name(site: str, organisation: str) -> str:
    """Of a site within its own organisation: what its name has beyond the common beginning."""
    common = takewhile(lambda pair: pair[0] == pair[1], zip(site, organisation, strict=False))
    return site[len(list(common)) :] or site


def _visits(profile: Profile, say: Speech) -> Listed:
    heads = (
        Head(say(N_("检查情况")), 60),
        Head(say(N_("检查人员")), 24),
        Head(say(N_("登记情况")), 16),
    )
    rows = [
        (
            visit_text(one, profile.on, say),
            one.inspectors,
            late_text(one.visited_on, today(one.recorded_at), say),
        )
        for one in profile.inspections
    ]
    return Listed(say(N_("督导检查")), heads, rows)


def _findings(pack: Pack, say: Speech) -> Listed:
    """Of a place, each with its organisation."""
    page = pack.page
    heads = (
        Head(say(N_("检查日期")), 14),
        Head(say(N_("问题")), 36 if page.is_of_institution else 24),
        Head(say(N_("严重程度")), 11),
        Head(say(N_("整改期限")), 14),
        Head(say(N_("情况")), 25 if page.is_of_institution else 13),
    )
    found = [
        (visit.organisation.name, _finding(visit, finding, page, say))
        for profile in page.profiles
        for visit in profile.inspections
        if page.is_here(visit.division_code)
        for finding in visit.findings
    ]
    title = say(N_("检查发现的问题"))
    if page.is_of_institution:
        return Listed(title, heads, [cells for _name, cells in found])
    return Listed(title, (Head(say(N_("机构")), 24), *heads), [(name, *cells) for name, cells in found])


def _finding(visit: Inspection, finding: Finding, page: OnePage, say: Speech) -> tuple[Any, ...]:
    severity, day = say.word(term(finding.severity)), finding.attempt_on(page.on).rectify_by
    return visit.visited_on, finding.problem, severity, day, _state(finding, page, say)


def _state(finding: Finding, page: OnePage, say: Speech) -> str:
    """As it stood on the day."""
    if not finding.is_open_on(page.on) and finding.outcome is not None:
        return say.word(term(finding.outcome))
    if finding.is_overdue_on(page.on):
        return overdue_text(finding, page, say)
    return say(N_("待整改"))


def _awards(profile: Profile, say: Speech) -> Listed:
    heads = (
        Head(say(N_("名称")), 26),
        Head(say(N_("起")), 14),
        Head(say(N_("止")), 14),
        Head(say(N_("评定单位")), 20),
        Head(say(N_("依据文件")), 26),
    )
    ratings: list[tuple[str, Rating | Demonstration]] = [
        (say.word(term(one.grade)), one) for one in profile.ratings
    ]
    shown: list[tuple[str, Rating | Demonstration]] = [
        (f"{say.word(term(one.level))}{one.title}", one) for one in profile.demonstrations
    ]
    rows = [
        (name, one.valid_from, one.valid_to - ONE_DAY if one.valid_to else None, one.issued_by, one.document)
        for name, one in (*ratings, *shown)
        if one.valid_from <= profile.on
    ]
    return Listed(say(N_("评估等级与示范")), heads, rows)


def _moves(pack: Pack, say: Speech) -> Listed:
    heads = (
        Head(say(N_("服务场所")), 24),
        Head(say(N_("原地址")), 30),
        Head(say(N_("新地址")), 30),
        Head(say(N_("启用日期")), 16),
    )
    rows = [(one.site_name, one.before, one.after, one.on) for one in pack.moves]
    return Listed(say(N_("地址变更")), heads, rows)


def _institutions(pack: Pack, say: Speech) -> Listed:
    heads = (
        Head(say(N_("机构")), 26),
        Head(say(N_("联系电话")), 16),
        Head(say(N_("学历占比")), 16),
        Head(say(N_("最近活动")), 13),
        Head(say(N_("最近检查")), 13),
        Head(say(N_("未解决问题")), 8, is_number=True),
        Head(say(N_("缺项")), 8, is_number=True),
    )
    shares = {part.code: part.share for part in pack.shares}
    rows = []
    for entry in pack.page.entries:
        profile = entry.profile
        own = shares.get(profile.organisation.code)
        counts = f"（{own.numerator}/{own.denominator}）" if own is not None and own.denominator else ""
        rows.append(
            (
                profile.organisation.name,
                phone_text(profile, say),
                percent_text(own) + counts if own is not None else NOTHING,
                profile.year.last_on,
                profile.inspections[0].visited_on if profile.inspections else None,
                len(profile.open_findings),
                len(entry.gaps),
            )
        )
    return Listed(say(N_("机构名单")), heads, rows)


def cell_text(value: Any, say: Speech) -> str:
    """A cell as paper prints it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return say.moment(value)
    return value.isoformat() if isinstance(value, date) else str(value)
