"""Made-up workbooks of practitioners: twelve columns, one row for each post and its certificate."""

from datetime import date
from io import BytesIO

import xlsxwriter

HEADS = (
    "人员编号", "姓名", "出生年份", "站点编号", "岗位", "用工形式",
    "是否从事社区康复服务", "任职日期", "证书种类", "证书级别", "证书编号", "发证日期",
)  # fmt: skip
PROFESSIONS = ("社会工作者", "护士", "康复治疗师", "生活辅导员")
ENGAGEMENTS = ("专职", "兼职", "派遣", "志愿")
CERTIFICATES = ("社会工作者职业水平证书", "护士执业证书", "康复治疗技术资格")
GRADES = ("社会工作师", "助理社会工作师", "")
SITES = 500

Cell = str | int | date
FAULTS: tuple[tuple[int, Cell], ...] = (
    (0, ""), (1, ""), (2, "一九九〇"), (2, 2015), (3, "s0"), (3, ""), (4, "厨师长"), (5, "长期"), (6, "也许"),
    (7, "2026-02-30"), (7, ""), (8, ""), (9, "x" * 201), (10, ""), (11, "2020年"), (1, "310101199001011237"),
)  # fmt: skip
"""Column and what is wrong in it; each is one error in one cell."""


def workbook(rows: int, *, with_faults: bool = False) -> bytes:
    """An .xlsx; with faults, every tenth row has one of FAULTS."""
    data = BytesIO()
    with xlsxwriter.Workbook(data, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("从业人员")
        sheet.write_row(0, 0, HEADS)
        for i in range(1, rows + 1):
            sheet.write_row(i, 0, row(i, with_faults=with_faults))
    return data.getvalue()


def row(i: int, *, with_faults: bool) -> list[Cell]:
    """The row of person number `i`."""
    cells: list[Cell] = [
        f"R{i:07d}",
        f"示例{i}",
        1960 + i % 40,
        f"s{i % SITES + 1}",
        PROFESSIONS[i % 4],
        ENGAGEMENTS[i % 3],
        "否" if i % 10 == 0 else "是",
        f"{2018 + i % 8}-{1 + i % 12:02d}-{1 + i % 28:02d}",
        CERTIFICATES[i % 3],
        GRADES[i % 3],
        f"Z{i:08d}",
        date(2010 + i % 8, 1 + i % 12, 1 + i % 28),
    ]
    if with_faults and i % 10 == 0:
        place, cell = FAULTS[i // 10 % len(FAULTS)]
        cells[place] = cell
    return cells
