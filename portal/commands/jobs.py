"""`portal jobs`: the worker that does scheduled work, and any of its jobs at once."""

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
@click.option("--once", metavar="JOB", help="Do this job now, wait for it, and end. Known: snapshot.")
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
def run(once: str | None, on: date | None, worker: str) -> None:
    """Work until told to stop: every night at 02:10 Shanghai time the figures of the day that ended are kept."""
    from portal.jobs import JobStoreFailed, WorkerRuns

    try:
        _do_once(once, on) if once else _work(worker)
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


def _work(worker: str) -> None:
    from portal.jobs import run_worker

    stop = threading.Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: stop.set())
    click.echo(f"{worker} is at work. Stop it with Ctrl+C.")
    run_worker(load_settings(), name=worker, stop=stop)
