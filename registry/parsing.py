"""From what people type to values: each parser gives a value or raises CellProblem with the remedy.

Parsers see one text or cell that is not empty and nothing else; what needs the register is a look-up.
Forms, drafts and bulk intake read with the same ones: a day is written one way everywhere.
"""

import calendar
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from registry.messages import N_, Message, message

Cell = str | int | float | date | datetime | time | timedelta
"""What a reader gives; an empty cell is the empty string."""

EXACT_INTEGERS = 10**15
"""Spreadsheets keep 15 digits of a number: a longer one has lost its end."""

FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_HOURS = 500
"""Of one course."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_FULL_WIDTH_WORDS = {
    code: half for code, half in _FULL_WIDTH.items() if chr(half).isalnum() or chr(half).isspace()
}
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060\ufeff]"
)
_WIDE = re.compile("[\uff01-\uff5e]")
_DATE = re.compile(r"(\d{4})(?:([-./])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)(?:[T ]0?0:00(?::00)?)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_YES = frozenset({"是", "yes", "y", "true", "1", "√", "对"})
_NO = frozenset({"否", "no", "n", "false", "0", "×", "不是"})


class CellProblem(Exception):
    """Raised by a parser or a look-up: the cell cannot be taken as it stands."""

    def __init__(self, message: Message, remedy: Message, *, shown_as: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.remedy = remedy
        self.shown_as = shown_as
        """What to show in place of the value, where the value must not be repeated."""


def plain(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, dates as 2026-11-23."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return str(cell)


def half_width(cell: Cell) -> str:
    """The text of a code, date or number: every full-width character becomes its half-width one."""
    return _narrowed(cell if isinstance(cell, str) else plain(cell), _FULL_WIDTH)


def text(limit: int = 200) -> "TextParser":
    """A parser for a name or sentence of at most `limit` characters."""
    return TextParser(limit)


class TextParser:
    """Full-width letters, digits and spaces become half-width; Chinese brackets belong to a name and stay."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, cell: Cell) -> str:
        if not isinstance(cell, str):
            _refuse_lost_digits(cell)
            cell = plain(cell)
        words = _narrowed(cell, _FULL_WIDTH_WORDS)
        if len(words) > self.limit:
            raise CellProblem(
                message(
                    N_("共%(length)s个字，超过%(limit)s个字的上限。"), length=len(words), limit=self.limit
                ),
                message(N_("请缩短后重填。")),
            )
        return words


def code_text(limit: int) -> "CodeParser":
    """A parser for a number or code that is kept as text: no spaces, half-width."""
    return CodeParser(limit)


class CodeParser(TextParser):
    """As the text parser, and inner spaces go as well."""

    def __call__(self, cell: Cell) -> str:
        if isinstance(cell, str):
            cell = half_width(cell)
            cell = "".join(cell.split()) if " " in cell else cell
        return super().__call__(cell)


def day(cell: Cell) -> date:
    """2026-11-23, 20261123, 2026.11.23, 2026/2/3, 2026年11月23日, or a cell that is a date."""
    if isinstance(cell, date):  # a datetime is one, too
        return _existing_day(cell.year, cell.month, cell.day)
    words = half_width(cell)
    found = _DATE.fullmatch(words) or _COMPACT_DATE.fullmatch(words)
    if not found:
        raise CellProblem(
            message(N_("不是完整的日期。")),
            message(N_("请写出年月日，如2026-11-23、2026/11/23或2026年11月23日。")),
        )
    year, month, number = (int(part) for part in found.groups() if part and part.isdigit())
    return _existing_day(year, month, number)


def _existing_day(year: int, month: int, number: int) -> date:
    check = message(N_("请核对原件，填写真实存在的日期。"))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellProblem(message(N_("年份%(year)s不在1900至2100之间。"), year=year), check)
    if not 1 <= month <= 12:
        raise CellProblem(message(N_("日期不存在：没有%(month)s月。"), month=month), check)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= number <= last:
        raise CellProblem(
            message(
                N_("日期不存在：%(year)s年%(month)s月只有%(last)s天，没有%(day)s日。"),
                year=year,
                month=month,
                last=last,
                day=number,
            ),
            check,
        )
    return date(year, month, number)


def decimal_number(cell: Cell) -> float:
    """A number with or without decimals; thousands may be set off by commas."""
    if isinstance(cell, int | float):
        return float(cell)
    words = half_width(cell)
    if not _NUMBER.fullmatch(words):
        raise CellProblem(message(N_("不是数字。")), message(N_("请只填数字，不要带单位或文字。")))
    return float(words.replace(",", ""))


def hours(cell: Cell) -> Decimal:
    """Hours of a course, in tenths at the finest."""
    number = Decimal(str(decimal_number(cell)))
    if not 0 < number <= MOST_HOURS:
        raise CellProblem(
            message(N_("学时应大于0，不超过%(most)s。"), most=MOST_HOURS), message(N_("请对照证明核对。"))
        )
    if number != round(number, 1):
        raise CellProblem(message(N_("学时最多一位小数。")), message(N_("请填到一位小数，如7.5。")))
    return number


def integer(cell: Cell) -> int:
    """A whole number."""
    number = decimal_number(cell)
    if not number.is_integer():
        raise CellProblem(message(N_("不是整数。")), message(N_("请填整数，不要带小数。")))
    return int(number)


def year(cell: Cell) -> int:
    """A year of four digits, with or without 年."""
    number = integer(half_width(cell).removesuffix("年"))
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise CellProblem(message(N_("年份应在1900至2100之间。")), message(N_("请填四位数的年份，如1985。")))
    return number


def yes_or_no(cell: Cell) -> bool:
    """是/否, yes/no, 1/0."""
    words = half_width(cell).casefold()
    if words in _YES:
        return True
    if words in _NO:
        return False
    raise CellProblem(message(N_("不是“是”或“否”。")), message(N_("请填“是”或“否”。")))


def folded(words: str) -> str:
    return "".join(words.translate(_FULL_WIDTH).casefold().split())


def _narrowed(words: str, table: Mapping[int, int]) -> str:
    """Nearly every cell is clean already, and asking costs a fraction of cleaning."""
    if words.isprintable() and (words.isascii() or not _WIDE.search(words)):
        return words.strip() if words.isascii() else unicodedata.normalize("NFC", words).strip()
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", words.translate(table))).strip()


def _refuse_lost_digits(cell: Cell) -> None:
    if isinstance(cell, int | float) and abs(cell) >= EXACT_INTEGERS:
        raise CellProblem(
            message(N_("这一格存成了数字，末尾几位已经丢失。")),
            message(N_("请把单元格格式设为“文本”，再按原件重新填写。")),
        )
