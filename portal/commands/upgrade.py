"""`portal upgrade`: the database at the newest migration."""

import click

from portal.commands.acting import load_settings


@click.command("upgrade")
def command() -> None:
    """Run the missing migrations, all in one transaction."""
    from portal.migrating import newest_revision, upgrade_database

    settings = load_settings()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade_database(settings.database_url)
    click.echo(f"The database is at migration {newest_revision()}.")
