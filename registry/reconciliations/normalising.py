"""What two systems write differently and mean alike: widths, blanks, dots in names, brackets, ways to write a day.

Nothing here decides whether two records are one; it only takes away what no difference hangs on.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from registry.parsing import Cell, day, folded, half_width, plain

_DOTS = re.compile("[·•・‧∙･.．]")
_MARKS = re.compile(r"[\s()\[\]{}【】〔〕（）「」《》“”\"'‘’,，、;；:：\-－—_/.。·#]+")
_MONTH = re.compile(r"(\d{4})(?:[-./年](\d{1,2})月?|(0[1-9]|1[0-2]))")
_YEAR = re.compile(r"(\d{4})年?")
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")
_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's count of days."""
FIRST_SERIAL, LAST_SERIAL = 3_654, 73_050
"""1910 to 2099: a smaller number is a year or a count, a greater one no day."""

REMEMBERED = 65_536
"""Names that are put in order once: a list holds the same institution many times."""

SUFFIXES = (
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "服务中心",
    "服务社",
    "服务站",
    "服务点",
    "中心",
    "公司",
)
"""Ends of names of institutions that come and go in tables of others; the longest first."""


class RoughDay(NamedTuple):
    """A day as far as somebody wrote it down."""

    year: int
    month: int | None = None
    day: int | None = None

    def is_like(self, other: "RoughDay") -> bool:
        """Nothing that both say differs."""
        pairs = zip(self, other, strict=True)
        return all(mine == theirs for mine, theirs in pairs if mine is not None and theirs is not None)

    def __str__(self) -> str:
        return "-".join(f"{part:02d}" for part in self if part is not None)


@lru_cache(maxsize=REMEMBERED)
def person_name(cell: Cell) -> str:
    """张 三 and 张三 are one name, and so are the dots of names that are transcribed."""
    return _DOTS.sub("", folded(half_width(cell)))


@lru_cache(maxsize=REMEMBERED)
def bare(cell: Cell) -> str:
    """Letters and signs of words alone: brackets, dashes and blanks say nothing in an address or a title."""
    return _MARKS.sub("", half_width(cell).casefold())


@lru_cache(maxsize=REMEMBERED)
def code(cell: Cell) -> str:
    """A number that is kept as text: no blanks, no dashes, capital letters."""
    return re.sub(r"[\s\-－—]", "", half_width(cell)).upper()


@lru_cache(maxsize=REMEMBERED)
def without_prefix(name: str, prefixes: tuple[str, ...]) -> str:
    """A name without the divisions that it begins with; `prefixes` are bare names, the longest first."""
    for prefix in prefixes:
        name = name.removeprefix(prefix) if len(name) > len(prefix) else name
    return name


def without_suffix(name: str) -> str:
    """A name without what kind of body it says it is."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name.removesuffix(suffix)
    return name


def rough_day(cell: Cell) -> RoughDay:
    """A day in any form, a spreadsheet's count of days among them, or only its month or year; CellProblem otherwise."""
    if isinstance(cell, datetime | date):
        return RoughDay(cell.year, cell.month, cell.day)
    words = "".join(half_width(cell).split()).rstrip("起止")
    serial = _serial(words)
    if serial is not None:
        return serial
    found = _MONTH.fullmatch(words)
    if found and 1 <= int(found[2] or found[3]) <= 12:
        return RoughDay(int(found[1]), int(found[2] or found[3]))
    year = _YEAR.fullmatch(words)
    if year:
        return RoughDay(int(year[1]))
    whole = day(half_width(cell))
    return RoughDay(whole.year, whole.month, whole.day)


def _serial(words: str) -> RoughDay | None:
    if not _SERIAL.fullmatch(words) or not FIRST_SERIAL <= float(words) <= LAST_SERIAL:
        return None
    counted = _EPOCH + timedelta(days=int(float(words)))
    return RoughDay(counted.year, counted.month, counted.day)


def birth_year(cell: Cell) -> int:
    """The year of a year, of a month or of a day of birth."""
    return rough_day(cell).year


def is_blank(cell: Cell) -> bool:
    """Nothing, or a sign that stands for nothing."""
    return plain(cell).strip(" \u3000-－—/无") == "" if isinstance(cell, str) else False
