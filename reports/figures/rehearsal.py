"""预演: what a proposal to change the list of majors would do to the share, before anybody publishes it.

The same readings are taken twice, by the list as it stands and by the list that the proposal's plan makes of it; that
plan is what publishing writes. So what is rehearsed is what will be read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from registry.divisions.codes import Level
from registry.majors.models import MajorChange
from registry.majors.planning import plan_of
from registry.workforce.counting import QUALIFYING_DIPLOMA, Holding, Place, qualifying_diploma
from registry.workforce.differing import Difference, differences, majors_studied
from registry.workforce.models import Education
from reports.figures.definitions import QUALIFIED_SHARE, CountingRule, FigureDefinition
from reports.figures.readings import Part, Reading, share
from reports.figures.shares import Share


@dataclass(frozen=True)
class Shift:
    """One place or institution before and after."""

    code: str
    name: str
    before: Share
    after: Share

    @property
    def is_changed(self) -> bool:
        """Whether a number is another one."""
        return (self.before.numerator, self.before.denominator) != (
            self.after.numerator,
            self.after.denominator,
        )

    @property
    def turns(self) -> bool:
        """Whether the verdict is another one."""
        return self.before.verdict is not self.after.verdict


@dataclass(frozen=True)
class Person:
    """Somebody who begins or ceases to count in one institution, and the diplomas in the majors of the proposal."""

    who: Difference
    studied: tuple[Education, ...]


@dataclass(frozen=True)
class Rehearsal:
    """One proposal in one division on one day by one counting rule."""

    on: date
    rule: CountingRule
    total: Shift
    divisions: tuple[Shift, ...]
    """Those below that have providers, in the order of their codes."""
    institutions: tuple[Shift, ...]
    """Those whose share changes; first those whose verdict does."""
    people: Mapping[str, tuple[Person, ...]]
    """By the public code of the institution."""

    @property
    def turning(self) -> tuple[Shift, ...]:
        """The institutions whose verdict changes."""
        return tuple(one for one in self.institutions if one.turns)


def rehearse(
    session: Session, change: MajorChange, *, division: str, on: date, rule: CountingRule
) -> Rehearsal:
    """RequirementUnmet where the proposal cannot be published as the list stands."""
    after = qualifying_diploma(plan_of(session, change).table())
    changed = replace(QUALIFIED_SHARE, holding=after)
    totals = _readings(session, changed, division=division, on=on, rule=rule, by=None)
    singles = _readings(session, changed, division=division, on=on, rule=rule, by=Level.SITE)
    shifts = [one for one in _shifts(*singles) if one.is_changed]
    return Rehearsal(
        on=on,
        rule=rule,
        total=Shift(division, totals[0].name, totals[0].share, totals[1].share),
        divisions=tuple(_shifts(*totals)) if totals[0].by is not Level.SITE else (),
        institutions=tuple(sorted(shifts, key=lambda one: (not one.turns, one.name, one.code))),
        people=_people(session, change, after, division=division, on=on, rule=rule),
    )


def _readings(
    session: Session,
    changed: FigureDefinition,
    *,
    division: str,
    on: date,
    rule: CountingRule,
    by: Level | None,
) -> tuple[Reading, Reading]:
    before = share(session, QUALIFIED_SHARE, division=division, on=on, rule=rule, by=by)
    return before, share(session, changed, division=division, on=on, rule=rule, by=by)


def _shifts(before: Reading, after: Reading) -> Iterable[Shift]:
    for one, other in zip(before.parts, after.parts, strict=True):
        if _is_shown(one):
            yield Shift(one.code, one.name, one.share, other.share)


def _is_shown(part: Part) -> bool:
    return part.institutions.listed > 0


def _people(
    session: Session, change: MajorChange, after: Holding, *, division: str, on: date, rule: CountingRule
) -> dict[str, tuple[Person, ...]]:
    found = differences(
        session,
        place=Place(division),
        on=on,
        rule=rule.code,
        before=QUALIFYING_DIPLOMA,
        after=after,
    )
    studied = majors_studied(session, [one.person_id for one in found])
    majors = {(line.catalogue, line.code) for line in change.lines}
    people: dict[str, tuple[Person, ...]] = {}
    for one in found:
        diplomas = tuple(e for e in studied[one.person_id] if (e.catalogue, e.major_code) in majors)
        people[one.organisation_code] = (*people.get(one.organisation_code, ()), Person(one, diplomas))
    return people
