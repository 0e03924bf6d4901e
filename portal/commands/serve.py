"""`portal serve`: gunicorn with the application in it."""

from typing import TYPE_CHECKING, Any

import click

from portal.commands.acting import load_settings
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


def serve(settings: Settings, *, host: str = LOOPBACK, port: int = PORT, workers: int = 2) -> None:
    """Runs until a signal; SettingsError where the demonstration would be reachable from outside."""
    refuse_outside_address(settings, host)
    click.echo(f"http://{host}:{port}")
    server(settings, bind=f"{host}:{port}", workers=workers).run()


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
