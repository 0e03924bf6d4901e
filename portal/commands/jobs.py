"""`portal jobs`: the worker that does scheduled work, and any of its jobs at once."""

import os
import signal
import threading
from datetime import date

import click

from portal.cli import Refused
from portal.commands.acting import load_settings

WORKER = "worker-1"


@click.group("jobs")
def command() -> None:
    """Do scheduled work."""


@command.command("run")
@click.option(
    "--once",
    metavar="JOB",
    help="Do this job now, wait for it, and end. Known: snapshot, trail, backup, lapse, remind.",
)
@click.option(
    "--on",
    "on",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With --once: the day to do it for; default yesterday, which is what the night closes.",
)
@click.option(
    "--worker",
    default=WORKER,
    show_default=True,
    help="The worker's name; a worker that is started again under its name goes on with what was cut off.",
)
@click.option("--beside", type=int, metavar="PID", help="Also end when this process, the parent, has ended.")
def run(once: str | None, on: date | None, worker: str, beside: int | None) -> None:
    """Work until told to stop: long files when asked for, a backup each hour, at night the figures of the day."""
    from portal.jobs import JobStoreFailed, WorkerRuns

    try:
        _do_once(once, on) if once else _work(worker, beside)
    except WorkerRuns as error:
        raise Refused(
            f"A worker named {error} is at work already; stop it, or give --worker another name."
        ) from None
    except JobStoreFailed as error:
        raise Refused(f"The job store does not open ({error}). Run: portal upgrade") from None


def _do_once(name: str, on: date | None) -> None:
    from portal.jobs import JOBS, ended_day, run_once
    from registry.clock import utc_now

    if name not in JOBS:
        raise click.UsageError(f"There is no job {name!r}; known: {', '.join(JOBS)}")
    day = date(on.year, on.month, on.day) if on else ended_day(utc_now())
    for part, count in run_once(load_settings(), JOBS[name], day).items():
        click.echo(f"{day} {part}: {count}")


def _work(worker: str, beside: int | None) -> None:
    from portal.jobs import run_worker

    stop = threading.Event()
    if beside is not None:
        threading.Thread(target=_watch, args=(beside, stop), daemon=True).start()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: stop.set())
    click.echo(f"{worker} is at work. Stop it with Ctrl+C.")
    run_worker(load_settings(), name=worker, stop=stop)


def _watch(parent: int, stop: threading.Event) -> None:
    """A parent that was killed tells nobody: its child is given another one."""
    while not stop.wait(1):
        if os.getppid() != parent:
            stop.set()
