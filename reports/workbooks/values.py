"""The values of a sheet, through calamine.

A legacy .xls is read in a process of its own: on some damaged files its parser asks for more memory than there is, and
the whole process ends. An .xlsx is read here, after `packages` and `scanning` have bounded what it can ask for.
"""

import resource
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from multiprocessing import get_context

import python_calamine as calamine

from registry.parsing import Cell

MARKER_SHEET = "_template"
"""The hidden sheet of our own templates: kind and version, then the lists of the drop-downs."""

BASE_SHEET = "_base"
"""The hidden sheet of a file that was taken out of the register: signed lines, see registry/intake/round_trip.py."""

MOST_VERSIONS = 1_000

MEMORY_OF_CHILD = 2 * 1024**3
SECONDS_OF_CHILD = 60

Area = tuple[tuple[int, int], tuple[int, int]]
"""Top left and bottom right, row and column counted from 0."""


class ValuesBroken(Exception):
    """The parser gave up."""


class ValuesLocked(Exception):
    """The file wants a password."""


@dataclass(frozen=True)
class SheetValues:
    """One sheet: every row and every cell from A1 on."""

    lines: Iterator[Sequence[Cell]] | list[Sequence[Cell]]
    merged: Sequence[Area]
    template: str
    """The kind that our own template was made for, or empty."""
    hidden: Sequence[tuple[str, str]] = ()
    """The signed lines of a file that was taken out of the register."""
    version: int = 0
    """Which version of that template; 0 where it does not say."""


@contextmanager
def xlsx_values(data: bytes, sheet: str) -> Iterator[SheetValues]:
    """Rows come one by one while the context is open."""
    try:
        with calamine.CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
            yield _values(workbook, sheet)
    except calamine.CalamineError as error:
        raise ValuesBroken from error


def xls_sheets(data: bytes) -> dict[str, SheetValues]:
    """The visible sheets in order; raises ValuesBroken or ValuesLocked."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_limit_memory)
    try:
        with pool:
            return pool.submit(_read_xls, data).result(timeout=SECONDS_OF_CHILD)
    except (BrokenProcessPool, TimeoutError) as error:
        raise ValuesBroken from error


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_OF_CHILD, MEMORY_OF_CHILD))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_OF_CHILD, SECONDS_OF_CHILD))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read_xls(data: bytes) -> dict[str, SheetValues]:
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        values = {name: _values(workbook, name) for name in _visible(workbook)}
        return {
            name: SheetValues(list(found.lines), found.merged, found.template, found.hidden, found.version)
            for name, found in values.items()
        }
    except calamine.PasswordError:
        raise ValuesLocked from None
    except BaseException:  # noqa: BLE001 - a panic of the parser is no Exception, and only this one can be sent back
        raise ValuesBroken from None


def _visible(workbook: calamine.CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        and sheet.visible == calamine.SheetVisibleEnum.Visible
    ]


def _values(workbook: calamine.CalamineWorkbook, name: str) -> SheetValues:
    sheet = workbook.get_sheet_by_name(name)
    kind, version = _template(workbook)
    return SheetValues(_lines(sheet), sheet.merged_cell_ranges or (), kind, _hidden(workbook), version)


def _lines(sheet: calamine.CalamineSheet) -> Iterator[Sequence[Cell]]:
    """The reader leaves out empty columns before the first filled one."""
    empty = [""] * (sheet.start[1] if sheet.start else 0)
    return ([*empty, *cells] for cells in sheet.iter_rows()) if empty else sheet.iter_rows()


def _template(workbook: calamine.CalamineWorkbook) -> tuple[str, int]:
    """Kind and version, as our own templates say them; whoever changed the hidden sheet says nothing."""
    if MARKER_SHEET not in workbook.sheet_names:
        return "", 0
    cells = workbook.get_sheet_by_name(MARKER_SHEET).to_python(nrows=2)
    kind, version = (line[0] if line else "" for line in (*cells, (), ())[:2])
    return str(kind), int(version) if isinstance(version, int | float) and 0 < version < MOST_VERSIONS else 0


def _hidden(workbook: calamine.CalamineWorkbook) -> list[tuple[str, str]]:
    """Each line and its signature; what is not two cells is read as broken later."""
    if BASE_SHEET not in workbook.sheet_names:
        return []
    lines = workbook.get_sheet_by_name(BASE_SHEET).to_python(skip_empty_area=False)
    return [(str(cells[0]), str(cells[1])) if len(cells) > 1 else ("", "") for cells in lines] or [("", "")]
