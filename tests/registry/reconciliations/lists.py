"""A small list of theirs beside what is registered in Huangpu."""

from sqlalchemy.orm import Session

from registry.intake.tables import RawRow, RawTable, TableFormat
from registry.reconciliations.columns import guessed
from registry.reconciliations.comparing import Comparison, Found, compare
from registry.reconciliations.fields import KINDS
from registry.reconciliations.models import Outcome, SubjectKind
from registry.reconciliations.ours import Whose, our_side, prefixes_of
from registry.reconciliations.readings import Surroundings
from tests.factories import DAY, HUANGPU


def table_of(heads: str, *rows: str) -> RawTable:
    """Cells are set apart by blanks; a dash is a blank cell."""
    cells = [["" if cell == "-" else cell for cell in row.split()] for row in rows]
    read = [RawRow(number, row) for number, row in enumerate(cells, start=2)]
    return RawTable("对方名单.csv", "0" * 64, TableFormat.CSV, "", 1, tuple(heads.split()), read)


def compared(session: Session, kind: SubjectKind, table: RawTable) -> Comparison:
    """By everything that its columns can tell; no field has an authority."""
    said = guessed(kind, table.headers, None)
    assert len(said.fields) == len(table.headers), "a head was not recognised"
    around = Surroundings(prefixes_of(session, HUANGPU), said.synonyms(KINDS[kind]))
    ours = our_side(session, kind, Whose(HUANGPU), DAY)
    return compare(KINDS[kind], table, said, ours, around=around, authorities={}, system_id=1)


def told(found: Comparison, *outcomes: Outcome) -> list[Found]:
    """The findings of these outcomes, in their order."""
    return [one for one in found.findings if one.outcome in outcomes]


def rows_of(found: Comparison, *outcomes: Outcome) -> list[int | None]:
    """The numbers of the rows that such findings are about."""
    return [one.row for one in told(found, *outcomes)]
