"""How the actor's place, or his institution, stands to the target: now, at the assessment, over time, and who lags."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from portal.figures.drawing import Trend, drawn_trend
from portal.figures.reading import once
from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.rules import may
from registry.actions import Action
from registry.divisions.codes import Level
from registry.organisations.models import Organisation
from registry.workforce.counting import Basis, Place
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import Part, Reading, pooled, share
from reports.figures.shares import Share, Verdict
from reports.figures.trend import TrendPoint, trend
from reports.figures.year_end import Assessment, assessment, institution_assessment

FIGURE, RULE = QUALIFIED_SHARE, QUALIFIED_SHARE.default_rule
SHOWN_LAGGARDS = 5


@dataclass(frozen=True)
class Laggard:
    """A division or institution below the target, and the way to its people."""

    name: str
    share: Share
    url: str


@dataclass(frozen=True)
class Laggards:
    """The worst first; `number` counts all of them."""

    level: Level
    shown: Sequence[Laggard]
    number: int


@dataclass(frozen=True)
class Assessed:
    """The frozen verdict with its page."""

    assessment: Assessment
    url: str


@dataclass(frozen=True)
class Missed:
    """How many institutions do not reach the target, and the page that names them."""

    number: int
    url: str


@dataclass(frozen=True)
class Standing:
    """The share with its history, and who lags."""

    share: Share
    url: str
    assessed: Assessed | None
    trend: Trend
    laggards: Laggards | None = None
    missed: Missed | None = None
    """None where the laggards are institutions themselves."""

    @property
    def month_change(self) -> Fraction | None:
        """Against the end of the last month; None where one of the two has nobody."""
        points = self.trend.points
        before = points[-2].share.ratio if len(points) > 1 else None
        now = self.share.ratio
        return None if now is None or before is None else now - before


def standing(session: Session, actor: Actor, on: date) -> Standing | None:
    """For a provider its own institution, for others the division they answer for; None for who sees no figures."""
    if not may(actor, Action.FIGURE_SEE):
        return None
    if actor.role is Role.PROVIDER:
        return _of_institution(session, session.get_one(Organisation, actor.organisation_id), on)
    return _of_division(session, actor.division_code, on)


def _of_division(session: Session, division: str, on: date) -> Standing:
    reading = once(share, session, FIGURE, rule=RULE, division=division, on=on, by=None, basis=Basis.TODAY)
    frozen = once(assessment, session, FIGURE, division=division, on=on, rule=RULE)
    points = once(trend, session, FIGURE, place=Place(division), on=on, rule=RULE)
    return Standing(
        share=reading.share,
        url=_division_url(division),
        assessed=Assessed(frozen, _division_url(division, on=frozen.on.isoformat())) if frozen else None,
        trend=_drawn(session, points, division, on),
        laggards=_laggards(reading),
        missed=_missed(reading),
    )


def _of_institution(session: Session, organisation: Organisation, on: date) -> Standing:
    place = Place(organisation_id=organisation.id)
    now = once(pooled, session, FIGURE, place=place, on=on, rule=RULE)
    points = once(trend, session, FIGURE, place=place, on=on, rule=RULE)
    return Standing(
        share=now,
        url=_institution_url(organisation.code),
        assessed=_assessed_institution(session, organisation, now, on),
        trend=_drawn(session, points, organisation.division_code, on),
    )


def _drawn(session: Session, points: Sequence[TrendPoint], division: str, on: date) -> Trend:
    title = gettext("相关专业学历从业人员占比走势")
    return drawn_trend(session, points, division=division, on=on, title=str(title))


def _assessed_institution(
    session: Session, organisation: Organisation, now: Share, on: date
) -> Assessed | None:
    place = Place(organisation_id=organisation.id)
    found = institution_assessment(
        session, FIGURE, organisation, place=place, target=now.target, on=on, rule=RULE
    )
    if found is None:
        return None
    return Assessed(found, _institution_url(organisation.code, on=found.on.isoformat()))


def _missed(reading: Reading) -> Missed | None:
    if reading.by is Level.SITE or not reading.institutions.missed:
        return None
    return Missed(reading.institutions.missed, _division_url(reading.code, by=Level.SITE.value))


def _laggards(reading: Reading) -> Laggards | None:
    below = [part for part in reading.parts if part.share.verdict is Verdict.NOT_MET and not part.is_rest]
    if not below or reading.by is None:
        return None
    worst = sorted(below, key=lambda part: (part.share.ratio or Fraction(0), part.code))
    shown = [Laggard(part.name, part.share, _part_url(part, reading.code)) for part in worst[:SHOWN_LAGGARDS]]
    return Laggards(reading.by, shown, len(below))


def _part_url(part: Part, division: str) -> str:
    if part.level is Level.SITE:
        return _institution_url(part.code, division=division)
    return _division_url(part.code)


def _division_url(division: str, **more: str) -> str:
    return url_for("figures.show", code=FIGURE.code, division=division, **_asked(more))


def _institution_url(code: str, **more: str) -> str:
    return url_for("figures.organisation", code=FIGURE.code, organisation=code, **_asked(more))


def _asked(more: dict[str, str]) -> dict[str, Any]:
    """Values of the question, not options of Flask's."""
    return dict(more)
