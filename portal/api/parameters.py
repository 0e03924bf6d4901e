"""What an address of the interface may ask: each parameter says what it takes, to readers and to the server alike.

A page forgives what it does not know, because people come by old links; a program that misspells a parameter would
take the wrong rows for the right ones, so here everything unknown, repeated, empty or malformed is refused.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from portal.days import FIRST_DAY, LAST_DAY, printable
from portal.preferences import LANGUAGE_PARAMETER, LANGUAGES
from portal.security import CodeConverter
from registry.access.exports import LEAST_NOTE, LONGEST_NOTE
from registry.divisions.codes import CANONICAL_LENGTHS, NATION
from registry.errors import InvalidInput
from registry.listing import MAX_PAGE, TEXT_LENGTH, Filter, Listing, code_value
from registry.messages import N_, message
from registry.vocabulary import term

DIVISION_PATTERN = "^(0|[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"
DAY_PATTERN = "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
TEXT_PATTERN = r"^[^\p{C}\p{Z}]+( +[^\p{C}\p{Z}]+)*$"
"""Printable words with blanks between them."""

RECORD_CODE = CodeConverter.regex

Words = Mapping[str, Any]
"""The word of each token: a text, a lazy text, or a domain word."""


@dataclass(frozen=True)
class Kind:
    """One way in which values are written: the schema for readers, the same rule for the server."""

    schema: Mapping[str, Any]
    accepts: Callable[[str], bool]
    refusal: str
    """A msgid with the places `name`, `value`, `known`."""
    known: tuple[str, ...] = ()
    words: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Parameter:
    """One name in the address."""

    name: str
    kind: Kind
    meaning: str | LazyString
    default: str | LazyString = ""
    """In words: what holds when nothing is said."""
    is_required: bool = False

    def check(self, typed: str) -> None:
        """Raises InvalidInput for a value of another kind."""
        if not self.kind.accepts(typed):
            places = {"name": self.name, "value": printable(typed), "known": self.kind.known}
            raise InvalidInput(self.name, message(self.kind.refusal, **places))


def refuse_unclear(typed: MultiDict[str, str], parameters: Iterable[Parameter]) -> None:
    """Raises InvalidInput for the first name or value in an address that is not declared."""
    declared = {parameter.name: parameter for parameter in parameters}
    for name, values in typed.lists():
        if name not in declared:
            unknown = N_("没有参数“%(name)s”，可用的参数：%(known)s。")
            raise InvalidInput(name, message(unknown, name=printable(name), known=tuple(declared)))
        if len(values) > 1:
            raise InvalidInput(name, message(N_("参数“%(name)s”只能写一次，请删去多余的。"), name=name))
        declared[name].check(values[0])
    for parameter in declared.values():
        if parameter.is_required and parameter.name not in typed:
            sentence = N_("请写明参数“%(name)s”：%(meaning)s。")
            raise InvalidInput(
                parameter.name, message(sentence, name=parameter.name, meaning=str(parameter.meaning))
            )


def one_of(tokens: Iterable[str], words: Words | None = None) -> Kind:
    """One of some tokens."""
    known = tuple(str(token) for token in tokens)
    return Kind(
        schema={"type": "string", "enum": list(known)},
        accepts=known.__contains__,
        refusal=N_("参数“%(name)s”的值“%(value)s”不在可选范围内，可选：%(known)s。"),
        known=known,
        words=words or {},
    )


def member_of(members: Iterable[StrEnum]) -> Kind:
    """One of the stored values of an enumeration whose words are in the vocabulary."""
    words = {member.value: term(member) for member in members}
    return one_of(words, words)


def _is_day(typed: str) -> bool:
    try:
        return FIRST_DAY <= date.fromisoformat(typed) <= LAST_DAY and len(typed) == len("2026-11-23")
    except ValueError:
        return False


def _is_division(typed: str) -> bool:
    return typed == NATION or (typed.isascii() and typed.isdecimal() and len(typed) in CANONICAL_LENGTHS)


def _is_page(typed: str) -> bool:
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MAX_PAGE))
    return is_number and str(int(typed)) == typed and 1 <= int(typed) <= MAX_PAGE


def _is_text(typed: str) -> bool:
    return bool(typed) and typed == typed.strip() and typed.isprintable() and len(typed) <= TEXT_LENGTH


DAY = Kind(
    schema={"title": _l("日期，如2026-11-23"), "type": "string", "format": "date", "pattern": DAY_PATTERN},
    accepts=_is_day,
    refusal=N_("参数“%(name)s”的值“%(value)s”应是2000-01-01至2099-12-31的日期，写成2026-11-23这样的形式。"),
)
DIVISION = Kind(
    schema={"title": _l("2、4、6、9或12位数字，全国写0"), "type": "string", "pattern": DIVISION_PATTERN},
    accepts=_is_division,
    refusal=N_("参数“%(name)s”的值“%(value)s”应是2、4、6、9或12位数字的区划代码，全国写0。"),
)
TEXT = Kind(
    schema={
        "title": _l("1至100个字符的一行文字"),
        "type": "string",
        "minLength": 1,
        "maxLength": TEXT_LENGTH,
        "pattern": TEXT_PATTERN,
    },
    accepts=_is_text,
    refusal=N_("参数“%(name)s”的值“%(value)s”应是1至100个字符的一行文字，首尾不留空格。"),
)
NOTE = Kind(
    schema={
        "title": _l("4至100个字符的一行文字"),
        "type": "string",
        "minLength": LEAST_NOTE,
        "maxLength": LONGEST_NOTE,
        "pattern": TEXT_PATTERN,
    },
    accepts=lambda typed: _is_text(typed) and LEAST_NOTE <= len(typed) <= LONGEST_NOTE,
    refusal=N_("参数“%(name)s”的值“%(value)s”应是4至100个字符的一行文字，首尾不留空格。"),
)
CODE_OF_RECORD = Kind(
    schema={"title": _l("名单中的编号"), "type": "string", "pattern": f"^{RECORD_CODE}$"},
    accepts=lambda typed: bool(re.fullmatch(RECORD_CODE, typed)),
    refusal=N_("参数“%(name)s”的值“%(value)s”应是名单中的编号。"),
)
PAGE = Kind(
    schema={"title": _l("1至100000的整数"), "type": "integer", "minimum": 1, "maximum": MAX_PAGE},
    accepts=_is_page,
    refusal=N_("参数“%(name)s”的值“%(value)s”应是1至100000的整数。"),
)

LANGUAGE = Parameter(
    LANGUAGE_PARAMETER,
    one_of(LANGUAGES, {"zh": _l("中文"), "en": _l("英文")}),
    _l("说明文字的语言，数据中的名称不翻译"),
    default=_l("网页上所选的语言，没有选过的为中文"),
)


def parameters_of(listing: Listing) -> tuple[Parameter, ...]:
    """The filters, the order and the page of a list, as its page takes them."""
    order = one_of(sign + key for key in listing.sorts for sign in ("", "-"))
    return (
        *(Parameter(one.key, kind_of(one), _l(one.label)) for one in listing.filters),
        Parameter("sort", order, _l("排序的列，前面加-为倒序"), default=listing.default_sort),
        Parameter("page", PAGE, _l("页码，每页50行"), default="1"),
    )


def kind_of(item: Filter) -> Kind:
    """How a filter's values are written."""
    if item.choices:
        return member_of(item.choices)
    return DIVISION if item.parse is code_value else TEXT
