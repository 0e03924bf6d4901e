"""Makes a division change in one transaction, and takes it back exactly: every row is remembered as it was."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.base import Base
from registry.clock import today
from registry.divisions.changes import ChangeRefused, Problem
from registry.divisions.codes import lies_within, within
from registry.divisions.holders import HOLDERS, PERIODS
from registry.divisions.models import Division, DivisionChange, DivisionChangeLine
from registry.divisions.planning import ChangePlan, MovedRow, Values
from registry.divisions.queries import change_by_code
from registry.messages import N_, Message, message

NAMED_AT_MOST = 5

Remembered = dict[str, Any]
"""label (a msgid), table, id, name, before (None if inserted), after: kept with the line that moved the row."""


def apply_change(session: Session, plan: ChangePlan, *, at: datetime, by: str) -> DivisionChange:
    """Write what was previewed; raises ChangeRefused before the day on which the change takes effect."""
    if plan.effective_on > today(at):
        note = N_("变更自%(day)s起生效，请在这一天或之后执行；现在只能预览。")
        raise ChangeRefused([Problem(None, message(note, day=plan.effective_on.isoformat()))])
    session.flush()
    remembered = _updated(session, plan) + _inserted(session, plan)
    change = DivisionChange(effective_on=plan.effective_on, source=plan.source, applied_at=at, applied_by=by)
    for place, step in enumerate(plan.steps):
        line = DivisionChangeLine(
            kind=step.kind,
            from_code=step.from_code,
            to_code=step.to_code,
            to_name=step.to_name,
            moved=[row for cause, row in remembered if cause == place],
            details={"row": step.row, "is_derived": step.is_derived},
        )
        change.lines.append(line)
    session.add(change)
    session.flush()
    session.expire_all()  # rows were written behind the session's back
    return change


def undo_change(session: Session, code: str, *, at: datetime, by: str) -> DivisionChange:
    """Put every row back as it was; raises ChangeRefused where something was built on the change since."""
    change = change_by_code(session, code)
    if change is None:
        raise ChangeRefused([Problem(None, message(N_("没有编号为%(code)s的区划变更。"), code=code))])
    remembered = [row for line in change.lines for row in line.moved]
    problems = _closed(change) or [*_later(session, change), *_built_upon(session, change, remembered)]
    if problems:
        raise ChangeRefused(Problem(None, problem) for problem in problems)
    for table, rows in _by_table(row for row in remembered if row["before"] is None).items():
        session.execute(sa.delete(table).where(table.c.id.in_([row["id"] for row in rows])))
    for row in remembered:
        if row["before"] is not None:
            table = Base.metadata.tables[row["table"]]
            values = _typed(table, row["before"])
            session.execute(sa.update(table).where(table.c.id == row["id"]).values(values))
    change.undone_at, change.undone_by = at, by
    session.flush()
    session.expire_all()
    return change


def _updated(session: Session, plan: ChangePlan) -> list[tuple[int, Remembered]]:
    """Updates first: a period ends before its successor begins."""
    remembered = []
    for row in plan.moved:
        if row.id is not None:
            table = Base.metadata.tables[row.table]
            session.execute(sa.update(table).where(table.c.id == row.id).values(row.after))
            remembered.append((row.step, _remember(row, row.id)))
    return remembered


def _inserted(session: Session, plan: ChangePlan) -> list[tuple[int, Remembered]]:
    remembered = []
    for row in plan.moved:
        if row.id is None:
            table = Base.metadata.tables[row.table]
            key = session.execute(sa.insert(table).values(row.after).returning(table.c.id)).scalar_one()
            remembered.append((row.step, _remember(row, key)))
    return remembered


def _remember(row: MovedRow, key: int) -> Remembered:
    before = None if row.id is None else _plain(row.before)
    return {
        "label": row.label.msgid,
        "table": row.table,
        "id": key,
        "name": row.name,
        "before": before,
        "after": _plain(row.after),
    }


def _plain(values: Values) -> Values:
    """As JSON holds them: days as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _typed(table: sa.Table, values: Values) -> Values:
    """The way back."""
    return {name: _value(table.c[name], value) for name, value in values.items()}


def _value(column: sa.Column[Any], value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(column.type, sa.Date) and value is not None else value


def _closed(change: DivisionChange) -> list[Message]:
    if change.undone_at is not None:
        return [message(N_("这次区划变更已于%(day)s撤回。"), day=today(change.undone_at).isoformat())]
    if change.is_shipped:
        return [message(N_("这是随系统提供的历史变更，不能撤回。"))]
    return []


def _later(session: Session, change: DivisionChange) -> Iterator[Message]:
    """Later changes over the same codes, the latest first: they are undone before this one."""
    codes = _codes(change)
    newer = (
        sa.select(DivisionChange)
        .where(DivisionChange.id > change.id, DivisionChange.undone_at.is_(None))
        .order_by(DivisionChange.id.desc())
    )
    note = N_("之后的区划变更%(code)s（%(day)s生效）涉及同一区划，请先撤回它。")
    for later in session.scalars(newer):
        if any(lies_within(a, b) or lies_within(b, a) for a in codes for b in _codes(later)):
            yield message(note, code=later.code, day=later.effective_on.isoformat())


def _codes(change: DivisionChange) -> set[str]:
    return {code for line in change.lines for code in (line.from_code, line.to_code)}


def _built_upon(
    session: Session, change: DivisionChange, remembered: Sequence[Remembered]
) -> Iterator[Message]:
    """Rows that were changed since, and rows that came to a division which the undo would take away."""
    changed = [
        name for table, rows in _by_table(remembered).items() for name in _changed(session, table, rows)
    ]
    if changed:
        note = N_("有%(count)s条记录在变更之后又改过：%(names)s。请先改回，再撤回区划变更。")
        yield message(note, count=len(changed), names=tuple(changed[:NAMED_AT_MOST]))
    inserted = (row["after"] for row in remembered if row["table"] == "division" and row["before"] is None)
    olds = {line.from_code for line in change.lines}  # a code that only got a new name stays
    codes = sorted({division["code"] for division in inserted} - olds)
    arrived = [name for code in codes for name in _arrived(session, code, remembered)]
    if arrived:
        note = N_("有%(count)s条记录是变更之后在新区划下登记的：%(names)s。请先改到别的区划，再撤回。")
        yield message(note, count=len(arrived), names=tuple(arrived[:NAMED_AT_MOST]))


def _changed(session: Session, table: sa.Table, rows: list[Remembered]) -> Iterator[str]:
    found = session.execute(sa.select(table).where(table.c.id.in_([row["id"] for row in rows])))
    present = {row["id"]: row for row in found.mappings()}
    for row in rows:
        now = present.get(row["id"])
        if now is None or any(now[name] != value for name, value in _typed(table, row["after"]).items()):
            yield row["name"]


def _arrived(session: Session, code: str, remembered: Sequence[Remembered]) -> Iterator[str]:
    moved = {(row["table"], row["id"]) for row in remembered}
    columns = [(holder.code, holder.name, holder.rows) for holder in HOLDERS]
    columns += [(holder.that_days_code, holder.name, sa.true()) for holder in PERIODS]
    for column, name, rows in columns:
        model = column.class_
        statement = sa.select(model.id, name.label("name")).where(within(column, code), rows)
        for key, label in session.execute(statement):
            if (model.__tablename__, key) not in moved:
                yield label
    below = sa.select(Division.id, Division.name).where(
        within(Division.code, code), Division.valid_to.is_(None)
    )
    for key, label in session.execute(below):
        if ("division", key) not in moved:
            yield label


def _by_table(rows: Iterable[Remembered]) -> dict[sa.Table, list[Remembered]]:
    grouped: dict[sa.Table, list[Remembered]] = {}
    for row in rows:
        grouped.setdefault(Base.metadata.tables[row["table"]], []).append(row)
    return grouped
