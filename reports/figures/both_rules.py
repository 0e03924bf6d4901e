"""The ledger by every counting rule at once: where the rules judge one person differently is seen in one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from registry.workforce.counting import Place
from reports.figures.definitions import FigureDefinition
from reports.figures.ledger import LedgerRow, Standing, ledgers


@dataclass(frozen=True)
class ComparedRow:
    """One person at one institution, as each rule of the figure sees him, in the order of the rules."""

    rows: tuple[LedgerRow, ...]

    @property
    def shown(self) -> LedgerRow:
        """What tells who he is and what he does: of the rule that counts him, or else of the first."""
        counted = (row for row in self.rows if row.standing is not Standing.OUTSIDE)
        return next(counted, self.rows[0])

    @property
    def differs(self) -> bool:
        """The rules do not agree."""
        return len({row.standing for row in self.rows}) > 1


def by_both_rules(session: Session, figure: FigureDefinition, *, place: Place, on: date) -> list[ComparedRow]:
    """Everybody whom a ledger of the place lists, by institution and number."""
    books = ledgers(session, figure, place=place, on=on, rules=figure.rules)
    found: dict[tuple[int, int], list[LedgerRow]] = {}
    for row in (row for book in books for row in book):
        found.setdefault((row.employer.id, row.person.id), []).append(row)
    compared = [ComparedRow(tuple(rows)) for rows in found.values()]
    return sorted(compared, key=_reading_order)


def _reading_order(one: ComparedRow) -> tuple[str, int, str]:
    row = one.shown
    return row.employer.name, row.employer.id, row.person.person_no


def differing(rows: Sequence[ComparedRow]) -> list[ComparedRow]:
    """Those on whom the rules do not agree."""
    return [row for row in rows if row.differs]
