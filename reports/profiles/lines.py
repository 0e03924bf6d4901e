"""The lines of a one-page view: labels and sentences, the same for the page, the PDF and Word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from registry.inspections.models import Finding, Inspection
from registry.inspections.ratings import Validity
from registry.messages import N_
from registry.organisations.models import Standing, StandingKind
from registry.profiles.queries import Profile
from registry.vocabulary import term
from reports.documents.speech import Speech
from reports.figures.shares import Verdict
from reports.figures.wording import NOTHING, percent_text, target_text
from reports.profiles.one_page import OnePage

VERDICTS = {
    Verdict.MET: N_("达标"),
    Verdict.NOT_MET: N_("未达标"),
    Verdict.NOT_APPLICABLE: N_("没有计入人员"),
    Verdict.NO_TARGET: N_("无目标"),
}
MOST_PROBLEMS, MOST_GAPS = 4, 5
"""Lines that one page holds; what is left is counted, but never one alone: it takes no more room than its mention."""
LONGEST_PROBLEM = 44
LONGEST_SITES = 2


@dataclass(frozen=True)
class Line:
    """A label and what stands beside it."""

    label: str
    text: str


@dataclass(frozen=True)
class Problem:
    """One open problem as the page prints it."""

    what: str
    rectify_by: date
    state: str
    is_overdue: bool


def lines(page: OnePage, say: Speech) -> tuple[Line, ...]:
    """Who, where, contact, share, services, money, inspections, awards."""
    own = _of_institution(page, say) if page.is_of_institution else _of_place(page, say)
    found = (
        *own,
        Line(say(N_("学历占比")), share_text(page, say)),
        Line(say(N_("今年服务")), services_text(page, say)),
        Line(say(N_("资金")), say(N_("资金情况尚未登记"))),
        Line(say(N_("督导检查")), inspection_text(page, say)),
        *_awards(page, say),
    )
    return tuple(Line(line.label, say.alone(line.text)) for line in found)


def share_text(page: OnePage, say: Speech) -> str:
    """33.3%（5/15人），目标30%，达标."""
    one = page.reading.share
    values = {
        "percent": percent_text(one),
        "numerator": one.numerator,
        "denominator": one.denominator,
        "target": target_text(one),
        "verdict": say(VERDICTS[one.verdict]),
    }
    if one.verdict is Verdict.NOT_APPLICABLE:
        return say(N_("--（当日没有计入的从业人员）"))
    if one.target is None:
        return say(N_("%(percent)s（%(numerator)s/%(denominator)s人）"), **values)
    return say(N_("%(percent)s（%(numerator)s/%(denominator)s人），目标%(target)s，%(verdict)s"), **values)


def services_text(page: OnePage, say: Speech) -> str:
    """Services on offer, then what took place since the first of January."""
    years = [profile.year for profile in page.profiles]
    values = {
        "offered": sum(len(_services_here(page, profile)) for profile in page.profiles),
        "sessions": sum(year.sessions for year in years),
        "persons": sum(year.persons for year in years),
        "times": sum(year.person_times for year in years),
    }
    if not values["sessions"]:
        return say(N_("在办服务%(offered)s项；今年没有活动记录"), **values)
    return say(
        N_("在办服务%(offered)s项；活动%(sessions)s场，各场人数合计%(persons)s人，%(times)s人次"), **values
    )


def inspection_text(page: OnePage, say: Speech) -> str:
    """The last visit and how far it has come; of a place, the visits of the year."""
    visits = [visit for profile in page.profiles for visit in _visits_here(page, profile)]
    if not visits:
        return say(N_("没有督导检查记录"))
    if page.is_of_institution:
        return visit_text(visits[0], page.on, say)
    this_year = [visit for visit in visits if visit.visited_on.year == page.on.year]
    open_now = open_problems(page)
    return say(
        N_("今年检查%(count)s次，%(places)s家机构；未解决问题%(open)s条，其中逾期%(late)s条"),
        count=len(this_year),
        places=len({visit.organisation_id for visit in this_year}),
        open=len(open_now),
        late=sum(finding.is_overdue_on(page.on) for finding in open_now),
    )


def visit_text(visit: Inspection, on: date, say: Speech) -> str:
    """2026年11月2日日常检查，发现2条问题，已全部整改."""
    standing = [finding for finding in visit.standing if finding.inspection.visited_on <= on]
    values = {"day": visit.visited_on, "kind": say.word(term(visit.kind)), "count": len(standing)}
    if not standing:
        return say(N_("%(day)s%(kind)s，未发现问题"), **values)
    left = sum(finding.is_open_on(on) for finding in standing)
    if not left:
        return say(N_("%(day)s%(kind)s，发现问题%(count)s条，已全部整改"), **values)
    return say(N_("%(day)s%(kind)s，发现问题%(count)s条，尚有%(left)s条未解决"), left=left, **values)


def open_problems(page: OnePage) -> Sequence[Finding]:
    """The earliest deadline first."""
    found = [
        finding
        for profile in page.profiles
        for finding in profile.open_findings
        if page.is_here(finding.inspection.division_code)
    ]
    return sorted(found, key=lambda finding: (finding.attempt_on(page.on).rectify_by, finding.id))


def shown_of(count: int, most: int) -> int:
    """How many of so many are printed."""
    return count if count <= most + 1 else most


def problems(page: OnePage, say: Speech, *, most: int | None = None) -> tuple[Problem, ...]:
    """Open problems in words; of a place, each with the organisation before it."""
    return tuple(
        _problem(page, finding, say, is_cut=most is not None) for finding in open_problems(page)[:most]
    )


def gap_sentences(page: OnePage, say: Speech) -> tuple[str, ...]:
    """What is missing of an institution; of a place, each sentence names the institution, the urgent ones first."""
    told = [
        (not gap.is_urgent, entry.profile.organisation.name, say.message(gap.sentence))
        for entry in page.entries
        for gap in entry.gaps
    ]
    if page.is_of_institution:
        return tuple(say.alone(sentence) for _order, _name, sentence in told)
    named = N_("%(name)s：%(gap)s")
    return tuple(say(named, name=name, gap=sentence) for _order, name, sentence in sorted(told))


def overdue_text(finding: Finding, page: OnePage, say: Speech) -> str:
    """逾期15个工作日, as the inbox says of the same problem."""
    days = -page.calendar.working_days_between(page.on, finding.attempt_on(page.on).rectify_by)
    return say(N_("逾期1个工作日")) if days == 1 else say(N_("逾期%(days)s个工作日"), days=days)


def address_of(profile: Profile, say: Speech) -> str:
    """The addresses of the day, the first ones."""
    if not profile.sites:
        return NOTHING
    shown = [_address_on(site, profile.on) for site in profile.sites[:LONGEST_SITES]]
    more = len(profile.sites) - LONGEST_SITES
    text = ("；" if say.is_chinese else "; ").join(shown)
    return (
        say(N_("%(addresses)s等%(count)s处"), addresses=text, count=len(profile.sites)) if more > 0 else text
    )


def phone_text(profile: Profile, say: Speech) -> str:
    """The registered contact, then the phones of the services on offer."""
    return say.listed(profile.phones[:3]) or say(N_("没有登记"))


def _of_institution(page: OnePage, say: Speech) -> Iterator[Line]:
    profile = page.profile
    organisation = profile.organisation
    yield Line(say(N_("机构")), say.word(term(organisation.kind)) + _uscc(profile, say))
    yield Line(say(N_("入库备案")), _standings(profile, say))
    yield Line(say(N_("所在地")), page.places.get(organisation.division_code, organisation.division_code))
    yield Line(say(N_("地址")), address_of(profile, say))
    yield Line(say(N_("联系电话")), phone_text(profile, say))


def _of_place(page: OnePage, say: Speech) -> Iterator[Line]:
    tally = page.reading.institutions
    here = [site for profile in page.profiles for site in profile.sites if page.is_here(site.division_code)]
    stations = sum(
        any(one.kind is StandingKind.STATION for one in profile.standings) for profile in page.profiles
    )
    yield Line(
        say(N_("机构")),
        say(
            N_("在库机构%(listed)s家，其中学历占比达标%(reached)s家；社工站%(stations)s个"),
            listed=tally.listed,
            reached=tally.reached,
            stations=stations,
        ),
    )
    yield Line(say(N_("服务场所")), say(N_("在用%(count)s处"), count=len(here)))
    blank = [part.name for part in page.reading.parts if not part.institutions.listed and not part.is_rest]
    if page.reading.parts and page.reading.by is not None and page.reading.by.value != "site":
        text = say.listed(blank[:6]) if blank else say(N_("没有"))
        if len(blank) > 6:
            text = say(N_("%(names)s等%(count)s个"), names=text, count=len(blank))
        yield Line(say(N_("空白区域")), text)
    with_phone = sum(bool(profile.phones) for profile in page.profiles)
    yield Line(
        say(N_("联系电话")),
        say(
            N_("%(known)s家已登记，%(unknown)s家没有登记"),
            known=with_phone,
            unknown=len(page.profiles) - with_phone,
        ),
    )


def _awards(page: OnePage, say: Speech) -> Iterator[Line]:
    if not page.is_of_institution:
        rated = [profile.rating for profile in page.profiles if profile.rating is not None]
        held = sum(rating.validity_on(page.on) is Validity.HELD for rating in rated)
        shown = sum(bool(profile.shown_as) for profile in page.profiles)
        values = {"rated": held, "shown": shown, "expired": len(rated) - held}
        yield Line(
            say(N_("评估示范")),
            say(N_("评估等级有效%(rated)s家，过期%(expired)s家；示范%(shown)s家"), **values),
        )
        return
    yield Line(say(N_("评估示范")), _awards_of(page.profile, say))


def _awards_of(profile: Profile, say: Speech) -> str:
    told = []
    rating = profile.rating
    if rating is not None:
        word = say.word(term(rating.grade))
        until = rating.valid_to - timedelta(days=1)
        is_held = rating.validity_on(profile.on) is Validity.HELD
        sentence = N_("%(grade)s（有效期至%(day)s）") if is_held else N_("%(grade)s（已于%(day)s过期）")
        told.append(say(sentence, grade=word, day=until))
    told += [f"{say.word(term(one.level))}{one.title}" for one in profile.shown_as]
    return ("；" if say.is_chinese else "; ").join(told) or say(N_("没有登记"))


def _standings(profile: Profile, say: Speech) -> str:
    told = [_standing(profile, one, say) for one in profile.standings]
    return ("；" if say.is_chinese else "; ").join(told) or say(N_("当日没有有效的入库或备案"))


def _standing(profile: Profile, standing: Standing, say: Speech) -> str:
    """Says what the entry says beyond being listed: 已暂停."""
    states = profile.registered.states.get(standing.id, ())
    values = {"kind": say.word(term(standing.kind)), "number": standing.number, "day": standing.granted_on}
    if not states:
        return say(N_("%(kind)s %(number)s（%(day)s起）"), **values)
    return say(
        N_("%(kind)s %(number)s（%(day)s起，%(state)s）"),
        state=say.listed(say.word(term(one)) for one in states),
        **values,
    )


def _uscc(profile: Profile, say: Speech) -> str:
    uscc = profile.organisation.uscc
    return f"{'，' if say.is_chinese else ', '}{uscc}" if uscc else ""


def _address_on(site: object, on: date) -> str:
    """Where the site stood that day."""
    placements = getattr(site, "placements", ())
    held = [one for one in placements if one.valid_from <= on and (one.valid_to is None or on < one.valid_to)]
    return str(held[-1].address if held else getattr(site, "address", NOTHING))


def _visits_here(page: OnePage, profile: Profile) -> list[Inspection]:
    return [visit for visit in profile.inspections if page.is_here(visit.division_code)]


def _services_here(page: OnePage, profile: Profile) -> list[object]:
    return [service for service in profile.services if page.is_here(service.division_code)]


def _problem(page: OnePage, finding: Finding, say: Speech, *, is_cut: bool) -> Problem:
    what = finding.problem
    if not page.is_of_institution:
        what = say(N_("%(name)s：%(gap)s"), name=finding.inspection.organisation.name, gap=what)
    if is_cut and len(what) > LONGEST_PROBLEM:
        what = what[: LONGEST_PROBLEM - 1] + "…"
    is_overdue, attempt = finding.is_overdue_on(page.on), finding.attempt_on(page.on)
    if is_overdue:
        state = overdue_text(finding, page, say)
    elif attempt.rectified_on is not None and attempt.rectified_on <= page.on:
        state = say(N_("待复查"))
    else:
        state = say(N_("待整改"))
    return Problem(what, attempt.rectify_by, state, is_overdue)
