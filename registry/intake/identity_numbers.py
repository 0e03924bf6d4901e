"""Reads identity numbers and phones as people type them; what is said of a bad one never repeats it."""

import re
from datetime import date

from registry.intake.identifiers import has_fitting_check
from registry.messages import N_, message
from registry.parsing import Cell, CellProblem, half_width

IDENTITY_LENGTH = 18
LONGEST_TYPED = 60

_SHAPE = re.compile(r"[1-9]\d{16}[\dX]")
_COUNTED = re.compile(r"[1-9](?:\.\d+)?[eE]\+?17")
"""As a spreadsheet writes such a number into a .csv."""
_SEPARATORS = re.compile(r"[\s\-－—()（）]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIXED = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}")


def identity_number(cell: Cell) -> str:
    """18 characters with a real day of birth and the right check digit (GB 11643-1999), X as a capital letter."""
    if not isinstance(cell, str) or _COUNTED.fullmatch(half_width(cell[:LONGEST_TYPED]).strip()):
        raise CellProblem(
            message(N_("身份证号存成了数字，末尾几位已经丢失。")),
            message(N_("请先把这一列设为文本格式，再重新填写。")),
        )
    number = _SEPARATORS.sub("", half_width(cell[:LONGEST_TYPED])).upper()
    if len(number) != IDENTITY_LENGTH:
        raise CellProblem(
            message(N_("应为18位，现在是%(length)s位。"), length=len(number)),
            message(N_("请对照身份证补齐或删去多余的字符；15位的旧号码请换成18位。")),
        )
    if not _SHAPE.fullmatch(number):
        raise CellProblem(message(N_("应为17位数字，加末位数字或X。")), message(N_("请对照身份证逐位核对。")))
    if not _is_born(number):
        raise CellProblem(
            message(N_("第7至14位不是真实存在的出生日期。")), message(N_("请对照身份证逐位核对。"))
        )
    if not has_fitting_check(number):
        raise CellProblem(message(N_("校验位不对，号码有误。")), message(N_("请对照身份证逐位核对。")))
    return number


def birth_year_of(number: str) -> int:
    """The year that an identity number says."""
    return int(number[6:10])


def phone(cell: Cell) -> str:
    """A mobile number, or a fixed line with its area code, as digits without +86 and separators."""
    typed = half_width(cell)[:LONGEST_TYPED]
    number = _SEPARATORS.sub("", typed)
    for country in ("+86", "0086"):
        number = number.removeprefix(country)
    if not _MOBILE.fullmatch(number) and not _FIXED.fullmatch(number):
        raise CellProblem(
            message(N_("不是11位手机号，也不是带区号的固定电话。")),
            message(N_("请填一个号码，如“区号-号码”；不填分机号。")),
        )
    return number


def _is_born(number: str) -> bool:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return born.year >= 1900
