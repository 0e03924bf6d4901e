"""Durable jobs and their schedules. The only file that names dbos, and it imports it where it is used.

A job is done for a day, an errand for one thing that somebody asked for. A job is a list of parts; each part is a step
that is remembered when it is done: a worker that was killed goes on with the part that was cut off. An errand is one
step. The job store is a SQLite file beside the database, or a schema of the same PostgreSQL.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import adopting, lapsing, nightly, reminding, trail
from portal.backups import hourly
from portal.documents.job import make_document
from portal.intake.job import check_file, load_file, undo_file
from portal.settings import Settings
from registry.clock import SHANGHAI, utc_now
from registry.documents.queries import codes_in_hand
from registry.engine import make_engine
from registry.intake.queries import codes_to_check, codes_to_load, codes_to_undo

APPLICATION = "jingkangtong"
VERSION = "1"
"""Of what the job store remembers, not of the product: an upgrade goes on with what was cut off before it."""

SCHEMA = "jobs"
QUEUE = "errands"
WORKER = "worker-1"
ONCE = "once"
"""The worker of `--once`: it never takes over what another worker has in hand."""

ASKS_AGAIN_SECONDS = 60
"""How often a worker looks in the register for what was asked for while the job store could not be reached."""

ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
"""What the job store calls a run that it will not take up again."""


class WorkerRuns(Exception):
    """A worker of this name is at work here already."""


class JobStoreFailed(Exception):
    """The job store is missing, older than this version, or cannot be reached."""


@dataclass(frozen=True)
class Job:
    """What is done for one day; `cron` says when, in Shanghai's time."""

    name: str
    cron: str
    parts: Callable[[], tuple[str, ...]]
    do: Callable[[Settings, Session, str, date, datetime], int]
    """Does one part, which may be done again without harm: the caller commits."""
    makes_up: bool = True
    """Whether runs that were missed while no worker ran are made up for."""


@dataclass(frozen=True)
class Errand:
    """A job that somebody asked for, about one thing with a public code; one is done at a time."""

    name: str
    do: Callable[[Settings, sa.Engine, str, datetime], None]
    """May be done again without harm; commits by itself, because its progress is looked at."""
    in_hand: Callable[[Session], list[str]]
    """What the register still waits for: asked for again when a worker starts, which does no harm either."""


def _snapshot_part(_settings: Settings, session: Session, part: str, on: date, at: datetime) -> int:
    return nightly.do_part(session, part, on, at)


SNAPSHOT = Job("snapshot", "10 2 * * *", nightly.parts_of_night, _snapshot_part)
TRAIL = Job("trail", "40 2 * * *", trail.parts_of_night, trail.do_part)
BACKUP = Job("backup", "17 * * * *", hourly.parts_of_hour, hourly.do_part, makes_up=False)
LAPSE = Job("lapse", "5 0 * * *", lapsing.parts_of_night, lapsing.do_part)
ADOPT = Job("adopt", "30 0 * * *", adopting.parts_of_night, adopting.do_part)
REMIND = Job("remind", "20 0 * * *", reminding.parts_of_night, reminding.do_part)
JOBS = {job.name: job for job in (SNAPSHOT, TRAIL, BACKUP, LAPSE, ADOPT, REMIND)}

DOCUMENT = Errand("document", make_document, codes_in_hand)
INTAKE_CHECK = Errand("intake-check", check_file, codes_to_check)
INTAKE_LOAD = Errand("intake-load", load_file, codes_to_load)
INTAKE_UNDO = Errand("intake-undo", undo_file, codes_to_undo)
ERRANDS = {errand.name: errand for errand in (DOCUMENT, INTAKE_CHECK, INTAKE_LOAD, INTAKE_UNDO)}


def run_worker(settings: Settings, *, name: str = WORKER, stop: threading.Event | None = None) -> None:
    """Work until told to stop; first goes on with what was cut off, and makes up for nights that were missed."""
    with _launched(settings, name) as (dbos, runs):
        dbos.apply_schedules([_schedule(job, runs[job.name]) for job in JOBS.values()])
        dbos.register_queue(QUEUE, worker_concurrency=1)
        stop = stop or threading.Event()
        _ask_again(settings)
        while not stop.wait(ASKS_AGAIN_SECONDS):
            _ask_again(settings)


def ask_for(settings: Settings, errand: Errand, *subjects: str) -> None:
    """Have a worker do an errand; asked twice while it is in hand, it is done once. JobStoreFailed if it cannot be."""
    if not subjects:
        return
    from dbos import DBOSClient
    from dbos import error as failures

    try:
        client = DBOSClient(
            system_database_url=store_url(settings), dbos_system_schema=SCHEMA, application_name=APPLICATION
        )
        try:
            for subject in subjects:
                client.enqueue(_ticket(client, errand, subject), subject)
        finally:
            client.destroy()
    except (failures.DBOSException, sa.exc.DBAPIError) as error:
        raise JobStoreFailed(str(error).partition("\n")[0]) from error


def is_worker_at_work(settings: Settings) -> bool:
    """Whether a worker on this machine holds its lock; one that was killed holds none."""
    locks = (file for file in settings.home.glob("jobs-*.lock") if file.name != f"jobs-{ONCE}.lock")
    return any(_is_held(file) for file in locks)


def run_once(settings: Settings, job: Job, on: date) -> dict[str, int]:
    """Do a job for a day and wait for it; goes on where a killed run of the same day stopped. Counts by part."""
    with _launched(settings, ONCE, JOBS | {job.name: job}) as (dbos, runs):
        name = f"{job.name}:{on.isoformat()}:"
        with _identified(f"{name}{_ended(dbos, name)}"):
            counts: dict[str, int] = dbos.start_workflow(runs[job.name], on.isoformat()).get_result()
    return counts


def ended_day(now: datetime) -> date:
    """The day that a night closes: the one before, in Shanghai."""
    return now.astimezone(SHANGHAI).date() - timedelta(days=1)


def prepare_job_store(url: str, *, role: str = "app") -> None:
    """Make or upgrade the job store of a PostgreSQL, as its owner; `role` will work in it. SQLite makes its own."""
    if not _is_sqlite(url):
        _dbos().migrate(url, schema=SCHEMA, application_role=role)


def store_url(settings: Settings) -> str:
    """Where jobs are remembered."""
    url = sa.make_url(settings.database_url)
    if not _is_sqlite(settings.database_url):
        return settings.database_url
    database = str(url.database)
    return f"sqlite:///{database.removesuffix('.sqlite')}-jobs.sqlite"


def _ticket(client: Any, errand: Errand, subject: str) -> Any:
    """The store does nothing twice under one name, so what ended is counted: undone in vain, it is undone again."""
    name = f"{errand.name}:{subject}:"
    return {
        "queue_name": QUEUE,
        "workflow_name": errand.name,
        "workflow_id": f"{name}{_ended(client, name)}",
        "app_version": VERSION,
    }


def _ask_again(settings: Settings) -> None:
    """What was asked for while the job store could not be reached."""
    engine = make_engine(settings.database_url)
    try:
        for errand in ERRANDS.values():
            with Session(engine) as session:
                waiting = errand.in_hand(session)
            ask_for(settings, errand, *waiting)
    finally:
        engine.dispose()


def _is_held(file: Path) -> bool:
    with file.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@contextmanager
def _launched(
    settings: Settings, worker: str, jobs: Mapping[str, Job] = JOBS
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The job library at work under a worker's name, and the durable form of each job."""
    with _only_worker(settings, worker):
        dbos = _dbos()
        dbos(config=_configuration(settings, worker))
        engine = make_engine(settings.database_url)
        runs = {name: _durable(dbos, settings, engine, job) for name, job in jobs.items()}
        for errand in ERRANDS.values():
            _durable_errand(dbos, settings, engine, errand)
        if worker == ONCE:
            dbos.listen_queues([])
        try:
            _launch(dbos)
            yield dbos, runs
        finally:
            dbos.destroy(destroy_registry=True)
            engine.dispose()


def _launch(dbos: Any) -> None:
    from dbos import error as failures

    try:
        dbos.launch()
    except (failures.DBOSException, sa.exc.DBAPIError) as error:
        raise JobStoreFailed(str(error).partition("\n")[0]) from error


def _configuration(settings: Settings, worker: str) -> dict[str, Any]:
    """No console, no telemetry, no admin server: nothing that calls outside or listens."""
    return {
        "name": APPLICATION,
        "application_version": VERSION,
        "executor_id": worker,
        "system_database_url": store_url(settings),
        "dbos_system_schema": SCHEMA,
        "run_migrations": _is_sqlite(settings.database_url),
        "enable_otlp": False,
        "log_level": "WARNING",
    }


def _durable(dbos: Any, settings: Settings, engine: sa.Engine, job: Job) -> Any:
    """The job as a workflow whose parts are steps."""

    @dbos.step(name=f"{job.name}.part")  # type: ignore[untyped-decorator]  # the library has no types
    def part(name: str, on: str) -> int:
        with Session(engine) as session:
            count = job.do(settings, session, name, date.fromisoformat(on), utc_now())
            session.commit()
        return count

    @dbos.workflow(name=job.name)  # type: ignore[untyped-decorator]  # the library has no types
    def run(on: str) -> dict[str, int]:
        return {name: part(name, on) for name in job.parts()}

    @dbos.workflow(name=f"{job.name}.scheduled")  # type: ignore[untyped-decorator]  # the library has no types
    def scheduled(at: datetime, _context: Any) -> dict[str, int]:
        counts: dict[str, int] = run(ended_day(at).isoformat())
        return counts

    run.scheduled = scheduled
    return run


def _durable_errand(dbos: Any, settings: Settings, engine: sa.Engine, errand: Errand) -> None:
    @dbos.step(name=f"{errand.name}.doing")  # type: ignore[untyped-decorator]  # the library has no types
    def doing(subject: str) -> None:
        errand.do(settings, engine, subject, utc_now())

    @dbos.workflow(name=errand.name)  # type: ignore[untyped-decorator]  # the library has no types
    def run(subject: str) -> None:
        doing(subject)


def _schedule(job: Job, run: Any) -> dict[str, Any]:
    return {
        "schedule_name": job.name,
        "workflow_fn": run.scheduled,
        "schedule": job.cron,
        "cron_timezone": SHANGHAI.key,
        "automatic_backfill": job.makes_up,
    }


def _ended(store: Any, prefix: str) -> int:
    """How often what is named so was done: the number of the run that is to be begun, or gone on with."""
    ended = store.list_workflows(
        workflow_id_prefix=prefix, status=list(ENDED), load_input=False, load_output=False
    )
    return len(ended)


def _identified(workflow_id: str) -> Any:
    from dbos import SetWorkflowID

    return SetWorkflowID(workflow_id)


def _dbos() -> Any:
    # The library connects to its maker's console when it finds these in the environment.
    for name in [name for name in os.environ if name.startswith("DBOS_")]:
        del os.environ[name]
    from dbos import DBOS

    return DBOS


@contextmanager
def _only_worker(settings: Settings, name: str) -> Iterator[None]:
    """One process per worker name: a second one would take over what the first has in hand."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / f"jobs-{name}.lock").open("w") as lock:
        if not _is_taken(lock):
            raise WorkerRuns(name)
        yield


def _is_taken(lock: TextIO) -> bool:
    """Tried for a second: whoever asks whether a worker is at work holds its lock for an instant."""
    for _attempt in range(20):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False


def _is_sqlite(url: str) -> bool:
    return sa.make_url(url).get_backend_name() == "sqlite"
