"""What is done every night: the figures of the day that has ended are kept, and assessments that are due are frozen.

A night is a list of parts. Each part commits by itself and may be done again without harm.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.policy.models import SnapshotKind, Target
from registry.policy.operations import freeze_assessment, freeze_institutions, keep_nightly
from registry.policy.queries import assessments_due, snapshots
from reports.figures.definitions import FIGURES, CountingRule, FigureDefinition, figure
from reports.figures.snapshots import institution_readings_on, readings_on

ASSESSMENTS = "assessments"
BY = "portal jobs"


def parts_of_night() -> tuple[str, ...]:
    """Each figure by each counting rule, then the assessments."""
    shares = (f"{one.code}/{rule.code}" for one in FIGURES.values() for rule in one.rules)
    return (*shares, ASSESSMENTS)


def do_part(session: Session, part: str, on: date, at: datetime) -> int:
    """Do one part of the night that closes the day `on`; how many readings were kept."""
    if part == ASSESSMENTS:
        return sum(_freeze(session, target, at) for target in assessments_due(session, on))
    code, _, rule = part.partition("/")
    one = figure(code)
    return keep_nightly(session, readings_on(session, one, one.rule(rule), on), at=at, by=BY)


def _freeze(session: Session, target: Target, at: datetime) -> int:
    """The verdicts of a day of assessment, for the target's division, all below it and its institutions; once."""
    day, division, count = target.assessed_on, target.division_code, 0
    for one, rule in _unfrozen(session, target):
        divisions = readings_on(session, one, rule, day, division=division)
        institutions = institution_readings_on(session, one, rule, day, division=division)
        count += freeze_assessment(session, divisions, at=at, by=BY)
        count += freeze_institutions(session, institutions, at=at, by=BY)
    return count


def _unfrozen(session: Session, target: Target) -> Iterator[tuple[FigureDefinition, CountingRule]]:
    one = figure(target.figure_code)
    for rule in one.rules:
        frozen = snapshots(
            session,
            one.code,
            rule.code,
            SnapshotKind.ASSESSMENT,
            division_codes=[target.division_code],
            start=target.assessed_on,
            end=target.assessed_on,
        )
        if not frozen:
            yield one, rule
