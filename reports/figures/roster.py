"""Who is staff where, from a day on, and what he holds: read once for the outlook and for the path to the target."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from registry.periods import Period
from registry.policy.queries import targets_in_force
from registry.workforce.counting import Place
from registry.workforce.queries import holding_periods, provider_sites
from registry.workforce.records import Employer, Person, Spell, awaited_diplomas_in, spells_in
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.presence import counts_by_rule
from reports.figures.readings import held_to, seats_of
from reports.figures.scale import Targets
from reports.figures.shares import Share, nearest_target

Spells = Mapping[int, Sequence[Spell]]
"""By person."""


@dataclass(frozen=True)
class Roster:
    """The counted people of a place, now and as far as is registered."""

    on: date
    spells: Spells
    holdings: Mapping[int, Sequence[Period]]
    awaited: frozenset[int]
    """Whoever would count if his diploma were verified."""
    targets: Targets
    seat: str
    """The division whose target the place as a whole is held to."""
    seats: Mapping[int, str]
    """The same of each institution."""

    def holds(self, person_id: int, day: date) -> bool:
        """Whether a person has what the figure asks for."""
        return any(period.holds_on(day) for period in self.holdings.get(person_id, ()))

    def by_institution(self) -> dict[int, Spells]:
        """The same people institution by institution."""
        found: defaultdict[int, defaultdict[int, list[Spell]]] = defaultdict(lambda: defaultdict(list))
        for person_id, spells in self.spells.items():
            for spell in spells:
                found[spell.employer.id][person_id].append(spell)
        return dict(found)

    def staff(self) -> dict[int, list[Employer]]:
        """Whoever is staff on the day, with the institutions where he is."""
        found: dict[int, list[Employer]] = {}
        for person_id, spells in self.spells.items():
            employers = {spell.employer for spell in spells if spell.period.holds_on(self.on)}
            if employers:
                found[person_id] = sorted(employers, key=lambda one: (one.name, one.code))
        return found

    def person(self, person_id: int) -> Person:
        """Who it is."""
        return self.spells[person_id][0].person

    def share(self, people: Iterable[int], seat: str) -> Share:
        """The share of some staff on the day."""
        counted = list(people)
        holders = sum(self.holds(person_id, self.on) for person_id in counted)
        return Share(holders, len(counted), nearest_target(self.targets, seat))


def roster(
    session: Session, figure: FigureDefinition, *, place: Place, on: date, rule: CountingRule
) -> Roster:
    """In five statements, whatever the size of the place."""
    spells: defaultdict[int, list[Spell]] = defaultdict(list)
    for spell in spells_in(session, place, since=on):
        if counts_by_rule(spell, rule.code):
            spells[spell.person.id].append(spell)
    holdings: defaultdict[int, list[Period]] = defaultdict(list)
    for person_id, period in holding_periods(session, place=place, rule=rule.code, holding=figure.holding):
        holdings[person_id].append(period)
    sites = provider_sites(session, place=place, on=on).values()
    return Roster(
        on=on,
        spells=dict(spells),
        holdings=dict(holdings),
        awaited=frozenset(awaited_diplomas_in(session, place, on)),
        targets=targets_in_force(session, figure.code, on),
        seat=held_to(place, sites),
        seats=seats_of(sites),
    )
