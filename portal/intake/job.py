"""A long file as a job: checked while the portal goes on, loaded or undone in one transaction, again where cut off."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.intake.files import UploadedFiles
from portal.intake.judging import NOT_KEPT, Upload, judged_table, kind_of, load, read, undo_load
from portal.intake.progress import ProgressFile, Reporter, Stage
from portal.sealing import key_ring
from portal.settings import Settings
from registry.access.actors import Actor
from registry.audit.trail import Trail
from registry.clock import today, utc_now
from registry.engine import snapshot_of
from registry.errors import InvalidInput, NotAllowed, Refusal
from registry.intake.coordinates import Crs
from registry.intake.errands import asker_of, fail, finish_checking, take_up, tell_loaded, tell_undone
from registry.intake.lines import sheet_of
from registry.intake.models import IN_PART, IntakeRun, IntakeState
from registry.intake.operations import hold
from registry.intake.partial import without_errors
from registry.intake.preview import Preview
from registry.intake.problems import FileRefused
from registry.intake.queries import run_by_code
from registry.intake.tables import RawTable
from registry.messages import N_, Message, message
from registry.sealing.providers import SealProvider

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

BROKEN = N_(
    "系统在处理文件时出错，没有导入任何一行，故障已记入运行日志。请重新上传；仍然出错时请联系系统管理员。"
)
NOT_UNDONE = N_(
    "系统在撤销导入时出错，登记册没有变动，故障已记入运行日志。请再撤销一次；仍然出错时请联系系统管理员。"
)
NO_LONGER_HELD = N_("提出的人已不在原岗位，或代办已结束，登记册没有变动。请由现任岗位重新办理。")
PAUSES = (1, 2, 4, 8, 15, 30, 60, 60, 60)
"""Seconds between attempts while the database is busy or away."""


@dataclass(frozen=True)
class Hand:
    """What a worker needs for one file."""

    engine: sa.Engine
    code: str
    seals: SealProvider
    files: UploadedFiles
    progress: ProgressFile
    trail: Trail


def check_file(settings: Settings, engine: sa.Engine, code: str, at: datetime) -> None:
    """Judge a file that waits; nothing happens where it was cancelled, or is judged already."""
    _in_hand(settings, engine, code, at, IntakeState.CHECKING, lambda hand: _with_file(hand, _checked))


def load_file(settings: Settings, engine: sa.Engine, code: str, at: datetime) -> None:
    """Load a file that waits; nothing happens where it was cancelled, or is loaded already."""
    _in_hand(settings, engine, code, at, IntakeState.LOADING, lambda hand: _with_file(hand, _loaded))


def undo_file(settings: Settings, engine: sa.Engine, code: str, at: datetime) -> None:
    """Undo a load that waits for it; nothing happens where it is undone already."""
    _in_hand(settings, engine, code, at, IntakeState.UNDOING, _undone, broken=NOT_UNDONE)


Work = Callable[[Hand, RawTable, Crs, Reporter], None]


def _in_hand(
    settings: Settings,
    engine: sa.Engine,
    code: str,
    at: datetime,
    state: IntakeState,
    work: Callable[[Hand], None],
    *,
    broken: str = BROKEN,
) -> None:
    seals = key_ring(settings)
    trail, files = Trail(settings.audit_key.encode()), UploadedFiles(settings.uploads, seals)
    hand = Hand(engine, code, seals, files, ProgressFile(settings.home, code), trail)
    try:
        if _patiently(lambda: _taken_up(hand, state, at)):
            _patiently(lambda: work(hand))
    except FileRefused as refusal:
        _fail(hand, refusal.problem.message)
    except Refusal as refusal:
        _fail(hand, refusal.message or message(broken))
    except Exception:  # the 500 page of a job: whoever waits is told, and the log has the cause
        logger.exception("a file could not be taken in", extra={"run": code})
        _fail(hand, message(broken))
        raise
    finally:
        hand.progress.remove()


def _patiently(attempt: Callable[[], Answer]) -> Answer:
    """A database that is locked by another load, or starts again, is waited for."""
    for pause in PAUSES:
        try:
            return attempt()
        except sa.exc.OperationalError:
            time.sleep(pause)
    return attempt()


def _taken_up(hand: Hand, state: IntakeState, at: datetime) -> bool:
    with _held(hand) as (session, run):
        is_mine = take_up(run, at=at) and run.state is state
        if is_mine:
            session.commit()
    return is_mine


def _with_file(hand: Hand, work: Work) -> None:
    """The file is read before anything is locked."""
    with Session(snapshot_of(hand.engine)) as session:
        run = _run(session, hand.code)
        name, rows, kind, crs = run.file_name, run.rows, kind_of(run.kind), Crs(run.options["crs"])
    reporter = Reporter(hand.progress, rows)
    data = hand.files.data(hand.code)
    if data is None:
        raise InvalidInput("file", message(NOT_KEPT))
    work(hand, read(kind, Upload(name, data, crs)), crs, reporter)


def _checked(hand: Hand, table: RawTable, crs: Crs, reporter: Reporter) -> None:
    with Session(snapshot_of(hand.engine)) as session:
        run = _run(session, hand.code)
        found = _judged(hand, session, run, table, crs, reporter, _asker(session, run))
    with _held(hand) as (session, run):
        if run.state is IntakeState.CHECKING:
            finish_checking(session, run, found, at=utc_now())
            hand.files.keep_sheet(run, sheet_of(found))
            session.commit()


def _loaded(hand: Hand, table: RawTable, crs: Crs, reporter: Reporter) -> None:
    """What is loaded and that it is loaded are one transaction: a worker that is killed leaves all of it or nothing."""
    with _held(hand) as (session, run), _counted(hand.engine, reporter):
        if run.state is not IntakeState.LOADING:
            return
        actor = _asker(session, run)
        found = _judged(hand, session, run, table, crs, reporter, actor, said=run.options)
        loaded, left_out = without_errors(session, found) if run.options.get(IN_PART) else (found, [])
        reporter.begin(Stage.WRITING)
        trail = Trail(hand.trail.key, hand.trail.request_id, actor.principal)
        load(session, run, loaded, actor=actor, trail=trail, left_out=left_out)
        hand.files.keep_sheet(run, sheet_of(found))
        tell_loaded(session, run, at=utc_now())
        session.commit()


def _undone(hand: Hand) -> None:
    """The same of what was loaded: all of it is put back, or nothing."""
    with _held(hand) as (session, run):
        if run.state is not IntakeState.UNDOING:
            return
        reporter = Reporter(hand.progress, run.create + run.update)
        reporter.begin(Stage.UNDOING)
        actor = _asker(session, run)
        trail = Trail(hand.trail.key, hand.trail.request_id, actor.principal)
        undo_load(session, run, actor=actor, at=utc_now(), trail=trail, noting=reporter.undone)
        tell_undone(session, run, at=utc_now())
        session.commit()


def _judged(
    hand: Hand,
    session: Session,
    run: IntakeRun,
    table: RawTable,
    crs: Crs,
    reporter: Reporter,
    actor: Actor,
    *,
    said: Mapping[str, Any] | None = None,
) -> Preview:
    reporter.begin(Stage.JUDGING)
    kind = kind_of(run.kind)
    return judged_table(
        session,
        kind,
        table,
        crs=crs,
        actor=actor,
        at=utc_now(),
        seals=hand.seals,
        noting=reporter.note,
        said=said,
        organisation_id=run.organisation_id,
    )


def _asker(session: Session, run: IntakeRun) -> Actor:
    actor = asker_of(session, run, today(utc_now()))
    if actor is None:
        raise NotAllowed(message(NO_LONGER_HELD))
    return actor


@contextmanager
def _counted(engine: sa.Engine, reporter: Reporter) -> Iterator[None]:
    """Tell the reporter of every batch of rows that a statement wrote."""

    def note(_connection: Any, _cursor: Any, _sql: str, given: Any, _context: Any, is_batch: bool) -> None:
        if is_batch:
            reporter.add(len(given))

    event.listen(engine, "after_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", note)


def _fail(hand: Hand, reason: Message) -> None:
    _patiently(lambda: _failed(hand, reason))


def _failed(hand: Hand, reason: Message) -> None:
    with _held(hand) as (session, run):
        if run.is_in_hand:
            fail(session, run, reason, at=utc_now())
            session.commit()


@contextmanager
def _held(hand: Hand) -> Iterator[tuple[Session, IntakeRun]]:
    """The run, in nobody else's hand; the caller commits."""
    with Session(hand.engine) as session:
        run = _run(session, hand.code)
        hold(session, run)
        yield session, run


def _run(session: Session, code: str) -> IntakeRun:
    run = run_by_code(session, code)
    if run is None:
        raise LookupError(code)
    return run
