"""What is known of the months to come: who leaves, whose major is struck from the list, and on which day it shows.

Nothing is assumed. A day counts whom the register counts on it, by the ends and beginnings that are entered already; it
equals the reading that the figure gives for that day as long as nothing new is entered.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from registry.dossiers.periods import last_day_of
from registry.messages import N_, Message, message
from registry.policy.queries import TargetInForce, parameter, targets, targets_on
from registry.workforce.records import Employer, Person, Spell
from reports.figures.ledger import end_of_staff
from reports.figures.roster import Roster, Spells
from reports.figures.shares import Share, Verdict, nearest_target

MONTHS = "outlook.months"
"""Policy parameter: how many months ahead known changes are listed."""
ONE_DAY = timedelta(days=1)


class Effect(StrEnum):
    """What a change does to the figure."""

    LEAVES = "leaves"
    JOINS = "joins"
    LOSES = "loses"
    """Stays, and does not count as qualified any more."""
    GAINS = "gains"


@dataclass(frozen=True)
class Change:
    """One person on one day."""

    person: Person
    employers: tuple[Employer, ...]
    """Where he begins or ends; where he works if he does neither."""
    effect: Effect
    is_holder: bool
    """He is in the numerator after the change, or was in it before he left."""
    reason: Message

    @property
    def lowers(self) -> bool:
        """The share is lower for it: somebody who counts goes, or somebody who does not comes."""
        if self.effect is Effect.LEAVES:
            return self.is_holder
        return self.effect is Effect.LOSES or (self.effect is Effect.JOINS and not self.is_holder)


@dataclass(frozen=True)
class Turn:
    """A day on which something changes, with the share from that day on."""

    on: date
    share: Share
    changes: Sequence[Change]

    @property
    def causes(self) -> tuple[Change, ...]:
        """What pulls the share down on that day."""
        return tuple(change for change in self.changes if change.lowers)


@dataclass(frozen=True)
class Outlook:
    """Of an institution or a division, seen from a day."""

    on: date
    until: date
    """The last day of the months that are listed."""
    share: Share
    turns: Sequence[Turn]
    """Every day on which something is known to change, however far ahead."""
    ends_alone: Turn | None = None
    """The first day on which it misses its target where those who are there go as registered and nothing else changes:
    nobody comes, and nobody's diploma begins to count. None where it misses it already, or never for that."""

    @property
    def listed(self) -> tuple[Turn, ...]:
        """The turns within the months that are listed."""
        return tuple(turn for turn in self.turns if turn.on <= self.until)

    @property
    def is_below(self) -> bool:
        """It misses its target already."""
        return self.share.verdict is Verdict.NOT_MET

    @property
    def falls(self) -> Turn | None:
        """The first day on which it misses its target; None while none is known, or where it misses it already."""
        if self.is_below:
            return None
        return next((turn for turn in self.turns if turn.share.verdict is Verdict.NOT_MET), None)


class Forecast:
    """Looks ahead for a place as a whole and for each of its institutions, by the same targets."""

    def __init__(self, session: Session, roster: Roster, figure_code: str) -> None:
        self.roster = roster
        months = int(parameter(session, MONTHS, roster.seat, roster.on))
        self.until = last_day_of(roster.on, months)
        own = (one for one in targets(session) if one.figure_code == figure_code)
        self.target_days = {one.valid_from for one in own if one.valid_from > roster.on}
        days = {day for key, spells in roster.spells.items() for day in self._days(key, spells)}
        self.in_force = targets_on(session, figure_code, days | self.target_days)

    def of_place(self) -> Outlook:
        """Each person once."""
        return self._of(self.roster.spells, self.roster.seat)

    def of_institutions(self) -> dict[int, Outlook]:
        """By the key of the institution."""
        seats = self.roster.seats
        return {
            key: self._of(spells, seats[key])
            for key, spells in self.roster.by_institution().items()
            if key in seats
        }

    def _of(self, spells: Spells, seat: str) -> Outlook:
        roster = self.roster
        staff = [person for person, own in spells.items() if _is_staff(own, roster.on)]
        now = roster.share(staff, seat)
        changes = self._changes(spells)
        alone = self._ends_alone(now, staff, changes, seat)
        days = sorted(changes.keys() | self.target_days)
        turns, numerator, denominator = [], now.numerator, now.denominator
        for day in days:
            numerator += sum(_in_numerator(change) for change in changes.get(day, ()))
            denominator += sum(_in_denominator(change) for change in changes.get(day, ()))
            share = Share(numerator, denominator, nearest_target(self.in_force[day], seat))
            turns.append(Turn(day, share, changes.get(day, ())))
        return Outlook(roster.on, self.until, now, tuple(_that_matter(turns, now.target)), alone)

    def _ends_alone(
        self, now: Share, staff: Sequence[int], changes: Mapping[date, Sequence[Change]], seat: str
    ) -> Turn | None:
        left, holders = set(staff), {person for person in staff if self.roster.holds(person, self.roster.on)}
        if now.verdict is Verdict.NOT_MET:
            return None
        for day in sorted(changes):
            going = [one for one in changes[day] if one.effect is Effect.LEAVES and one.person.id in left]
            left -= {one.person.id for one in going}
            share = Share(len(holders & left), len(left), nearest_target(self.in_force[day], seat))
            if going and share.verdict is Verdict.NOT_MET:
                return Turn(day, share, going)
        return None

    def _changes(self, spells: Spells) -> dict[date, list[Change]]:
        found: defaultdict[date, list[Change]] = defaultdict(list)
        for person_id, own in sorted(spells.items(), key=lambda item: item[1][0].person.person_no):
            for day in self._days(person_id, own):
                change = self._change(person_id, own, day)
                if change is not None:
                    found[day].append(change)
        return found

    def _days(self, person_id: int, own: Sequence[Spell]) -> list[date]:
        periods = [spell.period for spell in own] + list(self.roster.holdings.get(person_id, ()))
        days = {day for period in periods for day in (period.start, period.end) if day is not None}
        return sorted(day for day in days if day > self.roster.on)

    def _change(self, person_id: int, own: Sequence[Spell], day: date) -> Change | None:
        before, after = day - ONE_DAY, day
        was, remains = _is_staff(own, before), _is_staff(own, after)
        held, holds = self.roster.holds(person_id, before), self.roster.holds(person_id, after)
        if was and not remains:
            ending = [spell for spell in own if spell.period.holds_on(before)]
            return _change(ending, Effect.LEAVES, end_of_staff(ending, day), is_holder=held)
        here = [spell for spell in own if spell.period.holds_on(after)]
        if remains and not was:
            return _change(here, Effect.JOINS, message(N_("任职开始")), is_holder=holds)
        if remains and held and not holds:
            return _change(here, Effect.LOSES, message(N_("证书或专业目录有效期届满")), is_holder=False)
        if remains and holds and not held:
            return _change(here, Effect.GAINS, message(N_("学历开始计入")), is_holder=True)
        return None


def _change(spells: Sequence[Spell], effect: Effect, reason: Message, *, is_holder: bool) -> Change:
    employers = tuple(dict.fromkeys(spell.employer for spell in spells))
    return Change(spells[0].person, employers, effect, is_holder, reason)


def _is_staff(spells: Sequence[Spell], day: date) -> bool:
    return any(spell.period.holds_on(day) for spell in spells)


def _in_denominator(change: Change) -> int:
    return {Effect.LEAVES: -1, Effect.JOINS: 1}.get(change.effect, 0)


def _in_numerator(change: Change) -> int:
    if change.effect in (Effect.LOSES, Effect.GAINS):
        return -1 if change.effect is Effect.LOSES else 1
    return _in_denominator(change) * change.is_holder


def _that_matter(turns: Sequence[Turn], target: TargetInForce | None) -> Iterator[Turn]:
    """A day on which nobody changes is one only where another target comes into force for this place."""
    for turn in turns:
        if turn.changes or _fraction(turn.share.target) != _fraction(target):
            yield turn
        target = turn.share.target


def _fraction(target: TargetInForce | None) -> tuple[int, int] | None:
    return None if target is None else (target.numerator, target.denominator)
