"""往返文件的对应列: what an exported row is recognised by, where it was lost on the way or changed by hand.

A file that lost its hidden lines cannot be compared with what was taken out; a row under another key would be loaded as
something new beside the old. Both are said before anything is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from registry.intake.declaration import WorkbookKind
from registry.intake.findings import Report
from registry.intake.parts import Part, PartKey, PartKind, Reading, Trip, canonical
from registry.intake.problems import Severity
from registry.intake.round_trip import Base
from registry.intake.tables import RawTable
from registry.messages import N_, message
from registry.vocabulary import term

ALIKE = 0.75
"""The share of what was taken out that a row under another key must still say to be the same thing."""
OF_THEMSELVES = (PartKind.SITE, PartKind.PERSON)
"""Parts whose key is that of everything that belongs to them."""


def looks_taken_out(kind: WorkbookKind[Any], table: RawTable) -> bool:
    """Whether the heads are those of our export and nothing else says what the file is: saved as csv, or copied."""
    if kind.trip is None or table.template or table.hidden:
        return False
    heads = [head.rstrip("*") for head in table.headers]
    return heads in ([column.zh for column in kind.columns], [column.en for column in kind.columns])


def warn_of_lost_keys(kind: WorkbookKind[Any], reading: Reading, report: Report) -> None:
    """Nothing is said of a file in which nobody and nothing is registered: it is a list of new ones."""
    if kind.trip is None or not reading.now:
        return
    first = next(iter(kind.trip.named.values()))
    report.file(
        message(
            N_(
                "列名与“改后导回”的导出文件相同，却没有随文件带出的核对信息（另存为csv后会丢失）：只按“%(key)s”"
                "与登记册逐行对应，导出以后别人的改动无法核对，会被文件里的内容覆盖。"
            ),
            key=_head_of(kind, first[0]),
        ),
        message(N_("请把改动填进导出的xlsx文件再导回；确知导出以后没有别人改过的，可以继续。")),
        Severity.WARNING,
    )


def _head_of(kind: WorkbookKind[Any], key: str) -> Any:
    return next(column for column in kind.columns if column.key == key)


def refuse_changed_keys(
    trip: Trip[Any], base: Base, rows: Sequence[Any], reading: Reading, report: Report
) -> None:
    """At the cell: a row that says what a row that is gone said, under another key."""
    there = {part.id for parts in reading.of_rows for part in parts}
    gone = _gone_by_kind(base, there)
    for row, parts in zip(rows, reading.of_rows, strict=True):
        for part in parts:
            if part.id in base.facts:
                continue
            for before in _same_under_another_key(part, gone.get(part.id[0], ()), base):
                _refuse(trip, row.number, part, before, reading.now, report)


def _gone_by_kind(base: Base, there: Collection[PartKey]) -> dict[str, list[PartKey]]:
    gone: dict[str, list[PartKey]] = {}
    for key in base.facts:
        if key not in there:
            gone.setdefault(key[0], []).append(key)
    return gone


def _same_under_another_key(part: Part, gone: Collection[PartKey], base: Base) -> Iterator[PartKey]:
    """At most one: what was taken out, is gone from the file, and differs from the part by one of its keys alone."""
    for key in gone:
        is_of_same = part.kind in OF_THEMSELVES or base.owners[key] == part.owner
        if is_of_same and len(_places(part.key, key[1])) == 1 and _is_alike(base.facts[key], part.facts):
            yield key
            return


def _places(said: Sequence[str], before: Sequence[str]) -> list[int]:
    return [place for place, (new, old) in enumerate(zip(said, before, strict=True)) if new != old]


def _is_alike(before: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    filled = {name: value for name, value in before.items() if value is not None}
    same = sum(canonical(said.get(name)) == value for name, value in filled.items())
    return bool(filled) and same >= ALIKE * len(filled)


def _refuse(
    trip: Trip[Any], row: int, part: Part, before: PartKey, now: Mapping[PartKey, Part], report: Report
) -> None:
    (place,) = _places(part.key, before[1])
    column = trip.named[part.kind][place]
    registered = now.get(before)
    value = registered.named.get(column) if registered else None
    was = term(value) if isinstance(value, StrEnum) else before[1][place]
    report.error(
        row,
        column,
        message(
            N_("导出时这里是“%(before)s”：这一列认定是哪一条，改了就会另立一条新记录，原来的一条不变。"),
            before=was,
        ),
        message(
            N_(
                "请改回“%(before)s”；要更正的，在该记录的页面办理；确是另外一条的，保留原来的一行，另起一行填写。"
            ),
            before=was,
        ),
    )
