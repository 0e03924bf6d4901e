"""工作简报: everything that it speaks of, read once. Text, table and pictures are made from these very objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from registry.divisions.codes import LENGTH_OF_LEVEL, NATION, Level
from registry.divisions.queries import name_of
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.workforce.counting import Basis, Place
from registry.workforce.queries import counts_examples
from reports.figures.beside import Beside, figures_beside
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.ledger import LedgerRow, ledger
from reports.figures.readings import Part, Reading, names_as_of, share
from reports.figures.shares import Share, Verdict
from reports.figures.trend import FIRST_MONTH, TrendPoint, trend
from reports.figures.year_end import Assessment, assessment


@dataclass(frozen=True)
class Briefing:
    """One figure in one place on one day, with what stands around it."""

    place: str
    """The name as it is printed; a street with its district before it."""
    reading: Reading
    points: Sequence[TrendPoint]
    assessed: Assessment | None
    besides: Sequence[Beside]
    """The other figures by the same rule."""
    has_examples: bool
    """Made-up institutions are counted."""
    computed_at: datetime
    institutions: Sequence[Part] = ()
    """For the annex."""
    people: Sequence[LedgerRow] = ()
    """For the annex."""

    @property
    def share(self) -> Share:
        """Of the whole place."""
        return self.reading.share

    @property
    def parts(self) -> tuple[Part, ...]:
        """The divisions or institutions, by code or name, without what lies in none of them."""
        return tuple(part for part in self.reading.parts if not part.is_rest)

    @property
    def rest(self) -> Part | None:
        """What lies in the place and in none of its parts."""
        return next((part for part in self.reading.parts if part.is_rest), None)

    @property
    def met(self) -> tuple[Part, ...]:
        """The parts that reach the target, the highest share first."""
        return tuple(reversed(_by_share(self._with(Verdict.MET))))

    @property
    def lagging(self) -> tuple[Part, ...]:
        """The parts below the target, the lowest share first."""
        return _by_share(self._with(Verdict.NOT_MET))

    @property
    def judged_by_nobody(self) -> tuple[Part, ...]:
        """Parts with staff for which no target is set, the highest share first."""
        return tuple(reversed(_by_share(self._with(Verdict.NO_TARGET))))

    @property
    def unmanned(self) -> tuple[Part, ...]:
        """Parts with a listed institution and nobody to count."""
        return tuple(part for part in self._with(Verdict.NOT_APPLICABLE) if part.institutions.listed)

    @property
    def blank(self) -> tuple[Part, ...]:
        """Parts without a listed institution."""
        return tuple(part for part in self.parts if not part.institutions.listed)

    @property
    def last_month(self) -> TrendPoint | None:
        """The end of the month before, where somebody was counted then."""
        before = self.points[-2] if len(self.points) > 1 else None
        return before if before is not None and before.share.ratio is not None else None

    def change_since(self, before: Share) -> Fraction | None:
        """Against an earlier reading; None where one of the two has nobody."""
        now = self.share.ratio
        return None if now is None or before.ratio is None else now - before.ratio

    def _with(self, verdict: Verdict) -> list[Part]:
        return [part for part in self.parts if part.share.verdict is verdict]


def build(
    session: Session,
    figure: FigureDefinition,
    *,
    division: str,
    on: date,
    rule: CountingRule,
    basis: Basis,
    at: datetime,
) -> Briefing:
    """Everything but the annexes; InvalidInput for a day before the register keeps histories."""
    _refuse_before_data(on)
    place = Place(division, basis)
    reading = share(session, figure, division=division, on=on, rule=rule, basis=basis)
    return Briefing(
        place=printed_name(session, division, names_as_of(basis, on)),
        reading=reading,
        points=trend(session, figure, place=place, on=on, rule=rule),
        assessed=assessment(session, figure, division=division, on=on, rule=rule),
        besides=figures_beside(session, figure, place=place, on=on, rule=rule),
        has_examples=counts_examples(session, place=place, on=on),
        computed_at=at,
    )


def institutions_of(session: Session, briefing: Briefing) -> Sequence[Part]:
    """Every listed institution of the place, for the annex."""
    one = briefing.reading
    if one.by is Level.SITE:
        return briefing.parts
    by_site = share(
        session, one.figure, division=one.code, on=one.on, rule=one.rule, by=Level.SITE, basis=one.basis
    )
    return by_site.parts


def people_of(session: Session, briefing: Briefing) -> Sequence[LedgerRow]:
    """Everybody who is counted or was looked at, for the annex."""
    one = briefing.reading
    return ledger(session, one.figure, place=Place(one.code, one.basis), on=one.on, rule=one.rule)


def printed_name(session: Session, division: str, on: date) -> str:
    """黄浦区, 黄浦区外滩街道; empty for the whole country."""
    if division == NATION:
        return ""
    name = name_of(session, division, on)
    district = LENGTH_OF_LEVEL[Level.DISTRICT]
    return name if len(division) <= district else name_of(session, division[:district], on) + name


def _refuse_before_data(on: date) -> None:
    if on < FIRST_MONTH:
        sentence = N_("登记数据自%(first)s起才有历史记录，%(value)s没有数据可出具简报，请改选之后的日期。")
        raise InvalidInput("on", message(sentence, first=FIRST_MONTH.isoformat(), value=on.isoformat()))


def _by_share(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The lowest first; equal shares in the order of their codes."""
    return tuple(sorted(parts, key=lambda part: (part.share.ratio or Fraction(0), part.code)))
