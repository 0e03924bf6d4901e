"""What a load left in the register, read from its journal beside the register as it stands now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from registry.base import Base
from registry.intake.journal import NOT_NOTED, PAGE, Pair, Record, records_in, rows_of, unpacked
from registry.intake.models import IntakeRun, JournalKind, JournalPage
from registry.sealing.fields import SEALED_FIELDS

PARTS = {
    "post": "practitioner_id",
    "education": "practitioner_id",
    "certificate": "practitioner_id",
    "certificate_registration": "certificate_id",
    "training": "practitioner_id",
    "site_placement": "site_id",
    "dossier_fact": "dossier_id",
}
"""Tables whose rows belong to another record: they are undone with it, or kept with it."""


class Why(StrEnum):
    """Why a record that a load wrote is left as it is."""

    CHANGED = "changed"
    GONE = "gone"
    REFERRED_TO = "referred_to"
    NEEDED = "needed"


class Unit(NamedTuple):
    """A record with its parts: the table and the key of the record itself."""

    table: str
    key: int


Spot = tuple[str, int]
"""Table and key of one row."""


@dataclass
class Traces:
    """Everything that a load wrote, and what of it is not as the load left it."""

    created: dict[str, dict[int, Unit]] = field(default_factory=lambda: defaultdict(dict))
    """Table to the keys of new rows, with the record that each belongs to."""
    changed: dict[Spot, Pair] = field(default_factory=dict)
    removals: dict[Spot, list[tuple[int, Record]]] = field(default_factory=lambda: defaultdict(list))
    """Of each row that went, the pages that say so, in their order: on SQLite its key may be given again at once."""
    units: dict[Spot, Unit] = field(default_factory=dict)
    """Of what was changed or removed."""
    kept: dict[Unit, Why] = field(default_factory=dict)
    """What stays, whole."""

    @property
    def removed(self) -> dict[Spot, Record]:
        """The rows that were there before the load and that it took away."""
        return {spot: gone[0][1] for spot, gone in self.removals.items() if gone}

    def came_and_went(self, spot: Spot, page: int) -> bool:
        """Whether a row that a page of the journal says is new was taken away again by the load itself."""
        gone = self.removals.get(spot, [])
        later = next((one for one in gone if one[0] > page), None)
        if later is not None:
            gone.remove(later)
        return later is not None

    def is_kept(self, unit: Unit) -> bool:
        """Whether undoing passes a record and its parts over."""
        return unit in self.kept

    def unit_of(self, table: str, key: int) -> Unit | None:
        """The record of a row that the load wrote; None for a row of others."""
        return self.created.get(table, {}).get(key) or self.units.get((table, key))


def traces_of(session: Session, run: IntakeRun) -> Traces:
    """Read and locked: nobody changes the rows until the transaction ends."""
    traces = Traces()
    pages = sa.select(JournalPage).where(JournalPage.run_id == run.id).order_by(JournalPage.id)
    later = pages.where(JournalPage.kind != JournalKind.CREATED).options(undefer(JournalPage.records))
    for page in session.scalars(later):
        _note_changes(traces, page)
    born = pages.where(JournalPage.kind == JournalKind.CREATED)
    for number, name in session.execute(
        born.with_only_columns(JournalPage.id, JournalPage.record_table)
    ).all():
        records = session.scalar(sa.select(JournalPage.records).where(JournalPage.id == number))
        rows = list(records_in(_table(name), unpacked(records or b"")))
        _compare_created(session, traces, _table(name), rows, page=number)
    _compare_changed(session, traces)
    _gather_into_records(session, traces)
    _take_reminders_along(session, traces)
    _keep_referred_to(session, traces)
    return traces


def _table(name: str) -> sa.Table:
    return Base.metadata.tables[name]


def _note_changes(traces: Traces, page: JournalPage) -> None:
    table, content = _table(page.record_table), unpacked(page.records)
    if page.kind is JournalKind.REMOVED:
        for row in records_in(table, content):
            before, _after = traces.changed.pop((table.name, row["id"]), (row, row))
            traces.removals[table.name, row["id"]].append((page.id, before))
            traces.units[table.name, row["id"]] = _unit(table, before)
        return
    pairs = zip(records_in(table, content["before"]), records_in(table, content["after"]), strict=True)
    for before, after in pairs:
        spot = table.name, after["id"]
        first, _last = traces.changed.get(spot, (before, after))
        traces.changed[spot] = first, after
        traces.units[spot] = _unit(table, first)


def _compare_created(
    session: Session, traces: Traces, table: sa.Table, rows: Sequence[Record], *, page: int
) -> None:
    now = rows_of(session, table, [row["id"] for row in rows], locked=True)
    told = _Told.of(table)
    for row in rows:
        spot, unit = (table.name, row["id"]), _unit(table, row)
        if traces.came_and_went(spot, page):
            continue
        _first, expected = traces.changed.pop(spot, (row, row))
        traces.created[table.name][row["id"]] = unit
        _judge(traces, unit, expected, now.get(row["id"]), told)


def _compare_changed(session: Session, traces: Traces) -> None:
    for name, keys in _by_table(traces.changed).items():
        table = _table(name)
        now, told = rows_of(session, table, keys, locked=True), _Told.of(table)
        for key in keys:
            spot = name, key
            _judge(traces, traces.units[spot], traces.changed[spot][1], now.get(key), told)


def _judge(traces: Traces, unit: Unit, left: Record, now: Record | None, told: "_Told") -> None:
    if now is None:
        traces.kept[unit] = Why.GONE
    elif told.is_changed(left, now):
        traces.kept.setdefault(unit, Why.CHANGED)


class _Told(NamedTuple):
    """The columns of a table that tell that somebody changed a row."""

    plain: tuple[str, ...]
    """Not a version that another undoing raised, nor what triggers read off the standings."""
    sealed: tuple[str, ...]
    """Seals and their blind indexes: a rotation of keys writes them anew and touches nothing else."""

    @classmethod
    def of(cls, table: sa.Table) -> "_Told":
        passed_over = {"version", "updated_at", "listed_from", "listed_until", "listed_times"}
        of_table = [one for one in SEALED_FIELDS.values() if one.model.__tablename__ == table.name]
        sealed = {one.sealed.key for one in of_table} | {
            index.key for one in of_table for index in one.index_columns
        }
        plain = tuple(column.name for column in table.c if column.name not in passed_over | sealed)
        return cls(plain, tuple(sorted(sealed)) if "updated_at" in table.c else ())

    def is_changed(self, left: Record, now: Record) -> bool:
        """Whether the row is another one than the load left."""
        if any(left[name] != now[name] for name in self.plain if name in left):
            return True
        is_sealed_anew = any(left[name] != now[name] for name in self.sealed if name in left)
        return is_sealed_anew and any(left.get(name) != now[name] for name in ("version", "updated_at"))


def _unit(table: sa.Table, row: Record) -> Unit:
    if "subject_type" in table.c and "subject_id" in table.c:
        return Unit(row["subject_type"], row["subject_id"])
    owner = PARTS.get(table.name)
    if owner is None:
        return Unit(table.name, row["id"])
    (reference,) = table.c[owner].foreign_keys
    return Unit(reference.column.table.name, row[owner])


def _by_table(spots: Iterable[Spot]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for name, key in spots:
        found[name].append(key)
    return found


def _gather_into_records(session: Session, traces: Traces) -> None:
    """What tells of a part, such as the steps of a diploma, is undone or kept with the record of the part."""
    told = [*traces.units.values(), *traces.kept]
    told += [unit for units in traces.created.values() for unit in units.values()]
    homes = {unit: _home_of(session, traces, unit) for unit in set(told) if unit.table in PARTS}
    traces.units = {spot: homes.get(unit, unit) for spot, unit in traces.units.items()}
    for table, units in traces.created.items():
        traces.created[table] = {key: homes.get(unit, unit) for key, unit in units.items()}
    for unit in [unit for unit in traces.kept if unit in homes]:
        traces.kept.setdefault(homes[unit], traces.kept.pop(unit))


def _home_of(session: Session, traces: Traces, part: Unit) -> Unit:
    """The record of a part that the load wrote, or that was there before; of one that is gone, the part itself."""
    written = traces.unit_of(part.table, part.key)
    if written is not None:
        return written
    found = rows_of(session, _table(part.table), [part.key]).get(part.key)
    return part if found is None else _unit(_table(part.table), found)


def _take_reminders_along(session: Session, traces: Traces) -> None:
    """The portal itself reminds of what a load left to be done: nobody has touched anything by that."""
    todo, waiting = _table("todo"), traces.created.get("todo", {})
    left = list(waiting)
    for start in range(0, len(left), PAGE):
        few = todo.c.reminds_id.in_(left[start : start + PAGE])
        for key, reminded in session.execute(sa.select(todo.c.id, todo.c.reminds_id).where(few)):
            waiting[key] = waiting[reminded]


def _keep_referred_to(session: Session, traces: Traces) -> None:
    """New records that a row of others points at stay, and so does what a record that stays points at."""
    needs: dict[Unit, set[Unit]] = defaultdict(set)
    for name, units in list(traces.created.items()):
        for table, key, target in _references(session, name, list(units)):
            here, other = units[target], traces.unit_of(table, key)
            if other is None:
                traces.kept.setdefault(here, Why.REFERRED_TO)
            elif other != here:
                needs[other].add(here)
    _keep_needed(traces, needs)


def _keep_needed(traces: Traces, needs: dict[Unit, set[Unit]]) -> None:
    waiting = list(traces.kept)
    while waiting:
        for unit in needs.get(waiting.pop(), ()):
            if unit not in traces.kept:
                traces.kept[unit] = Why.NEEDED
                waiting.append(unit)


def _references(session: Session, name: str, keys: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Table and key of the rows that point at some rows of a table, and at which."""
    for table in Base.metadata.sorted_tables:
        if table.name in NOT_NOTED or "id" not in table.c:
            continue
        for column, condition in _pointing(table, name):
            for start in range(0, len(keys), PAGE):
                few = column.in_(keys[start : start + PAGE])
                found = sa.select(table.c.id, column).where(few, condition)
                for key, target in session.execute(found):
                    yield table.name, key, target


def _pointing(table: sa.Table, name: str) -> Iterator[tuple[sa.Column[Any], sa.ColumnElement[bool]]]:
    """By a foreign key, or by the name of the table and the key, as steps and attached files do.

    What goes with the row that it points at was only read off it, as the readings of names are.
    """
    if "subject_type" in table.c and "subject_id" in table.c:
        yield table.c.subject_id, table.c.subject_type == name
    for column in table.c:
        targets = {
            (key.column.table.name, key.column.name)
            for key in column.foreign_keys
            if key.ondelete != "CASCADE"
        }
        if (name, "id") in targets:
            yield column, sa.true()
