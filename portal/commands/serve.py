"""`portal serve`: gunicorn with the application in it."""

import signal
from mmap import mmap
from typing import TYPE_CHECKING, Any

import click

from portal.commands.acting import load_settings
from portal.commands.obstacles import refuse_busy_port, refuse_example_accounts
from portal.settings import Settings, refuse_outside_address

if TYPE_CHECKING:
    from gunicorn.app.base import BaseApplication

LOOPBACK = "127.0.0.1"
PORT = 8000

CHOSEN = {
    "worker_class": "gthread",
    "threads": 4,
    "timeout": 120,
    "graceful_timeout": 30,
    "control_socket_disable": True,  # it would stand in the home folder of whoever starts the server
}


@click.command("serve")
@click.option(
    "--host",
    default=LOOPBACK,
    show_default=True,
    help="Address to listen on; the demonstration takes loopback only.",
)
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes; each has four threads.",
)
def command(host: str, port: int, workers: int) -> None:
    """Serve the portal until it is told to stop."""
    serve(load_settings(), host=host, port=port, workers=workers)


def serve(
    settings: Settings, *, host: str = LOOPBACK, port: int = PORT, workers: int = 2, **options: Any
) -> None:
    """Runs until a signal; `options` are gunicorn's. SettingsError where it should not or cannot listen."""
    from portal.sweeping import clear_leftovers

    refuse_outside_address(settings, host)
    refuse_busy_port(host, port)
    refuse_example_accounts(settings)
    note_permissions(settings)
    clear_leftovers(settings)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    opening = Opening(f"http://{place}", workers)
    server(settings, bind=place, workers=workers, post_worker_init=opening.worker_ready, **options).run()


def note_permissions(settings: Settings) -> None:
    """The permission table goes into the trail where it has changed; a register that takes no entry now is served."""
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import Session

    from portal.commands.acting import trail_of
    from registry import schema as schema  # every scope is declared before the table is read
    from registry.access.permissions import is_table_noted, note_table
    from registry.clock import utc_now
    from registry.engine import READS_ONLY, make_engine

    engine = make_engine(settings.database_url)
    try:
        with Session(engine.execution_options(**{READS_ONLY: True})) as session:
            if is_table_noted(session):
                return
        with Session(engine) as session:
            note_table(session, at=utc_now(), by="portal serve", trail=trail_of(settings))
            session.commit()
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        click.echo(f"The permission table was not entered in the trail ({reason}).", err=True)
    finally:
        engine.dispose()


class Opening:
    """Says the address once every worker answers, so that nobody meets a server that is half awake."""

    def __init__(self, address: str, workers: int) -> None:
        self._address = address
        self._ready = mmap(-1, workers)
        """A byte for each worker, in memory that the processes share."""

    def worker_ready(self, worker: Any) -> None:
        """Called in the worker; `age` counts from 1, and goes on for workers that replace others."""
        end_between_events(worker)
        if worker.age > len(self._ready):
            return
        self._ready[worker.age - 1] = 1
        if all(self._ready[:]):
            click.echo(self._address)


def end_between_events(worker: Any) -> None:
    """An immediate end waits until the worker's loop holds no lock of its threads.

    gunicorn ends them in the signal's handler. A signal that interrupts the start of a thread, as when a browser hangs
    up at the same moment, finds their lock held by itself, and the worker stays until it is killed. Ctrl+C reaches
    every process of a terminal, so a worker hears of the end from its master alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(
        signal.SIGQUIT, lambda number, frame: worker.method_queue.defer(worker.handle_quit, number, frame)
    )


def server(settings: Settings, **options: Any) -> "BaseApplication":
    """A gunicorn that makes the application in each worker, so that no connection is shared between processes."""
    from gunicorn.app.base import BaseApplication

    from portal import create_app

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            for name, value in (CHOSEN | options).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return create_app(settings)

    return Server()
