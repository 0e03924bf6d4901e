"""A judged file row by row as a page lists it: what a row is called, what becomes of it, which fields would change."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from registry.intake.declaration import Change, Outcome, WorkbookKind
from registry.intake.findings import NOT_REPEATED
from registry.intake.parsers import YES_AND_NO
from registry.intake.preview import Preview
from registry.intake.problems import Problem, Word, facts_of, problem_from
from registry.messages import Named
from registry.parsing import plain
from registry.vocabulary import term

PERSON_NAME = "name"
"""The column of a kind that holds people whose values are masked."""

Shown = str | Named
"""A value as it is read: a text, or a word in both languages."""


class ShownChange(NamedTuple):
    """One field of an update."""

    key: str
    before: Shown
    after: Shown


class Line(NamedTuple):
    """One row of the file."""

    number: int
    outcome: Outcome
    names: tuple[str, ...]
    """The cells by which a reader knows it, as the kind names them."""
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True)
class Sheet:
    """All rows and all findings of a file."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def sheet_of(found: Preview) -> Sheet:
    """Without the rows where the file itself must not be kept."""
    lines = () if found.holds_identity_numbers else tuple(_lines(found))
    return Sheet(lines, found.problems)


def named_columns(kind: WorkbookKind[Any]) -> tuple[str, ...]:
    """Keys of the columns by which a row is known."""
    return kind.named_by or tuple(column.key for column in kind.columns[:2])


def packed_sheet(sheet: Sheet) -> bytes:
    """As it is kept, before it is sealed."""
    content = {
        "lines": [
            [
                line.number,
                line.outcome.value,
                line.names,
                [[key, _facts(before), _facts(after)] for key, before, after in line.changes],
            ]
            for line in sheet.lines
        ],
        "problems": [facts_of(problem) for problem in sheet.problems],
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), level=1)


def sheet_from(data: bytes) -> Sheet:
    """The reverse of `packed_sheet`."""
    content = json.loads(zlib.decompress(data))
    lines = (
        Line(
            number,
            Outcome(outcome),
            tuple(names),
            tuple(ShownChange(key, _value(before), _value(after)) for key, before, after in changes),
        )
        for number, outcome, names, changes in content["lines"]
    )
    return Sheet(tuple(lines), tuple(problem_from(facts) for facts in content["problems"]))


def as_seen(lines: Sequence[Line], kind: WorkbookKind[Any], *, is_readable: bool) -> list[Line]:
    """For who may not read the file: no names of people, and which fields change without their values."""
    if is_readable:
        return list(lines)
    keys = named_columns(kind)
    return [line._replace(names=_masked(keys, line.names), changes=_without_values(line)) for line in lines]


def _lines(found: Preview) -> Iterator[Line]:
    kind = found.kind
    sealed = {column.key for column in kind.columns if column.is_sealed}
    keys = named_columns(kind)
    for row, outcome in found.judged:
        changes = kind.changes(row, found.lookups) if outcome is Outcome.UPDATE else ()
        names = tuple(_text(getattr(row, key)) for key in keys)
        yield Line(row.number, outcome, names, tuple(_shown(change, sealed) for change in changes))


def _shown(change: Change, sealed: set[str]) -> ShownChange:
    if change.key in sealed:
        hidden = (NOT_REPEATED if value else "" for value in (change.before, change.after))
        return ShownChange(change.key, *hidden)
    return ShownChange(change.key, _readable(change.before), _readable(change.after))


def _readable(value: Any) -> Shown:
    if isinstance(value, bool):
        return YES_AND_NO[0] if value else YES_AND_NO[1]
    return term(value) if isinstance(value, StrEnum) else _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return term(value).zh
    return value.isoformat() if isinstance(value, date) else plain(value)


def _facts(value: Shown) -> str | Mapping[str, str]:
    return value if isinstance(value, str) else {"zh": value.zh, "en": value.en}


def _value(facts: str | Mapping[str, str]) -> Shown:
    return facts if isinstance(facts, str) else Word(**facts)


def _masked(keys: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        NOT_REPEATED if key == PERSON_NAME and name else name for key, name in zip(keys, names, strict=True)
    )


def _without_values(line: Line) -> tuple[ShownChange, ...]:
    return tuple(change._replace(before="", after="") for change in line.changes)
