"""Names as people type them: in characters, in pinyin without tones, or by initials.

A first character that is also a surname has readings of its own (单 shàn, 曾 zēng), which no dictionary of words
finds: all readings of the first character are kept, and so are those after the name of a division (黄浦区曾氏…).
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.constants import PHRASES_DICT
from pypinyin.contrib.tone_convert import to_normal

SURNAMES = Path(__file__).parent / "data" / "surnames.csv"

EXAMPLE = re.compile(r"[（(]示例[）)]")
KEPT = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
"""Everything else is dropped: brackets, dots and blanks are typed by nobody who looks for something."""
DIVISION = re.compile(r"自治州|自治县|街道|省|市|区|县|镇|乡")
PREFIX = 16
"""Characters within which a name may begin with that of its division."""


def readings_of(name: str) -> tuple[str, ...]:
    """Every text under which a name is found, the usual one first."""
    whole = plain(name)
    usual = _syllables(whole)
    found = dict.fromkeys((_text(whole, usual),))
    for start, syllables in _other_beginnings(whole):
        found[_text(whole, (*usual[:start], *syllables, *usual[start + len(syllables) :]))] = None
    return tuple(found)


def plain(text: str) -> str:
    """Characters, letters and digits alone, in lower case; ü is typed as v."""
    usual = unicodedata.normalize("NFKC", EXAMPLE.sub("", text)).casefold()
    return KEPT.sub("", usual.replace("ü", "v"))


@cache
def surname_readings() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The readings of each surname, one syllable for each of its characters."""
    found: dict[str, list[tuple[str, ...]]] = {}
    with SURNAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["surname"], []).append(tuple(row["reading"].split()))
    return {surname: tuple(readings) for surname, readings in found.items()}


@cache
def syllables_of(character: str) -> frozenset[str]:
    """Every reading of one character, also those that it has in a surname or in a word alone (乐亭 is Laoting)."""
    (usual,) = pinyin(character, style=Style.NORMAL, heteronym=True, errors=_letters)  # type: ignore[arg-type]  # it takes a list too
    named = (
        syllables[surname.index(character)]
        for surname, readings in surname_readings().items()
        if character in surname
        for syllables in readings
    )
    return frozenset((*usual, *named, *_syllables_in_words().get(character, ())))


@cache
def _syllables_in_words() -> dict[str, set[str]]:
    """By character, from the dictionary of words; a fifth of a second, once."""
    found: dict[str, set[str]] = {}
    for word, readings in PHRASES_DICT.items():
        for character, (syllable, *_more) in zip(word, readings, strict=False):
            found.setdefault(character, set()).add(_toneless(syllable))
    return found


@cache
def _toneless(syllable: str) -> str:
    return str(to_normal(syllable))


def _syllables(text: str) -> tuple[str, ...]:
    """One for each character; a letter or a digit stands for itself."""
    return tuple(lazy_pinyin(text, style=Style.NORMAL, errors=_letters))  # type: ignore[arg-type]  # it takes a list too


def _letters(text: str) -> list[str]:
    """Of what is no character: each letter by itself."""
    return list(text)


def _other_beginnings(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Where a reading other than the usual one may begin, and its syllables."""
    for start in _beginnings(text):
        for length in (2, 1):
            for syllables in surname_readings().get(text[start : start + length], ()):
                yield start, syllables
        for (syllable,) in zip(*pinyin(text[start], style=Style.NORMAL, heteronym=True), strict=True):
            yield start, (syllable,)


def _beginnings(text: str) -> list[int]:
    ends = [match.end() for match in DIVISION.finditer(text[:PREFIX])]
    return [start for start in (0, *ends) if start < len(text)]


def _text(whole: str, syllables: tuple[str, ...]) -> str:
    initials = "".join(syllable[:1] for syllable in syllables)
    return f" {whole} {''.join(syllables)} {initials}"
