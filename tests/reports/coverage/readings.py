"""Readings made by hand."""

from datetime import date

from registry.divisions.codes import Level
from registry.policy.models import Grade
from registry.policy.queries import TargetInForce
from registry.workforce.counting import Basis
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import InstitutionTally, Part, Reading
from reports.figures.shares import Share, Verdict

ON = date(2026, 11, 23)
IN_CHINESE = str
"""A gettext that leaves sentences as they are."""


def target(numerator: int = 3, denominator: int = 10) -> TargetInForce:
    """30% unless another one is named."""
    return TargetInForce(
        figure_code="qualified-share",
        division_code="31",
        numerator=numerator,
        denominator=denominator,
        valid_from=date(2023, 1, 1),
        assessed_on=date(2025, 12, 31),
        is_carried_on=True,
        source="测试",
        grade=Grade.OFFICIAL,
    )


GOAL = target()


def part(
    code: str,
    numerator: int,
    denominator: int,
    *,
    name: str = "",
    listed: int = 1,
    goal: TargetInForce | None = GOAL,
    is_rest: bool = False,
) -> Part:
    """One division of a reading; `listed` is the number of its institutions."""
    share = Share(numerator, denominator, goal)
    tally = InstitutionTally(int(share.verdict is Verdict.MET), int(denominator > 0), listed)
    return Part(code, name or f"区划{code}", Level.DISTRICT, share, tally, is_rest=is_rest)


def reading(*parts: Part, code: str = "31", name: str = "上海市") -> Reading:
    """The parts in one city; the total is their sum."""
    whole = Share(
        sum(one.share.numerator for one in parts), sum(one.share.denominator for one in parts), target()
    )
    tally = InstitutionTally(0, 0, sum(one.institutions.listed for one in parts))
    rule = QUALIFIED_SHARE.default_rule
    return Reading(
        QUALIFIED_SHARE, rule, ON, Basis.TODAY, code, name, whole, tally, Level.DISTRICT, tuple(parts)
    )
