"""Readings to keep: every division that has providers, every institution, in integers, with the target of its day."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from registry.divisions.codes import NATION, lies_within
from registry.policy.operations import InstitutionReading, Reading
from registry.policy.queries import targets_in_force
from registry.workforce.counting import Place
from registry.workforce.queries import institutions_in, staffing
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.readings import roll_up, seats_of
from reports.figures.shares import Share, nearest_target
from reports.figures.tally import count_by


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
        Reading(division_code=code, **_facts(figure, rule, on, share))
        for code, share in sorted(shares.items())
    ]


def institution_readings_on(
    session: Session, figure: FigureDefinition, rule: CountingRule, on: date, *, division: str
) -> list[InstitutionReading]:
    """The same for each institution that is held to the target of the division or of one below it.

    All its sites count, wherever they lie: so its page reads it.
    """
    people = staffing(session, place=Place(), on=on, rule=rule.code, holding=figure.holding)
    targets = targets_in_force(session, figure.code, on)
    counts, seats = count_by(people, lambda site: site.organisation_id), seats_of(people.sites.values())
    readings = []
    for one in institutions_in(session, place=Place(division), on=on):
        seat, count = seats[one.id], counts[one.id]
        if lies_within(seat, division):
            share = Share(count.numerator, count.denominator, nearest_target(targets, seat))
            facts = _facts(figure, rule, on, share)
            readings.append(InstitutionReading(division_code=seat, organisation_code=one.code, **facts))
    return readings


def _facts(figure: FigureDefinition, rule: CountingRule, on: date, share: Share) -> dict[str, Any]:
    return {
        "figure_code": figure.code,
        "counting_rule": rule.code,
        "on": on,
        "numerator": share.numerator,
        "denominator": share.denominator,
        "target_numerator": share.target.numerator if share.target else None,
        "target_denominator": share.target.denominator if share.target else None,
    }
