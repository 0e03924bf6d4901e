"""Whose answer stands where two type on one draft: each answer is judged by itself.

Three are compared: what the page was drawn with, what was typed there, and what is kept. A page sends all its answers,
also those that nobody touched, so the version of the record alone does not say which of them were typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registry.drafts.models import DraftEdit
from registry.drafts.questions import Answer, Answers


@dataclass(frozen=True)
class Page:
    """The page on which something was typed."""

    found: Answers = field(default_factory=dict)
    """What it was drawn with, or took over since; an answer that is not named stood as its version had it."""
    key: str = ""
    """What the page kept itself is nobody else's, even where the reply that says so was lost; empty where unknown."""
    turn: int = 0
    """Counts what the page sent: what comes late does not replace what was sent after it."""


@dataclass(frozen=True)
class Theirs:
    """An answer that the page only repeated, and that somebody else has written since: the page takes it over."""

    key: str
    kept: Answer
    by: str
    """Empty where the history does not say."""
    at: datetime | None


@dataclass(frozen=True)
class Clash:
    """The same answer was changed by two: what is kept, by whom, and what was typed on the older page."""

    key: str
    kept: Answer
    typed: Answer
    by: str
    at: datetime | None


@dataclass(frozen=True)
class Merged:
    """What is to be written, what the page did not know, and what somebody has to decide."""

    changed: Answers
    theirs: tuple[Theirs, ...]
    clashes: tuple[Clash, ...]


def disputed(typed: Answers, kept: Answers, found: Answers) -> list[str]:
    """Answers that are neither what is kept nor typed on what is kept: the history says whose that is."""
    return [
        key
        for key, answer in typed.items()
        if not is_same(answer, kept.get(key, "")) and not is_same(found[key], kept.get(key, ""))
    ]


def merge(
    typed: Answers, kept: Answers, found: Answers, edits: Mapping[str, DraftEdit], page: Page
) -> Merged:
    """Judge every typed answer; `found` has them all, `edits` the last change of each that is disputed."""
    changed = {key: answer for key, answer in typed.items() if not is_same(answer, kept.get(key, ""))}
    theirs: list[Theirs] = []
    clashes: list[Clash] = []
    for key in disputed(typed, kept, found):
        edit, stands = edits.get(key), kept.get(key, "")
        if edit is not None and _is_of_page(edit, page):
            continue
        answer = changed.pop(key)
        by, at = (edit.actor_name, edit.at) if edit is not None else ("", None)
        if is_same(answer, found[key]):
            theirs.append(Theirs(key, stands, by, at))
        else:
            clashes.append(Clash(key, stands, answer, by, at))
    return Merged(changed, tuple(theirs), tuple(clashes))


def plain(answer: Answer) -> Answer:
    """As it is kept; none of several boxes is no answer, like an empty box."""
    return _lines(answer) if isinstance(answer, str) else [_lines(one) for one in answer] or ""


def is_same(one: Answer, other: Answer) -> bool:
    """Whether they say the same; in which order boxes were ticked says nothing."""
    return _comparable(one) == _comparable(other)


def _comparable(answer: Answer) -> Answer:
    said = plain(answer)
    return said if isinstance(said, str) else sorted(said)


def _is_of_page(edit: DraftEdit, page: Page) -> bool:
    return bool(page.key) and edit.page_key == page.key and (edit.page_turn or 0) <= page.turn


def _lines(typed: str) -> str:
    """Without the blanks around it; browsers end lines in two ways, the register in one."""
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()
