"""`portal upgrade`: the database at the newest migration, with the reference data that ship with the product."""

import click

from portal.cli import Refused
from portal.commands.acting import load_settings, open_register


@click.command("upgrade")
def command() -> None:
    """Run the missing migrations in one transaction; load the divisions, parameters and majors that are new."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from portal.jobs import prepare_job_store
    from portal.migrating import newest_revision, upgrade_database
    from registry.clock import utc_now
    from registry.directory.keeping import read_names
    from registry.reference import load_reference

    settings = load_settings()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        upgrade_database(settings.database_url)
    except (OperationalError, ProgrammingError) as error:
        reason = f"The database cannot be migrated ({error.orig})."
        raise Refused(
            f"{reason} Give PORTAL_DATABASE_URL of the owner, and look at its folder or server."
        ) from None
    prepare_job_store(settings.database_url)
    with open_register(settings) as session:
        new = load_reference(session, at=utc_now(), by="portal upgrade")
        read_names(session)  # a register of before the search of the public has none
        session.commit()
    click.echo(f"The database is at migration {newest_revision()}.")
    click.echo(f"Reference data: {new} new rows.")
