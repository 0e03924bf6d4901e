"""A place is a string code, canonical by level; a longer code lies inside each of its prefixes.

GB/T 2260 has six digits down to the county; the National Bureau of Statistics adds three for the township and
three for the community. Official lists pad short codes with zeros (310000), so what people type is brought to
the canonical length here.
"""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from registry.errors import UnknownDivision
from registry.messages import N_, message

CodeColumn = ColumnElement[str] | InstrumentedAttribute[str]
CANONICAL_LENGTHS = (2, 4, 6, 9, 12)

NATION = "0"
"""The whole country: the one scope above the provinces."""


class Level(StrEnum):
    """Level tokens of commands, addresses and tables, from the top down."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    SITE = "site"


WITHOUT_CHILDREN = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
"""Divisions of the list without any below them: finer codes that people type are taken for these."""

AFTER_ALL_CODES = "9" * 13
"""Longer than the longest code, so that the range of 99 has an end in any collation."""

LEVEL_OF_LENGTH = dict(zip(CANONICAL_LENGTHS, Level, strict=False))
LENGTH_OF_LEVEL = {level: length for length, level in LEVEL_OF_LENGTH.items()}


def level_of(code: str) -> Level:
    """The level that a canonical code stands on."""
    try:
        return LEVEL_OF_LENGTH[len(code)]
    except KeyError:
        raise UnknownDivision(
            message(N_("区划代码“%(code)s”应为2、4、6、9或12位数字。"), code=code)
        ) from None


def candidates(typed: str) -> tuple[str, ...]:
    """What a typed code may mean, best first: as it stands, then with the official padding taken off.

    A six-digit county that exists wins over padding (441900 is the only county of 4419), so shorter readings
    come last.
    """
    digits = typed.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) not in CANONICAL_LENGTHS:
        return ()
    return tuple(
        digits[:length]
        for length in reversed(CANONICAL_LENGTHS)
        if length <= len(digits) and set(digits[length:]) <= {"0"}
    )


def code_range(code: str) -> tuple[str, str]:
    """The half-open range that holds a code and everything below it: 3101 gives ("3101", "3102").

    The end is as short as it can be: 310101999 ends at 310102, because 310102000 would let 310102 itself in.
    """
    stem = code.rstrip("9")
    return code, stem[:-1] + str(int(stem[-1]) + 1) if stem else AFTER_ALL_CODES


def within(column: CodeColumn, code: str) -> ColumnElement[bool]:
    """A subtree as a range on an indexed column, the same in every database."""
    if code == NATION:
        return sa.true()
    low, high = code_range(code)
    return sa.and_(column >= low, column < high)


def lies_within(code: str | None, ancestor: str) -> bool:
    """The same rule as `within`, for a row in hand."""
    return code is not None and (ancestor == NATION or code.startswith(ancestor))


def ancestors(code: str) -> tuple[str, ...]:
    """The codes above, from the province down; the code itself is left out."""
    return tuple(code[:length] for length in CANONICAL_LENGTHS if length < len(code))


def parent_of(code: str) -> str | None:
    """The next code up, or None for a province."""
    above = ancestors(code)
    return above[-1] if above else None


def prefix_at(column: CodeColumn, level: Level) -> ColumnElement[str]:
    """The part of a column that names its division at a level."""
    return sa.func.substr(column, 1, LENGTH_OF_LEVEL[level])
