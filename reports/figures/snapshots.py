"""Readings to keep: a figure for every division that has providers, in integers, with the target of its day."""

from datetime import date

from sqlalchemy.orm import Session

from registry.divisions.codes import NATION
from registry.policy.operations import Reading
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.readings import roll_up


def readings_on(
    session: Session,
    figure: FigureDefinition,
    rule: CountingRule,
    on: date,
    *,
    division: str = NATION,
) -> list[Reading]:
    """One figure by one rule, for a division and everything below it, by code."""
    shares = roll_up(session, figure, division=division, on=on, rule=rule)
    return [
        Reading(
            figure_code=figure.code,
            counting_rule=rule.code,
            on=on,
            division_code=code,
            numerator=share.numerator,
            denominator=share.denominator,
            target_numerator=share.target.numerator if share.target else None,
            target_denominator=share.target.denominator if share.target else None,
        )
        for code, share in sorted(shares.items())
    ]
