"""Reads .xlsx and .xls: looks at the file from outside, then takes its values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import starmap

from registry.intake.problems import Problem, Severity
from registry.intake.tables import RawRow, RawTable, TableFormat, column_letter
from registry.messages import N_, Message, message
from registry.parsing import Cell, plain
from reports.workbooks import legacy, legacy_sheets, refusals
from reports.workbooks.hiding import hidden_parts
from reports.workbooks.legacy_sheets import LegacySheet
from reports.workbooks.packages import WORKBOOK, Package, PackageBroken, PackageTooLarge
from reports.workbooks.scanning import SheetScan, scan
from reports.workbooks.values import (
    BASE_SHEET,
    MARKER_SHEET,
    Area,
    SheetValues,
    ValuesBroken,
    ValuesLocked,
    xls_sheets,
    xlsx_values,
)

NOTES_SHEETS = ("填写说明", "Notes")
MACROS = "xl/vbaProject.bin"


@dataclass(frozen=True)
class Choice:
    """The sheet that is read and the visible ones that are left."""

    name: str
    others: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    """Sheets with content that a reader of the file does not see, but for our own list of words."""


def read_xlsx(data: bytes, file_name: str, *, sheets: Sequence[str]) -> RawTable:
    """Raises FileRefused."""
    try:
        return _read_xlsx(data, file_name, sheets)
    except PackageTooLarge as error:
        raise refusals.too_large(file_name) from error
    except (PackageBroken, ValuesBroken) as error:
        raise refusals.broken(file_name) from error


def _read_xlsx(data: bytes, file_name: str, wanted: Sequence[str]) -> RawTable:
    """Everything is unpacked once and the sheet is scanned before the parser sees the file."""
    package = Package.open(data)
    if WORKBOOK not in package.entries:
        raise refusals.not_a_workbook(file_name)
    if MACROS in package.entries:
        raise refusals.holds_macros(file_name)
    parts = {sheet.name: sheet.part for sheet in package.sheets() if sheet.is_visible}
    choice = _chosen(list(parts), file_name, wanted)
    package.verify(but=parts[choice.name])
    found = scan(package.chunks(parts[choice.name]))
    if found.far_cell:
        raise refusals.too_far(file_name, choice.name, found.far_cell)
    filled = tuple(name for name in choice.others if _is_filled(package, parts[name]))
    hidden = tuple(_hidden(package))
    with xlsx_values(data, choice.name) as values:
        return _table(data, file_name, TableFormat.XLSX, Choice(choice.name, filled, hidden), found, values)


def read_xls(data: bytes, file_name: str, *, sheets: Sequence[str]) -> RawTable:
    """Raises FileRefused."""
    try:
        records = legacy.Compound.open(data).workbook()
        if legacy_sheets.is_locked(records):
            raise refusals.locked(file_name)
        values = xls_sheets(data)
        choice = _chosen(list(values), file_name, sheets)
        known = {sheet.name: sheet for sheet in legacy_sheets.sheets(records)}
        choice = _with_filled(choice, records, known)
    except (legacy.LegacyBroken, ValuesBroken) as error:
        raise refusals.broken(file_name) from error
    except ValuesLocked as error:
        raise refusals.locked(file_name) from error
    found = legacy_sheets.scan(records, known[choice.name]) if choice.name in known else SheetScan()
    return _table(data, file_name, TableFormat.XLS, choice, found, values[choice.name])


def _with_filled(choice: Choice, records: bytes, known: Mapping[str, LegacySheet]) -> Choice:
    """Empty sheets are nothing, and a new workbook of that time had two."""
    hidden = [name for name, sheet in known.items() if not sheet.is_visible and not _is_ours(name)]
    filled = legacy_sheets.filled(
        records, (known[name] for name in (*choice.others, *hidden) if name in known)
    )
    others = tuple(name for name in choice.others if name in filled or name not in known)
    return Choice(choice.name, others, tuple(name for name in hidden if name in filled))


def _chosen(visible: Sequence[str], file_name: str, wanted: Sequence[str]) -> Choice:
    """The sheet of a wanted name, else the first visible one that is not our own notes."""
    names = [name for name in visible if name not in NOTES_SHEETS]
    if not names:
        raise refusals.no_sheet(file_name)
    chosen = next((name for name in names if name in wanted), names[0])
    return Choice(chosen, tuple(other for other in names if other != chosen))


def _hidden(package: Package) -> Iterator[str]:
    for sheet in package.sheets():
        if not sheet.is_visible and not _is_ours(sheet.name) and _is_filled(package, sheet.part):
            yield sheet.name


def _is_ours(name: str) -> bool:
    return name in (MARKER_SHEET, BASE_SHEET, *NOTES_SHEETS)


def _is_filled(package: Package, part: str) -> bool:
    return any(b"</v>" in chunk or b"</is>" in chunk for chunk in package.chunks(part))


def _table(
    data: bytes,
    file_name: str,
    table_format: TableFormat,
    choice: Choice,
    found: SheetScan,
    values: SheetValues,
) -> RawTable:
    header, headers, rows = split(values.lines, file_name, choice.name)
    return RawTable(
        file_name=file_name,
        sha256=sha256(data).hexdigest(),
        format=table_format,
        sheet=choice.name,
        header_row=header,
        headers=headers,
        rows=rows,
        problems=(
            *_problems(values.merged, choice, found, header, headers),
            *hidden_parts(choice.name, choice.hidden, found, headers, {row.number for row in rows}),
        ),
        template=values.template,
        hidden=values.hidden,
        template_version=values.version,
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


def _problems(
    merged: Sequence[Area], choice: Choice, found: SheetScan, header: int, headers: tuple[str, ...]
) -> tuple[Problem, ...]:
    heads = {column_letter(place): head for place, head in enumerate(headers)}
    return (
        *_unread_sheets(choice),
        *_merged(merged, choice.name, header, heads),
        *_computed(choice.name, found, heads),
    )


def _unread_sheets(choice: Choice) -> list[Problem]:
    what = message(N_("这张工作表没有读取：一次只读一张表。"))
    remedy = message(N_("如果里面也有要导入的数据，请另存为一个文件再导入；否则不用改。"))
    return [Problem(name, 0, "", "", name, what, remedy, Severity.WARNING) for name in choice.others]


def _merged(areas: Sequence[Area], name: str, header: int, heads: dict[str, str]) -> list[Problem]:
    problems = []
    for (top, left), (bottom, right) in areas:
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
