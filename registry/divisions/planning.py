"""The preview of a division change: every row that moves, from which code to which, before anything is written."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.assignment import Assignment, assign
from registry.divisions.change_rules import succession_of
from registry.divisions.changes import ChangeLine
from registry.divisions.codes import parent_of, within
from registry.divisions.holders import CARRIED, HOLDERS, PERIODS, Carried, Expression, Holder, PeriodHolder
from registry.divisions.models import Division
from registry.divisions.succession import Step, Succession
from registry.divisions.tree import Tree
from registry.messages import N_, Message, message

Values = dict[str, Any]

DIVISIONS = message(N_("区划"))


@dataclass(frozen=True)
class MovedRow:
    """One row as it is and as it will be; without an id it will be inserted. `step` is the place of its cause."""

    step: int
    label: Message
    name: str
    table: str
    id: int | None
    before: Values
    after: Values
    is_unassigned: bool = False
    """Part of a split division, and no site says of which part: it goes to the first, or stays."""


@dataclass(frozen=True)
class ChangePlan:
    """What a file will do."""

    effective_on: date
    source: str
    succession: Succession
    moved: tuple[MovedRow, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Who succeeds whom: the lines of the file, then what follows for the divisions below."""
        return self.succession.steps

    @property
    def groups(self) -> dict[Message, list[MovedRow]]:
        """The rows that move, by what they are."""
        found: dict[Message, list[MovedRow]] = {}
        for row in self.moved:
            found.setdefault(row.label, []).append(row)
        return found

    @property
    def digest(self) -> str:
        """SHA-256 of everything that it will do: what was previewed is what is done."""
        rows = [(row.step, row.table, row.id, str(row.before), str(row.after)) for row in self.moved]
        steps = [(step.kind, step.from_code, step.to_code, step.to_name) for step in self.steps]
        content = repr((self.effective_on, self.source, steps, rows))
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def counts(self) -> list[tuple[Message, int]]:
        """How many rows move, by what they are."""
        return list(Counter(row.label for row in self.moved).items())

    @property
    def unassigned(self) -> list[MovedRow]:
        """Rows that somebody should look at after a split."""
        return [row for row in self.moved if row.is_unassigned]


def plan_change(session: Session, lines: Sequence[ChangeLine]) -> ChangePlan:
    """The preview of a file; writes nothing. Raises ChangeRefused with every problem."""
    on = lines[0].effective_on
    typed = [code for line in lines for code in (line.from_code, line.to_code)]
    succession = succession_of(Tree.load(session, typed, on), lines)
    assignment = assign(session, succession)
    moved = (
        *_divisions(succession),
        *_held(session, assignment),
        *_periods(session, assignment, on),
        *(row for carried in CARRIED for row in _carried(session, carried, succession)),
    )
    return ChangePlan(on, "；".join(dict.fromkeys(line.source for line in lines)), succession, moved)


def _divisions(succession: Succession) -> Iterator[MovedRow]:
    on, table = succession.tree.on, Division.__tablename__
    for old in succession.ended:
        place = succession.steps_from(old.code)[0]
        yield MovedRow(place, DIVISIONS, old.name, table, old.id, {"valid_to": None}, {"valid_to": on})
    for step in succession.begun:
        facts = {
            "code": step.to_code,
            "name": step.to_name,
            "level": step.old.level,
            "kind": step.to_kind,
            "parent_code": parent_of(step.to_code),
            "valid_from": on,
            "valid_to": None,
            "source": step.source,
        }
        yield MovedRow(succession.steps.index(step), DIVISIONS, step.to_name, table, None, {}, facts)


def _held(session: Session, assignment: Assignment) -> Iterator[MovedRow]:
    for holder in HOLDERS:
        statement = sa.select(
            _id_of(holder), holder.code, holder.name.label("name"), holder.site_id.label("site_id")
        ).where(_affected(assignment, holder.code), holder.rows)
        for row_id, code, name, site_id in session.execute(statement):
            heir = assignment.heir(code, site_id)
            if heir is not None and heir.code != code:
                before, after = {holder.code.key: code}, {holder.code.key: heir.code}
                table = holder.code.class_.__tablename__
                yield MovedRow(
                    heir.step, holder.label, name, table, row_id, before, after, heir.is_unassigned
                )


def _periods(session: Session, assignment: Assignment, on: date) -> Iterator[MovedRow]:
    for holder in PERIODS:
        affected = sa.or_(
            _affected(assignment, holder.that_days_code), _affected(assignment, holder.todays_code)
        )
        columns = holder.model.__table__.columns
        statement = sa.select(*columns, holder.name.label("row_name")).where(affected).order_by(columns.id)
        for row in session.execute(statement).mappings():
            yield from _period(holder, assignment, dict(row), on)


def _period(holder: PeriodHolder, assignment: Assignment, row: Values, on: date) -> Iterator[MovedRow]:
    """A period that the day cuts is cut in two; of every other one only the codes change."""
    name, row_id = row.pop("row_name"), row.pop("id")
    that_day, today = holder.that_days_code.key, holder.todays_code.key
    begins, ends = row[holder.valid_from.key], row[holder.valid_to.key]
    site_id = row[holder.site_id.key]
    now = assignment.heir(row[today], site_id)
    then = assignment.heir(row[that_day], site_id) if ends is None or ends > on else None
    heir = now or then
    if heir is None:
        return
    codes = {today: now.code if now else row[today]}
    after = codes | ({that_day: then.code} if then else {})
    table = holder.model.__tablename__
    is_cut = then is not None and then.code != row[that_day] and begins < on
    changed = codes | {holder.valid_to.key: on} if is_cut else after
    before = {key: row[key] for key in changed}
    if before != changed:
        yield MovedRow(heir.step, holder.label, name, table, row_id, before, changed, heir.is_unassigned)
    if is_cut:
        added = row | after | {holder.valid_from.key: on}
        yield MovedRow(heir.step, holder.label, name, table, None, {}, added, heir.is_unassigned)


def _carried(session: Session, carried: Carried, succession: Succession) -> Iterator[MovedRow]:
    """Of two that merge, the row of the one that stands first in the file."""
    new = {step.to_code for step in succession.steps}
    known = sa.select(carried.code, carried.key).where(carried.code.in_(new))
    taken = {(code, key) for code, key in session.execute(known)}
    for place, step in enumerate(succession.steps):
        for row in _in_force(session, carried, step.from_code, succession.tree.on):
            if (step.to_code, row[carried.key.key]) in taken:
                continue
            taken.add((step.to_code, row[carried.key.key]))
            added = row | {carried.code.key: step.to_code, carried.valid_from.key: succession.tree.on}
            name, table = str(row[carried.name.key]), carried.model.__tablename__
            yield MovedRow(place, carried.label, name, table, None, {}, added)


def _in_force(session: Session, carried: Carried, code: str, on: date) -> list[Values]:
    """The newest row of each key, without its id; what ends by then does not go on."""
    columns = carried.model.__table__.columns
    begun = (
        sa.select(*columns).where(carried.code == code, carried.valid_from < on).order_by(carried.valid_from)
    )
    newest = {row[carried.key.key]: dict(row) for row in session.execute(begun).mappings()}
    found = [row for row in newest.values() if row.get("valid_to") is None or row["valid_to"] > on]
    return [{name: value for name, value in row.items() if name != "id"} for row in found]


def _affected(assignment: Assignment, code: Expression) -> ColumnElement[bool]:
    return sa.or_(*(within(code, root) for root in assignment.roots))


def _id_of(holder: Holder) -> Expression:
    key: Expression = holder.code.class_.id
    return key
