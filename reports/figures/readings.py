"""One figure in one place on one day: the share, its parts one level down, the institutions that reach the target."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from registry.divisions.codes import LENGTH_OF_LEVEL, NATION, Level, level_of, lies_within
from registry.divisions.models import Division
from registry.divisions.queries import children, divisions_at, name_of
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation
from registry.workforce.counting import Basis, Place
from registry.workforce.models import Profession
from registry.workforce.queries import ProviderSite, Staffing, institutions_in, staff_by_profession, staffing
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.scale import Scale, scale_of
from reports.figures.shares import Measure, Share, Verdict
from reports.figures.tally import NOBODY, count_by, roll_up_counts, total_of


@dataclass(frozen=True)
class InstitutionTally:
    """The third form: of the institutions in a place, how many reach the target, and how many have staff at all."""

    reached: int
    judged: int
    """With staff, and with a target to be held to."""
    listed: int
    untargeted: int = 0
    """With staff, where no target is set."""

    @property
    def missed(self) -> int:
        """Institutions that are held to a target and do not reach it."""
        return self.judged - self.reached

    @property
    def empty(self) -> int:
        """Institutions without any counted staff: the target does not apply to them."""
        return self.listed - self.judged - self.untargeted

    @property
    def is_unjudged(self) -> bool:
        """There are institutions with staff, and none of them is held to a target."""
        return self.untargeted > 0 and not self.judged


@dataclass(frozen=True)
class Part:
    """One division or one institution of a reading."""

    code: str
    """Of the division, or the public code of the organisation."""
    name: str
    level: Level
    share: Share
    institutions: InstitutionTally
    is_rest: bool = False
    """What lies in the division and in none of the divisions listed."""
    has_sites_elsewhere: bool = False
    """The institution has sites outside the place, whose staff are not in this part."""


@dataclass(frozen=True)
class Reading:
    """One figure in one place on one day by one counting rule."""

    figure: FigureDefinition
    rule: CountingRule
    on: date
    basis: Basis
    code: str
    """Of the division, or the public code of the organisation."""
    name: str
    share: Share
    institutions: InstitutionTally
    by: Level | None
    parts: tuple[Part, ...]
    professions: tuple[tuple[Profession, int], ...] = ()
    """How many hold each profession, of a figure that counts persons; who holds two is in both."""


def share(
    session: Session,
    figure: FigureDefinition,
    *,
    division: str,
    on: date,
    rule: CountingRule,
    by: Level | None = None,
    basis: Basis = Basis.TODAY,
) -> Reading:
    """The pooled share of a division with its parts: the shown divisions below it, or those of the level `by`.

    Below a township, and for `Level.SITE`, the parts are institutions. Raises InvalidInput for a level not below it.
    """
    place = Place(division, basis)
    people = staffed(session, figure, place=place, on=on, rule=rule)
    naming_day = names_as_of(basis, on)
    divisions = _parts_of(session, division, by, naming_day)
    scale = scale_of(session, figure, on, [division, *(one.code for one in divisions)])
    parts = (
        _division_parts(people, scale, division, divisions)
        if divisions
        else _institution_parts(session, people, scale, place, on)
    )
    return Reading(
        figure=figure,
        rule=rule,
        on=on,
        basis=basis,
        code=division,
        name=name_of(session, division, naming_day),
        share=scale.share(total_of(people), division),
        institutions=institution_tally(people, scale),
        by=by or (parts[0].level if parts else None),
        parts=tuple(parts),
        professions=professions_of(session, figure, place, on, rule),
    )


def organisation_share(
    session: Session,
    figure: FigureDefinition,
    *,
    organisation: Organisation,
    on: date,
    rule: CountingRule,
    division: str = NATION,
    basis: Basis = Basis.TODAY,
) -> Reading:
    """The reading of one institution, or of its part in a division; it has no parts."""
    own = pooled(session, figure, place=Place(division, basis, organisation.id), on=on, rule=rule)
    return Reading(
        figure=figure,
        rule=rule,
        on=on,
        basis=basis,
        code=organisation.code,
        name=organisation.name,
        share=own,
        institutions=_tally([own]),
        by=None,
        parts=(),
        professions=professions_of(session, figure, Place(division, basis, organisation.id), on, rule),
    )


def pooled(
    session: Session, figure: FigureDefinition, *, place: Place, on: date, rule: CountingRule
) -> Share:
    """The share of a place alone; an institution is held to the target of where it is."""
    people = staffed(session, figure, place=place, on=on, rule=rule)
    held = held_to(place, people.sites.values())
    scale = scale_of(session, figure, on, [held])
    if place.organisation_id is not None:
        return scale.share_of_institution(total_of(people), held)
    return scale.share(total_of(people), held)


def staffed(
    session: Session, figure: FigureDefinition, *, place: Place, on: date, rule: CountingRule
) -> Staffing:
    """The people of a figure by site."""
    return staffing(session, place=place, on=on, rule=rule.code, holding=figure.holding, among=figure.among)


def held_to(place: Place, sites: Iterable[ProviderSite]) -> str:
    """The division whose target a place is held to; an institution's is where its first site lies."""
    if place.organisation_id is None:
        return place.division_code
    return min((site.division_code for site in sites), default=place.division_code)


def roll_up(
    session: Session,
    figure: FigureDefinition,
    *,
    division: str,
    on: date,
    rule: CountingRule,
    basis: Basis = Basis.TODAY,
) -> dict[str, Share]:
    """The pooled share of a division and of every division below it that has a listed provider, by code."""
    people = staffed(session, figure, place=Place(division, basis), on=on, rule=rule)
    counts = roll_up_counts(people)
    inside = {code: count for code, count in counts.items() if lies_within(code, division)}
    inside[division] = total_of(people)
    scale = scale_of(session, figure, on, inside)
    return {code: scale.share(count, code) for code, count in inside.items()}


def institution_tally(people: Staffing, scale: Scale) -> InstitutionTally:
    """How many institutions reach the target that holds where they are."""
    counts = count_by(people, lambda site: site.organisation_id)
    seats = seats_of(people.sites.values())
    return _tally(scale.verdict_share(count, seats[key]) for key, count in counts.items())


def names_as_of(basis: Basis, on: date) -> date:
    """The day whose divisions are listed: that day's own, or the newest there are."""
    return on if basis is Basis.THEN else date.max


def professions_of(
    session: Session, figure: FigureDefinition, place: Place, on: date, rule: CountingRule
) -> tuple[tuple[Profession, int], ...]:
    """How many of the staff hold each profession; nothing for a figure that does not count persons."""
    if figure.measure is not Measure.PERSONS:
        return ()
    counts = staff_by_profession(session, place=place, on=on, rule=rule.code)
    return tuple((profession, counts[profession]) for profession in Profession if profession in counts)


def _tally(shares: Iterable[Share]) -> InstitutionTally:
    verdicts = [one.verdict for one in shares]
    met, untargeted = verdicts.count(Verdict.MET), verdicts.count(Verdict.NO_TARGET)
    return InstitutionTally(met, met + verdicts.count(Verdict.NOT_MET), len(verdicts), untargeted)


def _parts_of(session: Session, division: str, by: Level | None, day: date) -> Sequence[Division]:
    if by is Level.SITE:
        return ()
    if by is None:
        is_township = division != NATION and len(division) >= LENGTH_OF_LEVEL[Level.TOWNSHIP]
        return () if is_township else children(session, division, day)
    if division != NATION and LENGTH_OF_LEVEL[by] <= LENGTH_OF_LEVEL[level_of(division)]:
        raise InvalidInput(
            "by",
            message(
                N_("“%(by)s”不在区划%(division)s之下，请选择更低的层级。"), by=by.value, division=division
            ),
        )
    return divisions_at(session, division, by, day)


def _division_parts(
    people: Staffing, scale: Scale, division: str, divisions: Sequence[Division]
) -> list[Part]:
    """Blank divisions too; people in none of them come last, under the division's own code."""
    find = PartFinder(division, [one.code for one in divisions])
    counts = count_by(people, find.of)
    institutions = _institutions_by_part(people, scale, find)
    parts = [
        Part(
            one.code,
            one.name,
            one.level,
            scale.share(counts.get(one.code, NOBODY), one.code),
            institutions.get(one.code, InstitutionTally(0, 0, 0)),
        )
        for one in divisions
    ]
    if division in counts:
        rest = scale.rest(counts[division], division)
        parts.append(Part(division, "", divisions[0].level, rest, institutions[division], is_rest=True))
    return parts


class PartFinder:
    """In which of some divisions a site lies: the narrowest one, or the division that holds them all."""

    def __init__(self, division: str, codes: Iterable[str]) -> None:
        self.division = division
        self.codes = frozenset(codes)
        self.lengths = sorted({len(code) for code in self.codes}, reverse=True)

    def of(self, site: ProviderSite) -> str:
        """Where a site lies."""
        return self.of_code(site.division_code)

    def of_code(self, code: str) -> str:
        """Where a division lies."""
        prefixes = (code[:length] for length in self.lengths)
        return next((prefix for prefix in prefixes if prefix in self.codes), self.division)


def _institutions_by_part(people: Staffing, scale: Scale, find: PartFinder) -> dict[str, InstitutionTally]:
    """Each institution by the staff that it has in the part."""
    counts = count_by(people, lambda site: (find.of(site), site.organisation_id))
    shares: defaultdict[str, list[Share]] = defaultdict(list)
    for (code, _organisation_id), count in counts.items():
        shares[code].append(scale.verdict_share(count, code))
    return {code: _tally(of_part) for code, of_part in shares.items()}


def _institution_parts(
    session: Session, people: Staffing, scale: Scale, place: Place, on: date
) -> list[Part]:
    counts = count_by(people, lambda site: site.organisation_id)
    seats = seats_of(people.sites.values())
    sites_here: defaultdict[Hashable, int] = defaultdict(int)
    for site in people.sites.values():
        sites_here[site.organisation_id] += 1
    parts = []
    for institution in institutions_in(session, place=place, on=on):
        own = scale.share_of_institution(counts[institution.id], seats[institution.id])
        parts.append(
            Part(
                institution.code,
                institution.name,
                Level.SITE,
                own,
                _tally([scale.verdict_share(counts[institution.id], seats[institution.id])]),
                has_sites_elsewhere=institution.sites > sites_here[institution.id],
            )
        )
    return parts


def seats_of(sites: Iterable[ProviderSite]) -> dict[int, str]:
    """The division whose target an institution is held to: that of its site with the lowest code."""
    seats: dict[int, str] = {}
    for site in sites:
        known = seats.get(site.organisation_id)
        if known is None or site.division_code < known:
            seats[site.organisation_id] = site.division_code
    return seats
