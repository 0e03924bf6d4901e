"""Reads .xlsx and .xls through calamine, after the file has been looked at from outside."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import starmap

import python_calamine as calamine

from registry.intake.problems import Problem, Severity
from registry.intake.tables import Cell, RawRow, RawTable, TableFormat, column_letter, plain
from registry.messages import N_, Message, message
from reports.workbooks import legacy, refusals
from reports.workbooks.packages import Package, PackageBroken, PackageTooLarge
from reports.workbooks.scanning import SheetScan, scan

NOTES_SHEETS = ("填写说明", "Notes")
MARKER_SHEET = "_template"
"""The hidden sheet of our own templates: kind and version, then the lists of the drop-downs."""

MACROS = "xl/vbaProject.bin"
MAX_LEGACY_ROWS = 65_536


@dataclass(frozen=True)
class Choice:
    """The sheet that is read and the visible ones that are left."""

    name: str
    others: tuple[str, ...]


def read_xlsx(data: bytes, file_name: str, *, sheets: Sequence[str]) -> RawTable:
    """Raises FileRefused."""
    try:
        package = Package.open(data)
        parts = package.sheet_parts() if "xl/workbook.xml" in package.entries else {}
        if not parts:
            raise refusals.not_a_workbook(file_name)
        if MACROS in package.entries:
            raise refusals.holds_macros(file_name)
        with _workbook(data, file_name) as workbook:
            choice = _chosen(workbook, file_name, sheets)
            part = parts.get(choice.name, "")
            package.verify(but=part)
            found = scan(package.chunks(part))
            filled = tuple(name for name in choice.others if _is_filled(package, parts.get(name, "")))
            return _read(workbook, data, file_name, TableFormat.XLSX, Choice(choice.name, filled), found)
    except PackageTooLarge as error:
        raise refusals.too_large(file_name) from error
    except (PackageBroken, calamine.CalamineError) as error:
        raise refusals.broken(file_name) from error


def read_xls(data: bytes, file_name: str, *, sheets: Sequence[str]) -> RawTable:
    """Raises FileRefused."""
    try:
        compound = legacy.Compound.open(data)
        if compound.is_encrypted_package:
            raise refusals.locked(file_name)
        records = compound.workbook()
        if legacy.is_locked(records):
            raise refusals.locked(file_name)
        with _workbook(data, file_name) as workbook:
            choice = _chosen(workbook, file_name, sheets)
            found = SheetScan(formulas=legacy.formulas(records, choice.name))
            return _read(workbook, data, file_name, TableFormat.XLS, choice, found)
    except (legacy.LegacyBroken, calamine.CalamineError) as error:
        raise refusals.broken(file_name) from error


def _workbook(data: bytes, file_name: str) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    except calamine.PasswordError as error:
        raise refusals.locked(file_name) from error


def _chosen(workbook: calamine.CalamineWorkbook, file_name: str, wanted: Sequence[str]) -> Choice:
    """The sheet of the wanted name, else the first visible one that is not our own notes."""
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        and sheet.visible == calamine.SheetVisibleEnum.Visible
        and sheet.name not in NOTES_SHEETS
    ]
    if not visible:
        raise refusals.no_sheet(file_name)
    name = next((name for name in visible if name in wanted), visible[0])
    return Choice(name, tuple(other for other in visible if other != name))


def _is_filled(package: Package, part: str) -> bool:
    return any(b"</v>" in chunk or b"</is>" in chunk for chunk in package.chunks(part))


def _read(
    workbook: calamine.CalamineWorkbook,
    data: bytes,
    file_name: str,
    table_format: TableFormat,
    choice: Choice,
    found: SheetScan,
) -> RawTable:
    if found.far_cell:
        raise refusals.too_far(file_name, choice.name, found.far_cell)
    sheet = workbook.get_sheet_by_name(choice.name)
    header, headers, rows = split(_lines(sheet), file_name, choice.name)
    return RawTable(
        file_name=file_name,
        sha256=sha256(data).hexdigest(),
        format=table_format,
        sheet=choice.name,
        header_row=header,
        headers=headers,
        rows=rows,
        problems=_problems(sheet, choice, found, header, headers),
        template=_template(workbook),
    )


def split(
    lines: Iterable[Sequence[Cell]], file_name: str, sheet: str
) -> tuple[int, tuple[str, ...], list[RawRow]]:
    """Number of the header's row, its heads, and the rows below that are not blank."""
    numbered = ((number, cells) for number, cells in enumerate(lines, start=1) if not _is_blank(cells))
    header, heads = next(numbered, (0, ()))
    if not header:
        raise refusals.empty_file(file_name)
    rows = list(starmap(RawRow, _sharing(numbered)))
    if not rows:
        raise refusals.header_only(file_name, sheet)
    return header, tuple(plain(cell).strip() for cell in heads), rows


def _lines(sheet: calamine.CalamineSheet) -> Iterator[Sequence[Cell]]:
    """Every row and every cell from A1 on; the reader leaves out empty columns before the first filled one."""
    empty = [""] * (sheet.start[1] if sheet.start else 0)
    return ([*empty, *cells] for cells in sheet.iter_rows()) if empty else sheet.iter_rows()


def _sharing(numbered: Iterable[tuple[int, Sequence[Cell]]]) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The same rows; equal texts are one object, which halves what a long table holds in memory."""
    texts: dict[str, str] = {}
    share = texts.setdefault
    for number, cells in numbered:
        yield number, [share(cell, cell) if isinstance(cell, str) else cell for cell in cells]


def _is_blank(cells: Sequence[Cell]) -> bool:
    first = cells[0] if cells else ""
    if isinstance(first, str) and first and not first.isspace():
        return False  # nearly every row
    return all(cell == "" or (isinstance(cell, str) and cell.isspace()) for cell in cells)


def _template(workbook: calamine.CalamineWorkbook) -> str:
    """The kind that our own template was made for."""
    if MARKER_SHEET not in workbook.sheet_names:
        return ""
    cells = workbook.get_sheet_by_name(MARKER_SHEET).to_python(nrows=1)
    return str(cells[0][0]) if cells and cells[0] else ""


def _problems(
    sheet: calamine.CalamineSheet, choice: Choice, found: SheetScan, header: int, headers: tuple[str, ...]
) -> tuple[Problem, ...]:
    heads = {column_letter(place): head for place, head in enumerate(headers)}
    return (
        *_unread_sheets(choice),
        *_merged(sheet, choice.name, header, heads),
        *_computed(choice.name, found, heads),
    )


def _unread_sheets(choice: Choice) -> list[Problem]:
    what = message(N_("这张工作表没有读取：一次只读一张表。"))
    remedy = message(N_("如果里面也有要导入的数据，请另存为一个文件再导入；否则不用改。"))
    return [Problem(name, 0, "", "", name, what, remedy, Severity.WARNING) for name in choice.others]


def _merged(sheet: calamine.CalamineSheet, name: str, header: int, heads: dict[str, str]) -> list[Problem]:
    problems = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        letter = column_letter(left)
        area = f"{letter}{top + 1}:{column_letter(right)}{bottom + 1}"
        in_header = message(N_("表头里有合并的单元格%(area)s。"), area=area)
        in_rows = message(N_("合并的单元格%(area)s只有左上角一格有值，其余各格读出来是空的。"), area=area)
        one_head = message(N_("请取消合并，表头只占一行、每列一个名称，上方不放标题。"))
        each_cell = message(N_("请取消合并，把值填进每一格。"))
        what, remedy = (in_header, one_head) if top < header else (in_rows, each_cell)
        problems.append(Problem(name, top + 1, letter, heads.get(letter, ""), area, what, remedy))
    return problems


def _computed(name: str, found: SheetScan, heads: dict[str, str]) -> list[Problem]:
    """A formula may show another value tomorrow or on another machine: only values are taken."""
    what = message(N_("这一格是公式，不是值。"))
    remedy = message(N_("请复制这一列，用“选择性粘贴—数值”粘贴回原处。"))
    computed = [
        Problem(name, cell.row, cell.column, heads.get(cell.column, ""), f"={cell.text or '…'}", what, remedy)
        for cell in found.formulas
    ]
    failed: Message = message(N_("这一格是错误值，不是数据。"))
    mend = message(N_("请按原件重新填写这一格。"))
    failures = [
        Problem(name, cell.row, cell.column, heads.get(cell.column, ""), cell.text, failed, mend)
        for cell in found.failures
    ]
    return computed + failures
