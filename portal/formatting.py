"""How values are written: the one place that knows date patterns, separators and what stands for nothing."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flask import Flask, g
from flask_babel import format_date, format_decimal, get_locale, gettext
from markupsafe import Markup, escape

from registry.clock import SHANGHAI
from registry.messages import Message, Named, paragraph
from registry.vocabulary import term

NOTHING = "--"
"""No data, which is neither 0 nor an empty answer."""

HAN = re.compile(r"[\u3400-\u9fff]")

Ratio = Fraction | Decimal | int


def language() -> str:
    """The page's language, zh or en; worked out once a request, because every cell of a table asks."""
    kept = g.get("language")
    if kept is None:
        locale = get_locale()
        kept = g.language = locale.language if locale else "zh"
    return str(kept)


def day_in_words(value: date | None) -> str:
    """2026年11月23日, 23 November 2026: for sentences."""
    if value is None:
        return NOTHING
    return str(format_date(value, "yyyy年M月d日" if language() == "zh" else "d MMMM yyyy", rebase=False))


def month_in_words(value: date) -> str:
    """2026年11月, November 2026."""
    return str(format_date(value, "yyyy年M月" if language() == "zh" else "MMMM yyyy", rebase=False))


def weekday(value: date) -> str:
    """星期一, Monday."""
    return str(format_date(value, "EEEE", rebase=False))


def day(value: date | None) -> str:
    """2026-11-23: for tables, where it sorts."""
    return NOTHING if value is None else value.isoformat()[:10]


def moment(value: datetime | None) -> str:
    """2026-11-23 09:05 in Shanghai."""
    return NOTHING if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def number(value: int | Decimal | None) -> str:
    """1,284."""
    if isinstance(value, int):
        return f"{value:,}"  # the same in both languages, and a hundred times faster than asking for the locale's way
    return NOTHING if value is None else str(format_decimal(value))


@lru_cache(maxsize=4096)
def percent(value: Ratio | None, target: Ratio | None = None, digits: int = 1) -> str:
    """31.2%. With a target, as many digits as it takes to stand on the right side of it: 29.96%, not 30.0%."""
    if value is None:
        return NOTHING
    shown = rounded(value * 100, digits)
    if target is not None and digits < 4 and is_misleading(shown, value * 100, target * 100):
        return percent(value, target, digits + 1)
    return f"{shown}%"


def is_misleading(shown: Decimal, exact: Ratio, target: Ratio) -> bool:
    """Whether the rounded value seems to reach a target that the exact one misses."""
    return Fraction(exact) < Fraction(target) <= Fraction(shown)


def points(value: Ratio | None) -> str:
    """A difference of two ratios: +2.1 个百分点."""
    if value is None:
        return NOTHING
    shown = rounded(value * 100, 1)
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    return str(gettext("%(sign)s%(count)s 个百分点", sign=sign, count=abs(shown)))


def rounded(value: Ratio, digits: int) -> Decimal:
    """Half up, as arithmetic is taught at school and done in the statistics office."""
    exact = Fraction(value)
    scale = 10**digits
    units = (exact.numerator * scale * 2 + exact.denominator) // (exact.denominator * 2)
    return Decimal(units).scaleb(-digits).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def word(value: StrEnum | Named | None) -> str:
    """A domain word in the page's language as it begins a button, a heading, a label, a cell: with a capital."""
    said = word_within(value)
    return said if value is None or language() == "zh" or said == named(value).zh else capital(said)


def word_within(value: StrEnum | Named | None) -> str:
    """The same in the middle of a sentence, or as a file holds it."""
    if value is None:
        return NOTHING
    return named(value).zh if language() == "zh" else named(value).en


def named(value: StrEnum | Named) -> Named:
    """Both languages of a word."""
    return term(value) if isinstance(value, StrEnum) else value


def capital(text: str) -> str:
    """Sentence case: the first letter of what stands by itself."""
    return text[:1].upper() + text[1:]


def words_in_row(values: Iterable[StrEnum | Named]) -> str:
    """Several words of one cell: 社会工作者、护士; Social worker, nurse."""
    separator = "、" if language() == "zh" else ", "
    words = [word_within(value) if place else word(value) for place, value in enumerate(values)]
    return separator.join(words)


def data(value: object) -> str | Markup:
    """Text that people typed: Chinese whatever the page's language is, and marked so in the English page."""
    if value is None or value == "":
        return NOTHING
    if language() == "zh":
        return str(value)
    return Markup('<span lang="zh-Hans">{}</span>').format(value)


def language_mark(value: object) -> str | Markup:
    """` lang="zh-Hans"` for an element that may hold no other, such as an option, where its text is Chinese data."""
    is_foreign = language() != "zh" and HAN.search(str(value)) is not None
    return Markup(' lang="zh-Hans"') if is_foreign else ""


def with_data(sentence: str, **values: object) -> Markup:
    """A sentence with typed text in its places: escaped, and marked as Chinese in the English page."""
    shown = {place: value if isinstance(value, int) else data(value) for place, value in values.items()}
    return Markup(escape(sentence)) % shown  # noqa: S704  # both the sentence and its values are escaped


def spoken_message(message: Message) -> str:
    """A sentence of the registry in the page's language."""
    return message.text(gettext, language())


def spoken_messages(*messages: Message) -> str:
    """Such as what is wrong and how to mend it."""
    return paragraph(messages, gettext, language())


FILTERS: dict[str, Callable[..., Any]] = {
    "date": day_in_words,
    "day": day,
    "month": month_in_words,
    "weekday": weekday,
    "datetime": moment,
    "number": number,
    "percent": percent,
    "points": points,
    "term": word,
    "term_within": word_within,
    "capital": capital,
    "data": data,
    "lang": language_mark,
    "say": spoken_message,
}


def add_filters(app: Flask) -> None:
    """Templates write `{{ value|percent }}`."""
    app.jinja_env.filters.update(FILTERS)
