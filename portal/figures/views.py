"""The pages of a figure with everything they show, made before the template is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.figures.asking import Asked
from portal.figures.drawing import Trend, drawn_bars, drawn_trend
from portal.figures.folds import parts_title
from portal.figures.people import person_sheet
from portal.figures.places import Where
from portal.figures.reading import once, reading_of
from portal.figures.sorting import SORTS, is_blank, sorted_parts
from portal.formatting import data, number, points, word
from registry.access.actors import Actor
from registry.access.rules import may
from registry.actions import Action
from registry.clock import utc_now
from registry.divisions.codes import LENGTH_OF_LEVEL, NATION, Level, level_of, lies_within
from registry.divisions.models import Division
from registry.divisions.queries import breadcrumbs, level_below
from registry.listing import Page
from registry.organisations.models import Organisation
from registry.workforce.counting import Place
from reports.figures.definitions import FIGURES, QUALIFIED_SHARE, FigureDefinition
from reports.figures.readings import Part, Reading, names_as_of, pooled
from reports.figures.shares import Measure, Share, Verdict
from reports.figures.trend import TrendPoint, trend
from reports.figures.year_end import (
    Assessment,
    assessment,
    frozen_days,
    frozen_days_of_institution,
    institution_assessment,
    newest,
)

Trail = Sequence[tuple[Any, str]]
"""Labels and addresses of the pages above."""


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
    """The last year's end or day of assessment."""
    frozen: Sequence[Assessment]
    """Every day that was frozen up to the one that was asked for, the newest first."""
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

    def figures(self, where: Where) -> list[tuple[str, str, bool]]:
        """Every figure of the same place: title, address, whether it is this one."""
        return [
            (
                gettext(one.title),
                replace(where, asked=replace(self.asked, figure=one)).url("figures.show"),
                one is self.asked.figure,
            )
            for one in FIGURES.values()
        ]

    @property
    def beside_url(self) -> str:
        """The page of the other figure in the same division."""
        return url_for("figures.show", code=self.beside.figure.code, **self.asked.values(by=None))


@dataclass(frozen=True)
class FigurePage:
    """A figure in a division."""

    common: Common
    where: Where
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
    may_list_people: bool
    """A paper on this place may hold its people."""

    def sign_url(self, assessed: Assessment) -> str:
        """Where he does; nothing where somebody did, or it is not for the reader to do."""
        if not self.may_sign or assessed.frozen_at is None or assessed.signed_by is not None:
            return ""
        asked = self.common.asked
        values = asked.values(by=None, basis=None, on=assessed.on.isoformat(), division=asked.division)
        return url_for("signing.sign", code=asked.figure.code, **values)

    @property
    def blanks(self) -> int:
        """Divisions without a listed provider."""
        return sum(is_blank(part) for part in self.parts)

    @property
    def month_words(self) -> str:
        """“较上月末 +2.1 个百分点”; nothing where there is nothing to compare."""
        change = self.common.month_change if self.common.asked.figure.is_share else None
        return str(gettext("较上月末 %(change)s", change=points(change))) if change is not None else ""

    @property
    def beside_url(self) -> str:
        """The other figure."""
        return self.common.beside_url

    @property
    def outlook_url(self) -> str:
        """What is known to come, and the way to the target; nothing for a figure without one, or the whole country."""
        asked = self.common.asked
        if asked.division == NATION or asked.figure is not QUALIFIED_SHARE:
            return ""
        return url_for("outlook.division", **asked.values(by=None, division=asked.division))

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
        return parts_title(self.reading)

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
    where: Where
    organisation: Organisation
    people: Page
    """One sheet of the rows, as the reader may see them."""
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
    def outlook_url(self) -> str:
        """What is known to come for the whole institution, and its way to the target."""
        if not self.may_see_whole or self.common.asked.figure is not QUALIFIED_SHARE:
            return ""
        values = self.common.asked.values(by=None, division="")
        return url_for("outlook.organisation", organisation=self.organisation.code, **values)

    @property
    def beside_url(self) -> str:
        """The other figure of the same institution."""
        return self._url("figures.organisation", figure=self.common.beside.figure)

    @property
    def people_summary(self) -> str:
        """How the rows add up to the figure."""
        share = self.common.share
        counted = share.numerator if share.measure is Measure.DENSITY else share.denominator
        rows = self.people.count.number
        outside = rows - counted
        places = {
            "rows": number(rows),
            "numerator": number(share.numerator),
            "denominator": number(counted),
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

    def page_url(self, sheet_number: int) -> str:
        """Another sheet of the rows."""
        figure = self.common.asked.figure
        return self._url("figures.organisation", figure=figure, page=str(sheet_number), _anchor="people")

    def _url(
        self, endpoint: str, *, figure: FigureDefinition, _anchor: str | None = None, **more: str
    ) -> str:
        values = self.common.asked.values(by=None, **more)
        return url_for(
            endpoint, code=figure.code, organisation=self.organisation.code, _anchor=_anchor, **values
        )


def figure_page(session: Session, asked: Asked, *, actor: Actor, sort: str) -> FigurePage:
    """The page of a division."""
    place = Place(asked.division, asked.basis)
    reading = reading_of(session, asked)
    how: dict[str, Any] = {"division": asked.division, "on": asked.on, "rule": asked.rule}
    frozen = once(frozen_days, session, asked.figure, **how)
    assessed = newest(once(assessment, session, asked.figure, **how), frozen)
    return FigurePage(
        common=_common(session, asked, place, reading.share, assessed, frozen, division=asked.division),
        where=Where(asked, None, reading.name),
        reading=reading,
        bars=drawn_bars(reading),
        parts=sorted_parts([part for part in reading.parts if not part.is_rest], sort),
        rest=next((part for part in reading.parts if part.is_rest), None),
        levels=_levels(session, asked.division, names_as_of(asked.basis, asked.on)),
        sort=sort,
        may_sign=may(actor, Action.FIGURE_SIGN, Division(code=asked.division)),
        may_list_people=may(actor, Action.PRACTITIONER_EXPORT, Division(code=asked.division)),
    )


def organisation_page(
    session: Session, asked: Asked, organisation: Organisation, typed: Mapping[str, str], *, actor: Actor
) -> OrganisationPage:
    """The page of an institution, or of its part in the division that was asked for."""
    place = Place(asked.division, asked.basis, organisation.id)
    everywhere = Place(organisation_id=organisation.id)
    here = _pooled(session, asked, place)
    how: dict[str, Any] = {"place": place, "on": asked.on, "rule": asked.rule}
    frozen = frozen_days_of_institution(session, asked.figure, organisation, **how)
    due = institution_assessment(session, asked.figure, organisation, target=here.target, **how)
    assessed = newest(due, frozen)
    return OrganisationPage(
        common=_common(session, asked, place, here, assessed, frozen, division=organisation.division_code),
        where=Where(asked, organisation, organisation.name),
        organisation=organisation,
        people=person_sheet(session, asked, place, typed, actor=actor),
        is_part=_pooled(session, asked, everywhere).denominator != here.denominator,
        may_see_whole=may(actor, Action.FIGURE_SEE, organisation),
    )


def _pooled(session: Session, asked: Asked, place: Place) -> Share:
    return once(pooled, session, asked.figure, place=place, on=asked.on, rule=asked.rule)


def _beside(session: Session, asked: Asked, place: Place) -> Beside:
    other = next(one for one in FIGURES.values() if one is not asked.figure)
    rule = other.rule(asked.rule.code)
    return Beside(other, once(pooled, session, other, place=place, on=asked.on, rule=rule))


def _common(
    session: Session,
    asked: Asked,
    place: Place,
    now: Share,
    assessed: Assessment | None,
    frozen: Sequence[Assessment],
    *,
    division: str,
) -> Common:
    points = once(trend, session, asked.figure, place=place, on=asked.on, rule=asked.rule)
    title = gettext("%(figure)s，2023年1月以来逐月", figure=gettext(asked.figure.title))
    return Common(
        asked=asked,
        share=now,
        beside=_beside(session, asked, place),
        assessed=assessed,
        frozen=frozen,
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
