"""Residents within today's borders: counts stay under the codes of their year and follow whole divisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.models import DivisionChange, DivisionChangeLine, Population
from registry.divisions.queries import applied_lines


@dataclass(frozen=True)
class Residents:
    """How many people lived there; an example where any part of it is one."""

    count: int
    is_example: bool


def residents_of(session: Session, codes: Iterable[str], year: int) -> dict[str, Residents]:
    """By the count of a year: a division's own residents and those of divisions that it took over whole.

    Left out is what nobody counted, and what was split since.
    """
    counted = session.scalars(sa.select(Population).where(Population.year == year))
    since = applied_lines().where(DivisionChange.effective_on > date(year, 12, 31))
    by_code = {row.division_code: Residents(row.residents, row.is_example) for row in counted}
    counts = _Counts(by_code, list(session.scalars(since)))
    found = {code: counts.of(code) for code in codes}
    return {code: residents for code, residents in found.items() if residents is not None}


def residents_on(session: Session, codes: Iterable[str], day: date) -> dict[str, Residents]:
    """By the newest count that is no later than the year of a day."""
    newest = sa.select(sa.func.max(Population.year)).where(Population.year <= day.year)
    year = session.scalar(newest)
    return {} if year is None else residents_of(session, codes, year)


@dataclass(frozen=True)
class _Counts:
    """The counts of one year and what became of divisions since."""

    by_code: dict[str, Residents]
    lines: list[DivisionChangeLine]

    def of(self, code: str) -> Residents | None:
        if self._parts(code) > 1:
            return None
        before = {line.from_code for line in self.lines if line.to_code == code} - {code}
        parts = [self.of(old) if self._parts(old) == 1 else None for old in before]
        parts += [self.by_code[code]] if code in self.by_code else []
        known = [part for part in parts if part is not None]
        if not known or len(known) < len(parts):
            return None
        return Residents(sum(part.count for part in known), any(part.is_example for part in known))

    def _parts(self, code: str) -> int:
        return len({line.to_code for line in self.lines if line.from_code == code})
