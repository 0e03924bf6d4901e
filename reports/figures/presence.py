"""When somebody is staff by a rule and when he holds what a figure asks for: what ledgers and changes are made of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from registry.periods import Period
from registry.workforce.counting import COUNTED_ENGAGEMENTS, Place, StaffRule
from registry.workforce.holdings import Among, Held
from registry.workforce.queries import holding_periods
from registry.workforce.records import Spell
from reports.figures.definitions import CountingRule, FigureDefinition

PeriodsOf = Mapping[int, Sequence[Period]]
"""By person."""


@dataclass(frozen=True)
class Stay:
    """A spell while it counts: within what the figure asks of its denominator."""

    spell: Spell
    period: Period


@dataclass(frozen=True)
class Presences:
    """The people of one figure in one place by one rule."""

    rule: StaffRule
    among: Among
    holdings: PeriodsOf
    """What makes the numerator."""
    admitted: PeriodsOf | None
    """What the denominator asks for; None where it asks for nothing."""
    ending: str
    """Why a holding ends, as a msgid."""

    def stays(self, spells: Iterable[Spell]) -> list[Stay]:
        """Of some spells, those that count, and when."""
        return [
            Stay(one, period)
            for one in spells
            if counts_by_rule(one, self.rule) and (one.direct_service or not self.among.is_direct)
            for period in self._admitted(one)
        ]

    def is_holder(self, person_id: int, on: date) -> bool:
        """Whether he holds it on the day, staff or not."""
        return any(period.holds_on(on) for period in self.holdings.get(person_id, ()))

    def _admitted(self, spell: Spell) -> Iterable[Period]:
        if self.admitted is None:
            return (spell.period,)
        held = self.admitted.get(spell.person.id, ())
        return [Period.common((spell.period.start, one.start), (spell.period.end, one.end)) for one in held]


def presences(session: Session, figure: FigureDefinition, *, place: Place, rule: CountingRule) -> Presences:
    """Everybody who was ever staff in the place."""

    def held(holding: Held) -> PeriodsOf:
        return _by_person(holding_periods(session, place=place, rule=rule.code, holding=holding))

    among = figure.among
    admitted = None if among.holding is None else held(among.holding)
    return Presences(rule.code, among, held(figure.holding), admitted, figure.ending)


def counts_by_rule(spell: Spell, rule: StaffRule) -> bool:
    """The rule of `STAFF_CONDITIONS` for a spell in hand; a test holds the two together."""
    is_employed = spell.engagement in COUNTED_ENGAGEMENTS
    return is_employed and (rule is StaffRule.ALL_STAFF or spell.serves_programme)


def stretch_around(periods: Iterable[Period], on: date) -> Period | None:
    """The unbroken stretch with the day in it, periods that overlap or follow each other joined; None without one."""
    start: date | None = on
    end: date | None = on
    held = [one for one in periods if one.end is None or (one.start or date.min) < one.end]
    if not any(one.holds_on(on) for one in held):
        return None
    for one in sorted(held, key=lambda one: one.start or date.min):
        if end is not None and (one.start or date.min) <= end and (one.end is None or one.end > end):
            end = one.end
    for one in sorted(held, key=lambda one: one.end or date.max, reverse=True):
        touches = one.end is None or (start is not None and one.end >= start)
        if start is not None and touches and (one.start is None or one.start < start):
            start = one.start
    return Period(start, end)


def _by_person(periods: Iterable[tuple[int, Period]]) -> PeriodsOf:
    found: defaultdict[int, list[Period]] = defaultdict(list)
    for person_id, period in periods:
        found[person_id].append(period)
    return found
