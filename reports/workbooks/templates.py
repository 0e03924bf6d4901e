"""The workbook to fill: one sheet for the data, one that explains every column."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from registry.intake.declaration import WorkbookKind
from registry.messages import Gettext
from reports.workbooks.sheets import NEUTRAL, add_entry_help, add_lists, hint, number_format, word

ZH_NOTES, EN_NOTES = "填写说明", "Notes"


def template(kind: WorkbookKind[Any], *, locale: str, gettext: Gettext) -> bytes:
    """An empty .xlsx in one language (zh or en); both are read."""
    data = BytesIO()
    workbook = xlsxwriter.Workbook(data, NEUTRAL)
    add_data_sheet(workbook, kind, locale)
    add_notes(workbook, kind, locale, gettext)
    workbook.close()
    return data.getvalue()


def add_data_sheet(workbook: Any, kind: WorkbookKind[Any], locale: str) -> Any:
    """The sheet that is filled, with the heads of its columns."""
    sheet = workbook.add_worksheet(word(kind, locale))
    optional = workbook.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True})
    required = workbook.add_format({"bold": True, "bg_color": "#F6E3C5", "border": 1, "text_wrap": True})
    formats = {
        code: workbook.add_format({"num_format": code}) for code in set(map(number_format, kind.columns))
    }
    ranges = add_lists(workbook, kind, locale)
    for place, column in enumerate(kind.columns):
        sheet.set_column(place, place, column.width, formats[number_format(column)])
        mark = "*" if column.required else ""
        sheet.write_string(0, place, word(column, locale) + mark, required if mark else optional)
        add_entry_help(sheet, place, column, first_row=1, ranges=ranges, locale=locale)
    sheet.freeze_panes(1, 0)
    return sheet


def add_notes(
    workbook: Any,
    kind: WorkbookKind[Any],
    locale: str,
    gettext: Gettext,
    about: Sequence[tuple[str, str]] = (),
) -> None:
    """The sheet that says how to fill each column, and below what the file is."""
    _ = gettext
    sheet = workbook.add_worksheet(ZH_NOTES if locale == "zh" else EN_NOTES)
    bold = workbook.add_format({"bold": True})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    lines = (
        _("“%(kind)s”导入模板，第%(version)s版") % {"kind": word(kind, locale), "version": kind.version},
        _("从表头下一行开始填写，一行一条；带*的列必填；不要改表头，不要合并单元格，不要用公式。"),
        _("不在本页所列的列不会读取；这张说明表也不会读取。"),
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, bold if row == 0 else None)
    heads = (_("列名"), _("是否必填"), _("怎么填"), _("可填的词"), _("填写示例"))
    for place, (head, width) in enumerate(zip(heads, (22, 10, 48, 48, 28), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(len(lines) + 1, place, head, bold)
    for row, column in enumerate(kind.columns, start=len(lines) + 2):
        choices = ("、" if locale == "zh" else ", ").join(word(choice, locale) for choice in column.choices)
        required = _("必填") if column.required else _("可不填")
        cells = (word(column, locale), required, hint(column, locale), choices, column.example)
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, wrapped)
    for row, (label, value) in enumerate(about, start=len(lines) + len(kind.columns) + 4):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 2, value, wrapped)
