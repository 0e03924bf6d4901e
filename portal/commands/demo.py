"""`portal demo`: the demonstration world, its accounts and its password, and a server for this machine."""

import os
import sys
from dataclasses import replace

import click

from portal.commands.obstacles import refuse_busy_port
from portal.commands.serve import LOOPBACK, PORT, serve
from portal.settings import Profile, Settings, SettingsError, refuse_outside_address


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Only load the data and print the accounts.")
@click.option("--host", default=LOOPBACK, show_default=True, help="A loopback address.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
def command(no_serve: bool, host: str, port: int) -> None:
    """Load the demonstration data and serve them to this machine; a second start keeps what is there."""
    from portal.commands.welcome import welcome
    from portal.demo.start import prepare_demo

    settings = demo_settings()
    refuse_outside_address(settings, host)
    if not no_serve:
        refuse_busy_port(host, port)
    click.echo(f"Preparing the demonstration in {settings.home}; the first time takes some seconds.")
    is_new = prepare_demo(settings)
    click.echo(welcome(settings, is_new=is_new))
    if not no_serve:
        _serve(settings, host, port)


def start_worker_beside(settings: Settings) -> None:
    """A worker for long documents and for the night; it ends with this process, however that ends."""
    import subprocess  # only a demonstration that serves starts one

    from portal.jobs import is_worker_at_work

    if is_worker_at_work(settings):
        return
    portal = [sys.executable, "-c", "from portal.cli import main; main()"]
    told = {
        "PORTAL_PROFILE": settings.profile.value,
        "PORTAL_HOME": str(settings.home),
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_PUBLIC_URL": settings.public_url,
    }
    subprocess.Popen(  # noqa: S603  # our own command
        [*portal, "jobs", "run", "--beside", str(os.getpid())],
        env=os.environ | told,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C is for the server; the worker ends because the server has ended
    )


def demo_settings() -> Settings:
    """Those of the environment in the profile demo; SettingsError where the environment asks for another profile."""
    asked = os.environ.get("PORTAL_PROFILE", Profile.DEMO)
    if asked != Profile.DEMO:
        raise SettingsError(f"PORTAL_PROFILE is {asked!r}; the demonstration runs in the profile demo only.")
    return Settings.from_env({**os.environ, "PORTAL_PROFILE": Profile.DEMO})


def _serve(settings: Settings, host: str, port: int) -> None:
    public_url = os.environ.get("PORTAL_PUBLIC_URL") or f"http://{host}:{port}"
    settings = replace(settings, public_url=public_url)
    start_worker_beside(settings)
    click.echo("Ctrl+C stops it; nothing is lost. It answers at\n")
    # The address stays the last line: a newcomer should not have to look for it among the server's own words.
    serve(
        settings,
        host=host,
        port=port,
        loglevel="warning",
        graceful_timeout=5,
        on_exit=lambda _server: click.echo("Stopped."),
    )
