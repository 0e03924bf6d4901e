"""The pages of a figure with everything they show, made before the template is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.figures.asking import Asked
from portal.figures.drawing import Trend, drawn_bars, drawn_trend
from portal.figures.people import PersonRow, person_rows
from portal.figures.reading import once, reading_of
from portal.formatting import data, number, points, word
from registry.access.actors import Actor
from registry.access.rules import may
from registry.actions import Action
from registry.clock import utc_now
from registry.divisions.codes import LENGTH_OF_LEVEL, NATION, Level, level_of, lies_within
from registry.divisions.models import Division
from registry.divisions.queries import breadcrumbs, level_below
from registry.organisations.models import Organisation
from registry.workforce.counting import Place
from reports.figures.definitions import FIGURES, FigureDefinition
from reports.figures.readings import Part, Reading, names_as_of, pooled
from reports.figures.shares import Share, Verdict
from reports.figures.trend import TrendPoint, trend
from reports.figures.year_end import Assessment, assessment, institution_assessment

Trail = Sequence[tuple[Any, str]]
"""Labels and addresses of the pages above."""

SORTS = ("share", "-share", "gap", "staff", "code")


@dataclass(frozen=True)
class Beside:
    """The other figure in the same place."""

    figure: FigureDefinition
    share: Share


@dataclass(frozen=True)
class Common:
    """What both pages show: the reading, its neighbours, its history."""

    asked: Asked
    share: Share
    beside: Beside
    assessed: Assessment | None
    trend: Trend
    trail: Trail
    computed_at: datetime

    @property
    def last_month(self) -> TrendPoint | None:
        """The reading of a month before."""
        points = self.trend.points
        return points[-2] if len(points) > 1 else None

    @property
    def month_change(self) -> Fraction | None:
        """Against the last month's end; None where one of the two has nobody."""
        before = self.last_month.share.ratio if self.last_month else None
        now = self.share.ratio
        return None if now is None or before is None else now - before

    @property
    def beside_url(self) -> str:
        """The page of the other figure in the same division."""
        return url_for("figures.show", code=self.beside.figure.code, **self.asked.values(by=None))


@dataclass(frozen=True)
class FigurePage:
    """A figure in a division."""

    common: Common
    reading: Reading
    bars: Markup | None
    """The parts as a picture."""
    parts: Sequence[Part]
    rest: Part | None
    levels: Sequence[tuple[str, str]]
    """Tokens and words of the levels by which the parts can be cut."""
    sort: str
    may_sign: bool
    """The reader may answer for the frozen number of this place."""

    @property
    def sign_url(self) -> str:
        """Where he does."""
        asked, assessed = self.common.asked, self.common.assessed
        on = assessed.on.isoformat() if assessed else None
        values = asked.values(by=None, basis=None, on=on, division=asked.division)
        return url_for("signing.sign", code=asked.figure.code, **values)

    @property
    def blanks(self) -> int:
        """Divisions without a listed provider."""
        return sum(is_blank(part) for part in self.parts)

    @property
    def month_words(self) -> str:
        """“较上月末 +2.1 个百分点”; nothing where there is nothing to compare."""
        change = self.common.month_change
        return str(gettext("较上月末 %(change)s", change=points(change))) if change is not None else ""

    @property
    def beside_url(self) -> str:
        """The other figure."""
        return self.common.beside_url

    @property
    def map_url(self) -> str:
        """The same parts on a map."""
        asked = self.common.asked
        return url_for("map.show", **asked.values(figure=asked.figure.code))

    @property
    def institutions_url(self) -> str:
        """The institutions one by one."""
        asked = self.common.asked
        values = asked.values(by=Level.SITE.value)
        return url_for("figures.show", code=asked.figure.code, **values, _anchor="parts")

    @property
    def is_of_institutions(self) -> bool:
        """The parts are institutions, not divisions."""
        return self.reading.by in (Level.SITE, None)

    @property
    def parts_title(self) -> str:
        """What the table lists."""
        if self.is_of_institutions:
            return str(gettext("各机构"))
        return str(gettext("各%(level)s", level=word(self.reading.by)))

    @property
    def parts_summary(self) -> str:
        """How many there are; where a target is set, how many miss it and how many are blank."""
        missed = sum(part.share.verdict is Verdict.NOT_MET for part in self.parts)
        places = {"count": number(len(self.parts)), "missed": number(missed), "blank": number(self.blanks)}
        if self.reading.institutions.is_unjudged:
            if self.is_of_institutions:
                return str(gettext("共 %(count)s 家", **places))
            return str(gettext("共 %(count)s 个", **places))
        if self.is_of_institutions:
            return str(gettext("共 %(count)s 家，%(missed)s 家未达标", **places))
        if self.blanks:
            return str(gettext("共 %(count)s 个，%(missed)s 个未达标，%(blank)s 个没有入库机构", **places))
        return str(gettext("共 %(count)s 个，%(missed)s 个未达标", **places))

    def export_url(self, what: str, kind: str) -> str:
        """The parts or the people as a file."""
        asked = self.common.asked
        order = None if self.sort == SORTS[0] else self.sort
        values = asked.values(what=what, format=kind, sort=order)
        return url_for("figures.export", code=asked.figure.code, **values)

    def part_url(self, part: Part) -> str | None:
        """One level down; None where there is nothing to see."""
        asked = self.common.asked
        if part.level is Level.SITE:
            return url_for(
                "figures.organisation",
                code=asked.figure.code,
                organisation=part.code,
                **asked.values(by=None),
            )
        values = asked.values(division=part.code, by=None)
        return None if is_blank(part) else url_for("figures.show", code=asked.figure.code, **values)

    def sort_url(self, sort: str) -> str:
        """The same parts in another order."""
        chosen = None if sort == SORTS[0] else sort
        asked = self.common.asked
        return url_for("figures.show", code=asked.figure.code, **asked.values(sort=chosen), _anchor="parts")


@dataclass(frozen=True)
class OrganisationPage:
    """A figure in one institution, person by person."""

    common: Common
    organisation: Organisation
    people: Sequence[PersonRow]
    is_part: bool
    """Only the staff in the division that was asked for; the institution has others elsewhere."""
    may_see_whole: bool

    @property
    def whole_url(self) -> str:
        """The institution with all its sites, for whoever may see them."""
        if not self.may_see_whole:
            return ""
        return self._url("figures.organisation", figure=self.common.asked.figure, division="")

    @property
    def beside_url(self) -> str:
        """The other figure of the same institution."""
        return self._url("figures.organisation", figure=self.common.beside.figure)

    @property
    def people_summary(self) -> str:
        """How the rows add up to the figure."""
        share = self.common.share
        outside = len(self.people) - share.denominator
        places = {
            "rows": number(len(self.people)),
            "numerator": number(share.numerator),
            "denominator": number(share.denominator),
            "outside": number(outside),
        }
        return str(
            gettext(
                "共 %(rows)s 人：分母 %(denominator)s 人，其中分子 %(numerator)s 人；不计 %(outside)s 人",
                **places,
            )
        )

    def export_url(self, kind: str) -> str:
        """The rows as a file."""
        return self._url("figures.export_of_organisation", figure=self.common.asked.figure, format=kind)

    def _url(self, endpoint: str, *, figure: FigureDefinition, **more: str) -> str:
        values = self.common.asked.values(by=None, **more)
        return url_for(endpoint, code=figure.code, organisation=self.organisation.code, **values)


def figure_page(session: Session, asked: Asked, *, actor: Actor, sort: str) -> FigurePage:
    """The page of a division."""
    place = Place(asked.division, asked.basis)
    reading = reading_of(session, asked)
    assessed = once(assessment, session, asked.figure, division=asked.division, on=asked.on, rule=asked.rule)
    return FigurePage(
        common=_common(session, asked, place, reading.share, assessed, division=asked.division),
        reading=reading,
        bars=drawn_bars(reading),
        parts=sorted_parts([part for part in reading.parts if not part.is_rest], sort),
        rest=next((part for part in reading.parts if part.is_rest), None),
        levels=_levels(session, asked.division, names_as_of(asked.basis, asked.on)),
        sort=sort,
        may_sign=may(actor, Action.FIGURE_SIGN, Division(code=asked.division)),
    )


def organisation_page(
    session: Session, asked: Asked, organisation: Organisation, *, actor: Actor
) -> OrganisationPage:
    """The page of an institution, or of its part in the division that was asked for."""
    place = Place(asked.division, asked.basis, organisation.id)
    everywhere = Place(organisation_id=organisation.id)
    here = _pooled(session, asked, place)
    figure, on, rule = asked.figure, asked.on, asked.rule
    assessed = institution_assessment(
        session, figure, organisation, place=place, target=here.target, on=on, rule=rule
    )
    return OrganisationPage(
        common=_common(session, asked, place, here, assessed, division=organisation.division_code),
        organisation=organisation,
        people=person_rows(session, asked, place, actor=actor),
        is_part=_pooled(session, asked, everywhere).denominator != here.denominator,
        may_see_whole=may(actor, Action.FIGURE_SEE, organisation),
    )


def sorted_parts(parts: Sequence[Part], sort: str) -> list[Part]:
    """The worst first unless asked otherwise; what cannot be judged and what is blank comes last."""
    by_code = sorted(parts, key=lambda part: part.code)
    if sort == "code":
        return by_code
    if sort == "staff":
        return sorted(by_code, key=lambda part: -part.share.denominator)
    if sort == "gap":
        return sorted(by_code, key=lambda part: -(part.share.conversions_needed or 0))
    return sorted(by_code, key=lambda part: _by_share(part, is_descending=sort == "-share"))


def is_blank(part: Part) -> bool:
    """No listed provider at all."""
    return not part.institutions.listed


def _by_share(part: Part, *, is_descending: bool) -> tuple[int, Fraction]:
    ratio = part.share.ratio
    if ratio is None:
        return (2 if is_blank(part) else 1), Fraction(0)
    return 0, -ratio if is_descending else ratio


def _pooled(session: Session, asked: Asked, place: Place) -> Share:
    return once(pooled, session, asked.figure, place=place, on=asked.on, rule=asked.rule)


def _beside(session: Session, asked: Asked, place: Place) -> Beside:
    other = next(one for one in FIGURES.values() if one is not asked.figure)
    rule = other.rule(asked.rule.code)
    return Beside(other, once(pooled, session, other, place=place, on=asked.on, rule=rule))


def _common(
    session: Session, asked: Asked, place: Place, now: Share, assessed: Assessment | None, *, division: str
) -> Common:
    points = once(trend, session, asked.figure, place=place, on=asked.on, rule=asked.rule)
    title = gettext("%(figure)s，2023年1月以来逐月", figure=gettext(asked.figure.title))
    return Common(
        asked=asked,
        share=now,
        beside=_beside(session, asked, place),
        assessed=assessed,
        trend=drawn_trend(session, points, division=division, on=asked.on, title=str(title)),
        trail=(),  # the route knows whose trail it is
        computed_at=utc_now(),
    )


def trail_of(session: Session, asked: Asked, actor: Actor, *, with_division: bool) -> Trail:
    """The divisions above that the actor may see, each as the same question; `with_division`: its own one too."""
    if asked.division == NATION:
        return ()
    above = breadcrumbs(session, asked.division, names_as_of(asked.basis, asked.on))
    return tuple(
        (
            data(division.name),
            url_for("figures.show", code=asked.figure.code, **asked.values(division=division.code, by=None)),
        )
        for division in above
        if lies_within(division.code, actor.division_code)
        and actor.is_regulator
        and (with_division or division.code != asked.division)
    )


def _levels(session: Session, division: str, on: date) -> list[tuple[str, str]]:
    """The levels below, from the next shown one down to the institutions."""
    below = level_below(session, division, on)
    depth = LENGTH_OF_LEVEL[below] if below else 99
    if division != NATION:
        depth = max(depth, LENGTH_OF_LEVEL[level_of(division)] + 1)
    levels = [
        level
        for level in (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.TOWNSHIP)
        if LENGTH_OF_LEVEL[level] >= depth
    ]
    return [(level.value, word(level)) for level in levels] + [(Level.SITE.value, gettext("机构"))]
