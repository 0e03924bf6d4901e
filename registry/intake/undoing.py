"""Undo a load: what it made goes, what it changed is put back, what others have touched since stays and is named."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.base import Base
from registry.clock import today
from registry.errors import InvalidInput
from registry.intake.journal import PAGE, Record, rows_of
from registry.intake.models import IntakeRun, IntakeState, JournalPage
from registry.intake.noting import NotingOfAll, nobody_waits
from registry.intake.traces import Traces, Unit, Why, traces_of
from registry.messages import N_, message
from registry.policy.queries import parameter

UNDO_DAYS = "intake.undo_days"
"""The parameter with the days in which a load may be undone."""
NAMED = 200
"""Records named that were left as they are; the number is of all."""
NOT_RESTORED = frozenset({"id", "version", "updated_at"})


@dataclass(frozen=True)
class Kept:
    """A record that undoing leaves as it is; by code or number, never by name."""

    table: str
    key: int
    code: str
    number: str
    why: Why


@dataclass(frozen=True)
class Undoing:
    """What undoing a load comes to."""

    removed: Mapping[str, int]
    """Table to rows that go."""
    restored: Mapping[str, int]
    """Table to rows that are put back."""
    kept: tuple[Kept, ...]
    kept_count: int

    def as_facts(self) -> dict[str, Any]:
        """As it is kept with the run."""
        return {
            "removed": dict(self.removed),
            "restored": dict(self.restored),
            "kept_count": self.kept_count,
            "kept": [[one.table, one.key, one.code, one.number, one.why.value] for one in self.kept],
        }


def undoing_from(facts: Mapping[str, Any]) -> Undoing:
    """The reverse of `as_facts`."""
    kept = tuple(
        Kept(table, key, code, number, Why(why)) for table, key, code, number, why in facts.get("kept", ())
    )
    return Undoing(
        facts.get("removed", {}), facts.get("restored", {}), kept, facts.get("kept_count", len(kept))
    )


def undo_until(session: Session, run: IntakeRun) -> datetime | None:
    """The instant until which a load may be undone; None for what was not loaded."""
    if run.committed_at is None:
        return None
    days = parameter(session, UNDO_DAYS, run.division_code, today(run.committed_at))
    return run.committed_at + timedelta(days=int(days))


def may_be_undone(session: Session, run: IntakeRun, at: datetime) -> bool:
    """Loaded, not undone yet, within the days, and with its journal."""
    until = undo_until(session, run)
    is_loaded = run.state is IntakeState.COMMITTED and until is not None and at < until
    return is_loaded and _has_journal(session, run)


def foresee(session: Session, run: IntakeRun) -> Undoing:
    """What undoing would do now; writes nothing."""
    return _summed_up(session, traces_of(session, run))


def undo(
    session: Session,
    run: IntakeRun,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
    noting: NotingOfAll = nobody_waits,
) -> Undoing:
    """In the caller's transaction; raises InvalidInput where it was undone before, or is too late."""
    refuse_what_cannot_be_undone(session, run, at)
    traces = traces_of(session, run)
    summary = _summed_up(session, traces)
    done = _Done(noting, sum(summary.removed.values()) + sum(summary.restored.values()))
    try:
        _put_back(session, traces, at, done)
        _take_away(session, traces, done)
        _bring_again(session, traces, done)
    except sa.exc.IntegrityError as error:  # somebody else wrote in between; the caller rolls back
        raise InvalidInput(
            "run", message(N_("撤销时登记库有了变动，没有撤销任何一行；请再试一次。"))
        ) from error
    session.expire_all()
    run.state, run.undone_at, run.undone_by = IntakeState.UNDONE, at, actor.name
    run.undone = summary.as_facts()
    session.execute(sa.delete(JournalPage).where(JournalPage.run_id == run.id))
    _record(session, run, summary, actor=actor, at=at, trail=trail)
    return summary


def forget_journals(session: Session, *, at: datetime) -> int:
    """Delete the journals of loads that may not be undone any more; how many loads."""
    with_journal = sa.select(IntakeRun).where(
        IntakeRun.id.in_(sa.select(JournalPage.run_id).distinct()), IntakeRun.state != IntakeState.UNDOING
    )
    over = [run.id for run in session.scalars(with_journal) if not may_be_undone(session, run, at)]
    session.execute(sa.delete(JournalPage).where(JournalPage.run_id.in_(over)))
    return len(over)


def refuse_what_cannot_be_undone(session: Session, run: IntakeRun, at: datetime) -> None:
    """InvalidInput with the reason; what a worker was asked to undo in time is undone however late it comes to it."""
    until = undo_until(session, run)
    if run.state is IntakeState.UNDOING:
        return
    if run.state is IntakeState.UNDONE:
        raise InvalidInput("run", message(N_("这次导入已由%(name)s撤销过，不用再撤销。"), name=run.undone_by))
    if run.state is not IntakeState.COMMITTED or until is None:
        raise InvalidInput("run", message(N_("这个文件没有导入，没有可以撤销的内容。")))
    if at >= until or not _has_journal(session, run):
        raise InvalidInput(
            "run", message(N_("这次导入已超过可以撤销的期限；请改好文件后再导入，或在页面上逐条更正。"))
        )


def _has_journal(session: Session, run: IntakeRun) -> bool:
    if not run.create and not run.update:
        return True  # it wrote nothing, so there is nothing to put back
    found = sa.select(JournalPage.id).where(JournalPage.run_id == run.id).limit(1)
    return session.scalar(found) is not None


def _summed_up(session: Session, traces: Traces) -> Undoing:
    removed = {
        name: count
        for name, units in traces.created.items()
        if (count := sum(not traces.is_kept(unit) for unit in units.values()))
    }
    written = (*traces.changed, *traces.removed)
    restored = Counter(name for name, key in written if not traces.is_kept(traces.units[name, key]))
    return Undoing(removed, dict(restored), _named(session, traces), len(traces.kept))


def _named(session: Session, traces: Traces) -> tuple[Kept, ...]:
    wanted = list(traces.kept.items())[:NAMED]
    by_table: dict[str, list[int]] = defaultdict(list)
    for unit, _why in wanted:
        by_table[unit.table].append(unit.key)
    rows = {
        Unit(name, key): row
        for name, keys in by_table.items()
        for key, row in rows_of(session, Base.metadata.tables[name], keys).items()
    }
    return tuple(_kept(unit, rows.get(unit, {}), why) for unit, why in wanted)


def _kept(unit: Unit, row: Record, why: Why) -> Kept:
    return Kept(unit.table, unit.key, row.get("code") or "", row.get("person_no") or "", why)


class _Done:
    """Counts the records that are dealt with, for whoever waits."""

    def __init__(self, noting: NotingOfAll, of: int) -> None:
        self._noting, self._of, self._count = noting, of, 0

    def add(self, count: int) -> None:
        self._count += count
        self._noting(self._count, self._of)


def _put_back(session: Session, traces: Traces, at: datetime, done: _Done) -> None:
    """Only what the load changed; a version never comes back to one that a form may still hold."""
    for (name, key), (before, after) in traces.changed.items():
        if traces.is_kept(traces.units[name, key]):
            continue
        done.add(1)
        table = Base.metadata.tables[name]
        values: dict[str, Any] = {
            column: value
            for column, value in before.items()
            if column not in NOT_RESTORED and value != after[column]
        }
        if "version" in table.c:
            values["version"] = table.c.version + 1
        if "updated_at" in table.c:
            values["updated_at"] = at
        if values:
            session.execute(sa.update(table).where(table.c.id == key).values(values))


def _take_away(session: Session, traces: Traces, done: _Done) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        units = traces.created.get(table.name, {})
        keys = [key for key, unit in units.items() if not traces.is_kept(unit)]
        for some in _pages(sorted(keys, reverse=True)):  # a reminder goes before what it reminds of
            session.execute(sa.delete(table).where(table.c.id.in_(some)))
            done.add(len(some))


def _bring_again(session: Session, traces: Traces, done: _Done) -> None:
    for table in Base.metadata.sorted_tables:
        rows = [
            row
            for (name, key), row in traces.removed.items()
            if name == table.name and not traces.is_kept(traces.units[name, key])
        ]
        for some in _pages(rows):
            session.execute(sa.insert(table), some)
            done.add(len(some))


def _pages(items: list[Any]) -> list[list[Any]]:
    return [items[start : start + PAGE] for start in range(0, len(items), PAGE)]


def _record(
    session: Session, run: IntakeRun, done: Undoing, *, actor: Actor, at: datetime, trail: Trail
) -> None:
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.INTAKE_UNDO,
        result=Result.DONE,
        subject_type=IntakeRun.__tablename__,
        subject_code=run.code,
        division_code=actor.division_code,
        facts={
            "kind": run.kind,
            "removed": dict(done.removed),
            "restored": dict(done.restored),
            "kept": done.kept_count,
        },
    )
