"""Everything that the outlook of an institution or a division says on a day, read once for the page and the paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.divisions.codes import NATION, Level
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation
from registry.workforce.counting import Basis, Place
from registry.workforce.queries import counts_examples
from reports.documents.briefing import printed_name
from reports.figures.cheapest import Weights
from reports.figures.definitions import QUALIFIED_SHARE, CountingRule
from reports.figures.outlook import Forecast, Outlook
from reports.figures.plans import (
    Path,
    PooledPath,
    Step,
    path_as_a_whole,
    path_of_institutions,
    weights_of,
)
from reports.figures.readings import Part, Reading, names_as_of, organisation_share, share
from reports.figures.roster import Roster, roster
from reports.figures.shares import Share, Verdict
from reports.figures.trend import FIRST_MONTH


@dataclass(frozen=True)
class Row:
    """An institution that misses its target, or is known to fall below it."""

    part: Part
    outlook: Outlook
    steps: Sequence[Step]
    seat: str
    """The division whose target it is held to, where its first site in the place lies."""


@dataclass(frozen=True)
class Prospect:
    """Of an institution, or of a division with its institutions."""

    name: str
    division_code: str
    organisation_code: str | None
    """None where it is of a division."""
    reading: Reading
    """Of a division, cut into its institutions."""
    outlook: Outlook
    path: Path
    pooled: PooledPath
    rows: Sequence[Row]
    weights: Weights
    has_examples: bool
    computed_at: datetime

    @property
    def is_of_institution(self) -> bool:
        """Of one institution, not of a division."""
        return self.organisation_code is not None

    @property
    def on(self) -> date:
        """The day of which it speaks."""
        return self.reading.on

    @property
    def share(self) -> Share:
        """As the figure gives it."""
        return self.reading.share

    @property
    def steps(self) -> Sequence[Step]:
        """Of the one institution."""
        return next((one.steps for one in self.path.institutions), ())

    @property
    def hires_alone(self) -> int | None:
        """What hiring alone would take, institution by institution; None where no hiring helps one of them."""
        needed = [row.part.share.hires_needed for row in self.rows]
        return None if None in needed else sum(one or 0 for one in needed)


def prospect_of_institution(
    session: Session, organisation: Organisation, *, on: date, rule: CountingRule, basis: Basis, at: datetime
) -> Prospect:
    """With all its sites, wherever they lie."""
    place = Place(NATION, basis, organisation.id)
    reading = organisation_share(
        session, QUALIFIED_SHARE, organisation=organisation, on=on, rule=rule, basis=basis
    )
    return _prospect(
        session,
        reading,
        place,
        organisation.division_code,
        at,
        name=organisation.name,
        code=organisation.code,
    )


def prospect_of_division(
    session: Session, division: str, *, on: date, rule: CountingRule, basis: Basis, at: datetime
) -> Prospect:
    """With the staff that its institutions have in it; InvalidInput for the whole country."""
    if division == NATION:
        raise InvalidInput("division", message(N_("达标方案按机构或区划出具，请选择一个区划。")))
    place = Place(division, basis)
    reading = share(session, QUALIFIED_SHARE, division=division, on=on, rule=rule, by=Level.SITE, basis=basis)
    name = printed_name(session, division, names_as_of(basis, on))
    return _prospect(session, reading, place, division, at, name=name, code=None)


def refuse_before_data(on: date) -> None:
    """InvalidInput for a day of which nothing is kept."""
    if on < FIRST_MONTH:
        sentence = N_("登记数据自%(first)s起才有历史记录，请改选之后的日期。")
        raise InvalidInput("on", message(sentence, first=FIRST_MONTH.isoformat()))


def _prospect(
    session: Session,
    reading: Reading,
    place: Place,
    division: str,
    at: datetime,
    *,
    name: str,
    code: str | None,
) -> Prospect:
    refuse_before_data(reading.on)
    people = roster(session, reading.figure, place=place, on=reading.on, rule=reading.rule)
    weights = weights_of(session, division, reading.on)
    forecast = Forecast(session, people, reading.figure.code)
    path = path_of_institutions(people, weights)
    return Prospect(
        name=name,
        division_code=division,
        organisation_code=code,
        reading=reading,
        outlook=forecast.of_place(),
        path=path,
        pooled=path_as_a_whole(people, weights),
        rows=() if code else tuple(_rows(reading, people, forecast, path)),
        weights=weights,
        has_examples=counts_examples(session, place=place, on=reading.on),
        computed_at=at,
    )


def _rows(reading: Reading, people: Roster, forecast: Forecast, path: Path) -> list[Row]:
    """Whoever falls short first, the widest gap on top; then whoever will, by the day."""
    ids = {spell.employer.code: spell.employer.id for spells in people.spells.values() for spell in spells}
    outlooks = forecast.of_institutions()
    steps = {one.employer.code: one.steps for one in path.institutions}
    rows = [
        Row(part, outlooks[ids[part.code]], steps.get(part.code, ()), people.seats[ids[part.code]])
        for part in reading.parts
        if ids.get(part.code) in outlooks
        and (part.code in steps or outlooks[ids[part.code]].falls is not None)
    ]
    return sorted(rows, key=_urgency)


def _urgency(row: Row) -> tuple[bool, int, date, str]:
    is_met = row.part.share.verdict is not Verdict.NOT_MET
    falls = row.outlook.falls.on if row.outlook.falls else date.max
    return is_met, -(row.part.share.conversions_needed or 0), falls, row.part.name
