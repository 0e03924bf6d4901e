"""达标方案: what brings an institution, every institution of a division, or the division as a whole to the target.

The arithmetic is that of cheapest.py. Here people are sorted by where they work, and its answer is told as steps, each
with the reading before and after it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from registry.policy.queries import parameter
from registry.workforce.records import Employer, Person
from reports.figures.cheapest import Answer, Helpers, Need, Use, Weights, cheapest
from reports.figures.roster import Roster
from reports.figures.shares import Share, Verdict

HIRE_WEIGHT, CONVERSION_WEIGHT = "path.hire_weight", "path.conversion_weight"
"""Policy parameters: what a hire and a conversion count against each other."""


class StepKind(StrEnum):
    """What is done, in the order in which it is tried."""

    CHECK = "check"
    CONVERT = "convert"
    HIRE = "hire"


@dataclass(frozen=True)
class Group:
    """Staff who do not count and who work at exactly the same institutions; each list by register number."""

    employers: tuple[Employer, ...]
    pending: tuple[Person, ...]
    convertible: tuple[Person, ...]


@dataclass(frozen=True)
class Step:
    """One step with the reading of its institution before and after it."""

    kind: StepKind
    number: int
    people: tuple[Person, ...]
    """So many of these are enough; nobody where somebody is hired."""
    employers: tuple[Employer, ...]
    """Where these people work: a step that concerns several institutions is taken once for all of them."""
    before: Share
    after: Share
    sender: Employer | None = None
    """Of a way for a division as a whole: the institution that is proposed for it; any other would do as well."""

    @property
    def is_shared(self) -> bool:
        """It helps several institutions."""
        return len(self.employers) > 1


@dataclass(frozen=True)
class Totals:
    """How much is to be done, each person once."""

    checks: int
    conversions: int
    hires: int

    @property
    def is_nothing(self) -> bool:
        """The target is reached."""
        return not (self.checks or self.conversions or self.hires)


@dataclass(frozen=True)
class InstitutionPath:
    """The steps of one institution that falls short."""

    employer: Employer
    share: Share
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Path:
    """The cheapest way for several institutions at once."""

    totals: Totals
    unchecked: Totals
    """The same where no diploma that waits is verified."""
    institutions: tuple[InstitutionPath, ...]
    pooled: Share
    """The division as a whole before."""
    pooled_after: Share
    """And after every step."""
    is_proven: bool


@dataclass(frozen=True)
class PooledPath:
    """The cheapest way for a division as a whole."""

    totals: Totals
    unchecked: Totals
    share: Share
    steps: tuple[Step, ...]
    """Trained are people of as few institutions as can be."""


def weights_of(session: Session, division_code: str, on: date) -> Weights:
    """As they are in force in a place."""
    hire, conversion = (
        int(parameter(session, key, division_code, on)) for key in (HIRE_WEIGHT, CONVERSION_WEIGHT)
    )
    return Weights(hire, conversion)


def path_of_institutions(roster: Roster, weights: Weights) -> Path:
    """Every institution of the roster that falls short reaches its target."""
    return _Planner(roster, weights).of_institutions()


def path_as_a_whole(roster: Roster, weights: Weights) -> PooledPath:
    """The people of the roster together reach the target of the place."""
    return _Planner(roster, weights).as_a_whole()


@dataclass(frozen=True)
class _Planned:
    """A step before it is known what it is taken from."""

    kind: StepKind
    number: int
    people: tuple[Person, ...] = ()
    employers: tuple[Employer, ...] = ()
    sender: Employer | None = None


class _Planner:
    """One roster, sorted once."""

    def __init__(self, roster: Roster, weights: Weights) -> None:
        self.roster, self.weights = roster, weights
        self.staff = roster.staff()
        self.members: defaultdict[int, list[int]] = defaultdict(list)
        self.employers: dict[int, Employer] = {}
        for person_id, employers in self.staff.items():
            for employer in employers:
                self.members[employer.id].append(person_id)
                self.employers[employer.id] = employer
        self.shares = {
            key: roster.share(people, roster.seats.get(key, roster.seat))
            for key, people in self.members.items()
        }
        self.groups = _groups(roster, self.staff)

    def of_institutions(self) -> Path:
        needs = {key: need for key, share in self.shares.items() if (need := _need(share)) is not None}
        helpers = [_helpers(group, {one.id for one in group.employers}) for group in self.groups]
        answer = cheapest(needs, helpers, self.weights)
        pooled = self.roster.share(self.staff, self.roster.seat)
        return Path(
            totals=_totals(answer),
            unchecked=_totals(cheapest(needs, _unchecked(helpers), self.weights)),
            institutions=tuple(self._paths(answer)),
            pooled=pooled,
            pooled_after=_after(pooled, _totals(answer)),
            is_proven=answer.is_proven,
        )

    def as_a_whole(self) -> PooledPath:
        share = self.roster.share(self.staff, self.roster.seat)
        pending = sum(len(group.pending) for group in self.groups)
        convertible = sum(len(group.convertible) for group in self.groups)
        helpers = [Helpers(frozenset({0}), pending, convertible)]
        need = _need(share)
        needs = {} if need is None else {0: need}
        totals = _totals(cheapest(needs, helpers, self.weights))
        unchecked = _totals(cheapest(needs, _unchecked(helpers), self.weights))
        return PooledPath(totals, unchecked, share, _told(share, self._spread(totals)))

    def _spread(self, totals: Totals) -> list[_Planned]:
        """Who does it: whoever waits for a check wherever he is, then people of few institutions."""
        pending = tuple(person for group in self.groups for person in group.pending)
        planned = [_Planned(StepKind.CHECK, totals.checks, pending)]
        for employer, number in self._sent_by(totals.conversions):
            planned.append(_Planned(StepKind.CONVERT, number, self._able(employer), sender=employer))
        if totals.hires:
            neediest = self.employers[min(self.employers, key=self._neediest)]
            planned.append(_Planned(StepKind.HIRE, totals.hires, sender=neediest))
        return planned

    def _able(self, employer: Employer) -> tuple[Person, ...]:
        """Whoever could be trained and is put down at this institution."""
        own = (group for group in self.groups if group.employers[0] == employer)
        return tuple(person for group in own for person in group.convertible)

    def _paths(self, answer: Answer) -> Iterable[InstitutionPath]:
        used: defaultdict[int, list[tuple[Group, Use]]] = defaultdict(list)
        for group, use in zip(self.groups, answer.uses, strict=True):
            for employer in group.employers:
                used[employer.id].append((group, use))
        short = [key for key, share in self.shares.items() if share.verdict is Verdict.NOT_MET]
        for key in sorted(short, key=lambda key: (self.employers[key].name, self.employers[key].code)):
            steps = _steps(self.shares[key], used[key], answer.hires.get(key, 0))
            yield InstitutionPath(self.employers[key], self.shares[key], steps)

    def _sent_by(self, number: int) -> tuple[tuple[Employer, int], ...]:
        """As few institutions as can be: the largest first, the last one that is furthest from its own target.

        Whoever works at several institutions is put down at the first of them.
        """
        able: defaultdict[int, int] = defaultdict(int)
        for group in self.groups:
            able[group.employers[0].id] += len(group.convertible)
        sent: list[tuple[Employer, int]] = []
        while number > 0:
            enough = [key for key, people in able.items() if people >= number]
            most = max(able.values())
            fit = enough or [key for key, people in able.items() if people == most]
            key = min(fit, key=self._neediest)
            sent.append((self.employers[key], min(number, able[key])))
            number -= able.pop(key)
        return tuple(sent)

    def _neediest(self, key: int) -> tuple[int, str, str]:
        employer = self.employers[key]
        return -(self.shares[key].conversions_needed or 0), employer.name, employer.code


def _groups(roster: Roster, staff: Mapping[int, Sequence[Employer]]) -> list[Group]:
    """Whoever is staff and does not count, by where he works; in the order of the institutions' names."""
    found: defaultdict[tuple[Employer, ...], list[int]] = defaultdict(list)
    for person_id, employers in staff.items():
        if not roster.holds(person_id, roster.on):
            found[tuple(employers)].append(person_id)
    ordered = sorted(found, key=lambda employers: [(one.name, one.code) for one in employers])
    return [
        Group(
            employers,
            _people(roster, [one for one in found[employers] if one in roster.awaited]),
            _people(roster, [one for one in found[employers] if one not in roster.awaited]),
        )
        for employers in ordered
    ]


def _people(roster: Roster, ids: Iterable[int]) -> tuple[Person, ...]:
    return tuple(sorted(map(roster.person, ids), key=lambda person: person.person_no))


def _need(share: Share) -> Need | None:
    """None where there is nobody, or nothing to reach."""
    if share.target is None or not share.denominator:
        return None
    return Need(share.numerator, share.denominator, share.target.numerator, share.target.denominator)


def _helpers(group: Group, places: Iterable[int]) -> Helpers:
    return Helpers(frozenset(places), len(group.pending), len(group.convertible))


def _unchecked(helpers: Iterable[Helpers]) -> list[Helpers]:
    """The same people as if no diploma of theirs were on its way."""
    return [Helpers(one.places, 0, one.pending + one.convertible) for one in helpers]


def _totals(answer: Answer) -> Totals:
    checks = sum(use.checks for use in answer.uses)
    conversions = sum(use.conversions for use in answer.uses)
    return Totals(checks, conversions, sum(answer.hires.values()))


def _after(share: Share, done: Totals) -> Share:
    gained = done.checks + done.conversions + done.hires
    return Share(share.numerator + gained, share.denominator + done.hires, share.target)


def _steps(share: Share, used: Sequence[tuple[Group, Use]], hires: int) -> tuple[Step, ...]:
    """Checks, then conversions, those that help several institutions first, then hires."""
    in_order = sorted(used, key=lambda one: -len(one[0].employers))
    planned = [
        *(_Planned(StepKind.CHECK, use.checks, group.pending, group.employers) for group, use in in_order),
        *(
            _Planned(StepKind.CONVERT, use.conversions, group.convertible, group.employers)
            for group, use in in_order
        ),
        _Planned(StepKind.HIRE, hires),
    ]
    return _told(share, planned)


def _told(share: Share, planned: Iterable[_Planned]) -> tuple[Step, ...]:
    """One after the other, each with the reading before and after it; what is not needed is left out."""
    steps, now = [], share
    for one in planned:
        if one.number:
            added = one.number if one.kind is StepKind.HIRE else 0
            after = Share(now.numerator + one.number, now.denominator + added, now.target)
            steps.append(Step(one.kind, one.number, one.people, one.employers, now, after, one.sender))
            now = after
    return tuple(steps)
