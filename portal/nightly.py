"""What is done every night: the figures of the day that has ended are kept, and what is due is frozen.

Frozen are assessments on their day and every figure at the end of each year. A night is a list of parts. Each part
commits by itself and may be done again without harm.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.divisions.codes import NATION
from registry.policy.models import Target
from registry.policy.operations import freeze_divisions, freeze_institutions, keep_nightly
from registry.policy.queries import assessments_due, divisions_frozen, institutions_frozen, year_ends_due
from reports.figures.definitions import FIGURES, CountingRule, FigureDefinition, figure
from reports.figures.snapshots import institution_readings_on, readings_on

ASSESSMENTS = "assessments"
YEAR_END = "year-end"
BY = "portal jobs"


def parts_of_night() -> tuple[str, ...]:
    """Each figure by each counting rule, the assessments, then the year's end of each figure by each rule."""
    shares = [f"{one.code}/{rule.code}" for one in FIGURES.values() for rule in one.rules]
    return (*shares, ASSESSMENTS, *(f"{YEAR_END}/{share}" for share in shares))


def do_part(session: Session, part: str, on: date, at: datetime) -> int:
    """Do one part of the night that closes the day `on`; how many readings were kept."""
    if part == ASSESSMENTS:
        return sum(_freeze_assessment(session, target, at) for target in assessments_due(session, on))
    *head, code, rule_code = part.split("/")
    one = figure(code)
    rule = one.rule(rule_code)
    if head:
        due = year_ends_due(session, one.code, rule.code, on)
        return sum(freeze_year_end(session, one, rule, day, at) for day in due)
    return keep_nightly(session, readings_on(session, one, rule, on), at=at, by=BY)


def freeze_year_end(
    session: Session, one: FigureDefinition, rule: CountingRule, day: date, at: datetime
) -> int:
    """A figure in every division and institution on the last day of a year, once; how many readings were kept."""
    frozen = divisions_frozen(session, one.code, rule.code, day)
    # Where nobody counted the residents of the country it has no density; only shares are frozen for a part of it.
    if NATION in frozen or (frozen and not one.is_share):
        return 0
    return _freeze(session, one, rule, day, NATION, at)


def _freeze_assessment(session: Session, target: Target, at: datetime) -> int:
    """The verdicts of a day of assessment, for the target's division, all below it and its institutions; once."""
    unfrozen = _unfrozen(session, target)
    return sum(
        _freeze(session, one, rule, target.assessed_on, target.division_code, at) for one, rule in unfrozen
    )


def _unfrozen(session: Session, target: Target) -> Iterator[tuple[FigureDefinition, CountingRule]]:
    one = figure(target.figure_code)
    for rule in one.rules:
        if target.division_code not in divisions_frozen(session, one.code, rule.code, target.assessed_on):
            yield one, rule


def _freeze(
    session: Session, one: FigureDefinition, rule: CountingRule, day: date, division: str, at: datetime
) -> int:
    """A division, all below it and its institutions, but for what is frozen already: that stays as it is."""
    known = divisions_frozen(session, one.code, rule.code, day)
    known_institutions = institutions_frozen(session, one.code, rule.code, day)
    divisions = readings_on(session, one, rule, day, division=division)
    institutions = institution_readings_on(session, one, rule, day, division=division)
    new = [reading for reading in divisions if reading.division_code not in known]
    new_institutions = [
        reading for reading in institutions if reading.organisation_code not in known_institutions
    ]
    count = freeze_divisions(session, new, at=at, by=BY)
    return count + freeze_institutions(session, new_institutions, at=at, by=BY)
