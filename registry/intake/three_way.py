"""三方比对: what was taken out, what the register says now, and what the file says; nothing is overwritten unseen.

What the file leaves as it was taken out stays as the register has it now. What both changed to different values is a
conflict, an error until somebody chooses; a choice holds for the values that were shown, and for no others.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from registry.intake.declaration import Context, WorkbookKind
from registry.intake.findings import Report
from registry.intake.parts import Part, PartKey, PartKind, Reading, Trip, canonical
from registry.intake.round_trip import Base, BaseBroken, HiddenLine, base_of
from registry.intake.tables import RawTable
from registry.intake.trip_keys import looks_taken_out, refuse_changed_keys, warn_of_lost_keys
from registry.messages import N_, message
from registry.sealing.providers import KeysMissing


class DifferenceKind(StrEnum):
    """Who changed what since the file was taken out."""

    CONFLICT = "conflict"
    """Both, to different values."""
    CHANGED = "changed"
    """The file alone: it is loaded."""
    LEFT = "left"
    """The register alone: it stays."""
    BLANKED = "blanked"
    """The file has nothing any more: a blank takes nothing away."""
    FIXED = "fixed"
    """The file changed what no file changes."""
    MISSING = "missing"
    """The file has no row of it any more: nothing is deleted."""


class Keep(StrEnum):
    """What somebody chose of a conflict."""

    FILE = "file"
    REGISTER = "register"


@dataclass(frozen=True)
class Difference:
    """One thing of which the three do not say the same."""

    kind: DifferenceKind
    part: PartKey
    owner: str
    row: int = 0
    """Of the file; 0 where it has none."""
    key: str = ""
    """The column; empty where it is the whole part."""
    base: Any = None
    now: Any = None
    said: Any = None
    choice: str = ""
    """The name of the choice that a conflict waits for."""
    chosen: Keep | None = None

    @property
    def part_kind(self) -> PartKind:
        """What it is a difference of."""
        return PartKind(self.part[0])


class Compared(NamedTuple):
    """The rows as they are to be judged, and what is to be shown."""

    rows: list[Any]
    differences: tuple[Difference, ...] = ()


def compared(
    session: Session,
    kind: WorkbookKind[Any],
    rows: Sequence[Any],
    table: RawTable,
    lookups: Any,
    context: Context,
    report: Report,
) -> Compared:
    """Rows of a file that was never taken out of the register, or does not say so any more, pass as they are."""
    if kind.trip is not None and looks_taken_out(kind, table):
        warn_of_lost_keys(kind, kind.trip.read(session, rows, (), lookups), report)
    if not table.hidden or kind.trip is None:
        return Compared(list(rows))
    base = _trusted(table.hidden, kind, context, report)
    if base is None:
        return Compared(list(rows))
    reading = kind.trip.read(session, rows, base.facts.keys(), lookups)
    refuse_changed_keys(kind.trip, base, rows, reading, report)
    comparison = _Comparison(kind.trip, base, reading, context.choices, report)
    return comparison.of(rows)


def _trusted(
    lines: Sequence[HiddenLine], kind: WorkbookKind[Any], context: Context, report: Report
) -> Base | None:
    """What the file says of itself, where it was taken out for whoever brings it back."""
    if context.seals is None:
        raise KeysMissing("There is nothing to check the signatures of an exported file with.")
    try:
        base = base_of(lines, context.seals)
    except BaseBroken:
        report.file(
            message(N_("随文件带出的核对信息（隐藏的工作表）被改动或不完整，不能导回。")),
            message(N_("请重新导出，把改动填进新的文件；不要改动隐藏的工作表。")),
        )
        return None
    if base.taken.kind != kind.code or base.taken.owner != context.owner:
        report.file(
            message(N_("这个文件是其他单位或其他类型的导出文件，不能由您导回。")),
            message(N_("请由导出的单位导回，或自己导出后再改。")),
        )
        return None
    return base


class _Comparison:
    """One file beside the register."""

    def __init__(
        self, trip: Trip[Any], base: Base, reading: Reading, choices: Mapping[str, str], report: Report
    ) -> None:
        self._trip, self._base, self._reading = trip, base, reading
        self._choices, self._report = choices, report
        self._found: dict[tuple[PartKey, str, str], Difference] = {}
        """By part, column and what the file says: a person who takes several rows is said once."""
        self._said = self._changes()

    def of(self, rows: Sequence[Any]) -> Compared:
        """The rows with what they leave alone put as the register has it."""
        woven = [self._woven(row, parts) for row, parts in zip(rows, self._reading.of_rows, strict=True)]
        return Compared(woven, (*self._found.values(), *self._missing()))

    def _changes(self) -> dict[tuple[PartKey, str], set[Any]]:
        """What the file says anew of each part, over all its rows: a change in one of a person's rows is for all."""
        said: dict[tuple[PartKey, str], set[Any]] = defaultdict(set)
        for part in (part for parts in self._reading.of_rows for part in parts):
            before = self._base.facts.get(part.id, {})
            for key, value in part.facts.items():
                if canonical(value) is not None and canonical(value) != before.get(key):
                    said[part.id, key].add(value)
        return said

    def _woven(self, row: Any, parts: Sequence[Part]) -> Any:
        put: dict[str, Any] = {}
        for part in parts:
            now = self._reading.now.get(part.id)
            if part.id in self._base.forged:
                self._refuse_forged(row.number, part)
            elif now is not None:
                put |= self._put(row.number, part, now)
            elif part.id in self._base.facts:
                self._refuse_gone(row.number, part)
        return row._replace(**put) if put else row

    def _put(self, row: int, part: Part, now: Part) -> dict[str, Any]:
        """The facts of one part of one row, as they are to be judged."""
        base = self._base.facts.get(part.id)
        fixed = self._trip.fixed.get(part.kind, ())
        put: dict[str, Any] = {}
        for key, typed in part.facts.items():
            if self._report.is_flawed(row, key):
                continue
            value = self._spread(part, key, typed, base)
            put[key] = self._settled(row, part, now, key, value, base=base, is_fixed=key in fixed)
        return put

    def _spread(self, part: Part, key: str, value: Any, base: Mapping[str, Any] | None) -> Any:
        """A row that says what was taken out follows the one row of the same thing that says something new."""
        said = self._said.get((part.id, key), set())
        is_old = base is not None and canonical(value) == base.get(key)
        return next(iter(said)) if is_old and len(said) == 1 else value

    def _settled(
        self,
        row: int,
        part: Part,
        now: Part,
        key: str,
        value: Any,
        *,
        base: Mapping[str, Any] | None,
        is_fixed: bool,
    ) -> Any:
        """What one column is to say: the file's value where the file alone changed it, else the register's."""
        before = base.get(key) if base is not None else None
        current, said = canonical(now.facts.get(key)), canonical(value)
        kind = _kind_of(before, current, said, is_known=base is not None, is_fixed=is_fixed)
        if kind is None:
            return now.facts.get(key) if said is None else value
        difference = self._difference(kind, row, part, key, base=before, now=now.facts.get(key), said=value)
        if kind is DifferenceKind.CHANGED or difference.chosen is Keep.FILE:
            return value
        if kind is DifferenceKind.CONFLICT and difference.chosen is None:
            self._refuse_conflict(row, key)
        if kind is DifferenceKind.FIXED:
            self._warn_fixed(row, key)
        return now.facts.get(key)

    def _difference(
        self, kind: DifferenceKind, row: int, part: Part, key: str, *, base: Any, now: Any, said: Any
    ) -> Difference:
        name = "\x1f".join(map(repr, (part.id, key, base, canonical(now), canonical(said))))
        choice = sha256(name.encode()).hexdigest()[:16] if kind is DifferenceKind.CONFLICT else ""
        chosen = Keep(self._choices[choice]) if choice in self._choices else None
        difference = Difference(kind, part.id, part.owner, row, key, base, now, said, choice, chosen)
        return self._found.setdefault((part.id, key, repr(canonical(said))), difference)

    def _missing(self) -> list[Difference]:
        """What the file has no row of; of a person who is gone from it, the person alone."""
        there = {part.id for parts in self._reading.of_rows for part in parts}
        gone = {key for key in self._base.facts if key not in there}
        people = {self._base.owners[key] for key in gone if key[0] == PartKind.PERSON.value}
        return [
            Difference(DifferenceKind.MISSING, key, self._base.owners[key])
            for key in self._base.facts
            if key in gone and (key[0] == PartKind.PERSON.value or self._base.owners[key] not in people)
        ]

    def _refuse_conflict(self, row: int, key: str) -> None:
        self._report.error(
            row,
            key,
            message(N_("导出以后，登记册里这一项也改了，与文件不同。")),
            message(N_("请在“三方比对”中逐项选择保留哪一个，或改成与登记册相同。")),
        )

    def _warn_fixed(self, row: int, key: str) -> None:
        self._report.warning(
            row,
            key,
            message(N_("这一列不能用导出的文件更改，保留登记册的内容。")),
            message(N_("不用改；确需更改的，请在该记录的页面办理。")),
        )

    def _refuse_gone(self, row: int, part: Part) -> None:
        self._report.error(
            row,
            _first_column(part),
            message(
                N_("导出以后，这一行的“%(part)s”在登记册里更正或撤销了，已不是原来的一条。"), part=part.owner
            ),
            message(N_("请删去这一行，或重新导出后再改。")),
        )

    def _refuse_forged(self, row: int, part: Part) -> None:
        self._report.error(
            row,
            _first_column(part),
            message(N_("这一行随文件带出的核对信息被改动，不能导回。")),
            message(N_("请重新导出，把改动填进新的文件；不要改动隐藏的工作表。")),
        )


def _kind_of(
    before: Any, current: Any, said: Any, *, is_known: bool, is_fixed: bool
) -> DifferenceKind | None:
    """None where nothing is to be shown: the file says what the register says, or nothing was and is there."""
    if said == current:
        return None
    if said is None:
        return _kind_of_blank(before, current) if is_known else None
    if is_known and said == before:
        return DifferenceKind.LEFT
    if is_fixed:
        return DifferenceKind.FIXED
    return DifferenceKind.CHANGED if current == before else DifferenceKind.CONFLICT


def _kind_of_blank(before: Any, current: Any) -> DifferenceKind:
    return DifferenceKind.LEFT if before is None and current is not None else DifferenceKind.BLANKED


def _first_column(part: Part) -> str:
    return next(iter(part.facts))


def open_choices(differences: Collection[Difference]) -> list[Difference]:
    """The conflicts that nobody has decided yet."""
    return [one for one in differences if one.kind is DifferenceKind.CONFLICT and one.chosen is None]
