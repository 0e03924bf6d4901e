"""Readings to keep: every division that has providers, every institution, in integers, with the target of its day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from registry.divisions.codes import NATION, lies_within
from registry.policy.operations import InstitutionReading, Reading
from registry.policy.queries import targets_in_force
from registry.workforce.counting import Place
from registry.workforce.queries import ProviderSite, counted_posts, institutions_in
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.readings import roll_up, seats_of, staffed
from reports.figures.shares import Measure, Share, nearest_target
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
        if share.ratio is not None or not share.numerator  # without residents there is nothing to tell
    ]


def institution_readings_on(
    session: Session, figure: FigureDefinition, rule: CountingRule, on: date, *, division: str
) -> list[InstitutionReading]:
    """The same for each institution that is held to the target of the division or of one below it, with its people.

    All its sites count, wherever they lie: so its page reads it. A figure per head of residents has no institutions.
    """
    if figure.measure is Measure.DENSITY:
        return []
    people = staffed(session, figure, place=Place(), on=on, rule=rule)
    targets = targets_in_force(session, figure.code, on)
    counts, seats = count_by(people, lambda site: site.organisation_id), seats_of(people.sites.values())
    counted = _people_of(session, figure, rule, on, people.sites)
    readings = []
    for one in institutions_in(session, place=Place(division), on=on):
        seat, count = seats[one.id], counts[one.id]
        if lies_within(seat, division):
            share = Share(count.numerator, count.denominator, nearest_target(targets, seat))
            facts = _facts(figure, rule, on, share) | {"people": counted.get(one.id, {})}
            readings.append(InstitutionReading(division_code=seat, organisation_code=one.code, **facts))
    return readings


def _people_of(
    session: Session,
    figure: FigureDefinition,
    rule: CountingRule,
    on: date,
    sites: Mapping[int, ProviderSite],
) -> dict[int, dict[str, dict[str, list[str]]]]:
    """Of each institution, by the division of the site: who is in the numerator, and who else is counted."""
    how: dict[str, Any] = {"rule": rule.code, "holding": figure.holding, "among": figure.among}
    found: dict[int, dict[str, dict[str, list[str]]]] = {}
    for post in counted_posts(session, place=Place(), on=on, **how):
        site = sites.get(post.site_id)
        if site is not None:
            by_division = found.setdefault(site.organisation_id, {})
            here = by_division.setdefault(site.division_code, {"holders": [], "others": []})
            listed = here["holders" if post.is_holder else "others"]
            if post.person_code not in listed[-1:]:  # they come in the order of their keys
                listed.append(post.person_code)
    return found


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
