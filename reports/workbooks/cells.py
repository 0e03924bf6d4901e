"""Writes values into a sheet by their type: text stays text whatever it begins with, numbers and dates stay so."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.clock import SHANGHAI
from reports.workbooks.sheets import DATE_FORMAT, TIME_FORMAT

Write = Callable[[Any, int, int, Any], Any]


class CellWriter:
    """Writes with one background; rows and columns count from 0."""

    def __init__(
        self, workbook: Any, *, yes_and_no: tuple[str, str], look: Mapping[str, Any] | None = None
    ) -> None:
        facts = dict(look or {})
        self._plain = workbook.add_format(facts) if facts else None
        self._day = workbook.add_format(facts | {"num_format": DATE_FORMAT})
        self._instant = workbook.add_format(facts | {"num_format": TIME_FORMAT})
        self._yes_and_no = yes_and_no
        self._by_type: dict[type, Write] = {
            str: self._write_text,
            int: self._write_number,
            float: self._write_number,
            Decimal: self._write_number,
            bool: self._write_yes_or_no,
            date: self._write_day,
            datetime: self._write_instant,
            type(None): self._write_nothing,
        }

    def write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        """Whatever has no cell type of its own is written as its text."""
        write = self._by_type.get(type(value)) or self._write_text
        write(sheet, row, column, value)

    def _write_text(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if value != "" or self._plain is not None:
            sheet.write_string(row, column, str(value), self._plain)

    def _write_number(self, sheet: Any, row: int, column: int, value: Any) -> None:
        sheet.write_number(row, column, value, self._plain)

    def _write_yes_or_no(self, sheet: Any, row: int, column: int, value: Any) -> None:
        sheet.write_string(row, column, self._yes_and_no[0 if value else 1], self._plain)

    def _write_day(self, sheet: Any, row: int, column: int, value: Any) -> None:
        sheet.write_datetime(row, column, value, self._day)

    def _write_instant(self, sheet: Any, row: int, column: int, value: Any) -> None:
        """A file knows no zone: an instant is written as the clocks in China show it."""
        local = value if value.tzinfo is None else value.astimezone(SHANGHAI).replace(tzinfo=None)
        sheet.write_datetime(row, column, local, self._instant)

    def _write_nothing(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if self._plain is not None:
            sheet.write_blank(row, column, None, self._plain)
