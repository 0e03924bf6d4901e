"""`portal demo`: the demonstration world, its accounts and its password, and a server for this machine."""

import os
import sys
from dataclasses import replace

import click

from portal.commands.serve import LOOPBACK, PORT
from portal.settings import Profile, Settings, SettingsError


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Only load the data and print the accounts.")
@click.option("--host", default=LOOPBACK, show_default=True, help="A loopback address.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
def command(no_serve: bool, host: str, port: int) -> None:
    """Load the demonstration data and serve them to this machine; a second start keeps what is there."""
    from portal.demo.start import prepare_demo, samples_folder
    from portal.settings import refuse_outside_address

    settings = demo_settings()
    refuse_outside_address(settings, host)
    is_new = prepare_demo(settings)
    click.echo(f"{'Built' if is_new else 'Kept'} the demonstration in {settings.home}")
    click.echo(f"Sample workbooks: {samples_folder(settings)}")
    _print_accounts()
    if not no_serve:
        from portal.commands.serve import serve

        settings = replace(
            settings, public_url=os.environ.get("PORTAL_PUBLIC_URL") or f"http://{host}:{port}"
        )
        start_worker_beside(settings)
        serve(settings, host=host, port=port)


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
    )


def demo_settings() -> Settings:
    """Those of the environment in the profile demo; SettingsError where the environment asks for another profile."""
    asked = os.environ.get("PORTAL_PROFILE", Profile.DEMO)
    if asked != Profile.DEMO:
        raise SettingsError(f"PORTAL_PROFILE is {asked!r}; the demonstration runs in the profile demo only.")
    return Settings.from_env({**os.environ, "PORTAL_PROFILE": Profile.DEMO})


def _print_accounts() -> None:
    from portal.demo.accounts import DEMO_ACCOUNTS, PASSWORD

    click.echo(f"Password of every account: {PASSWORD}")
    for account in DEMO_ACCOUNTS:
        click.echo(f"  {account.username:16} {account.division_code:10} {account.name}")
