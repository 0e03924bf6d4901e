"""Collects what is found about a table, each finding with its sheet, row, column letter, header and value."""

from collections.abc import Mapping
from functools import cached_property

from registry.intake.declaration import Column
from registry.intake.identifiers import without_identity_number
from registry.intake.problems import Doubt, Problem, Severity
from registry.intake.tables import RawTable, column_letter, shown
from registry.messages import Message
from registry.parsing import CellProblem, half_width
from registry.people_numbers import holds_number_of_somebody

NOT_REPEATED = "******"
"""Stands for whatever was typed in a sealed column, right or wrong, and whatever its length."""


class Report:
    """The findings about one table; a kind's judge writes into it."""

    def __init__(self, table: RawTable, places: Mapping[str, int], columns: Mapping[str, Column]) -> None:
        self._table = table
        self._places = places
        self._columns = columns
        self.problems: list[Problem] = list(table.problems)
        self.failed = {problem.row for problem in table.problems if problem.severity is Severity.ERROR}
        """Numbers of the rows that cannot be loaded."""
        self._flawed: set[tuple[int, int | None]] = set()
        self._sealed = {place for key, place in places.items() if columns[key].is_sealed}
        self._of_nobody = {place for key, place in places.items() if columns[key].names_nobody}

    @cached_property
    def _index_of_row(self) -> dict[int, int]:
        return {row.number: index for index, row in enumerate(self._table.rows)}

    def error(self, row: int, key: str, message: Message, remedy: Message) -> None:
        """The row cannot be loaded."""
        self._add_at_key(row, key, message, remedy, Severity.ERROR)

    def warning(self, row: int, key: str, message: Message, remedy: Message) -> None:
        """The row is loaded, and somebody should look."""
        self._add_at_key(row, key, message, remedy, Severity.WARNING)

    def is_flawed(self, row: int, key: str) -> bool:
        """Whether the cell has an error already."""
        return (row, self._places.get(key)) in self._flawed

    def cell(self, row: int, place: int, flaw: CellProblem | Doubt) -> None:
        """What a parser or a look-up said of the cell at `place` columns from the left."""
        severity = Severity.WARNING if isinstance(flaw, Doubt) else Severity.ERROR
        masked = flaw.shown_as if isinstance(flaw, CellProblem) else None
        self._add(row, place, flaw.message, flaw.remedy, severity, masked)

    def file(self, message: Message, remedy: Message, severity: Severity = Severity.ERROR) -> None:
        """What concerns the whole table."""
        table = self._table
        self.problems.append(Problem(table.sheet, 0, "", "", table.file_name, message, remedy, severity))

    def header(
        self, place: int, message: Message, remedy: Message, severity: Severity = Severity.ERROR
    ) -> None:
        """What concerns a column as a whole."""
        head = self._table.headers[place]
        where = (self._table.sheet, self._table.header_row, column_letter(place))
        self.problems.append(Problem(*where, head, head, message, remedy, severity))

    def _add_at_key(self, row: int, key: str, message: Message, remedy: Message, severity: Severity) -> None:
        if key in self._places:
            self._add(row, self._places[key], message, remedy, severity, None)
            return
        # the column is not in the file: the finding still names the row and the column that is wanted
        self._note_row(row, severity)
        absent = Problem(self._table.sheet, row, "", self._columns[key].zh, "", message, remedy, severity)
        self.problems.append(absent)

    def _add(
        self, row: int, place: int, message: Message, remedy: Message, severity: Severity, masked: str | None
    ) -> None:
        self._note_row(row, severity)
        if severity is Severity.ERROR:
            self._flawed.add((row, place))
        if place in self._sealed:
            masked = NOT_REPEATED
        value = self._repeated(row, place) if masked is None else masked
        where = (self._table.sheet, row, column_letter(place), self._table.headers[place])
        self.problems.append(Problem(*where, value, message, remedy, severity))

    def _repeated(self, row: int, place: int) -> str:
        """What was typed, as it may be kept and shown to others: without the number of somebody."""
        cell = self._table.rows[self._index_of_row[row]].cells[place]
        if place in self._of_nobody and holds_number_of_somebody(half_width(cell)):
            return NOT_REPEATED
        return shown(without_identity_number(cell))

    def _note_row(self, row: int, severity: Severity) -> None:
        if severity is Severity.ERROR:
            self.failed.add(row)
