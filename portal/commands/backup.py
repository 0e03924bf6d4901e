"""`portal backup DIR`: everything of a register but its keys, sealed, while the portal serves."""

from pathlib import Path

import click

from portal.cli import Refused
from portal.commands.acting import load_settings, open_register, trail_of

BY = "portal backup"


@click.command("backup")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path | None) -> None:
    """Put a new backup into DIR, by default PORTAL_BACKUPS: the database, uploads, documents, boundaries, heads.

    It is sealed with the backup key of the key ring. Keys are not in it: keep a copy of them in a safe.
    """
    from portal.backups.hourly import record_backup
    from portal.backups.manifest import BackupRefused
    from portal.backups.taking import take_backup
    from registry.clock import utc_now

    settings, at = load_settings(), utc_now()
    try:
        with open_register(settings) as session:
            session.rollback()  # the address is right, and nobody waits for this session meanwhile
            taken = take_backup(settings, folder or settings.backups, at=at)
            record_backup(session, taken, at=at, by=BY, trail=trail_of(settings))
            session.commit()
    except BackupRefused as error:
        raise Refused(str(error)) from None
    manifest = taken.manifest
    size = sum(part.size for part in manifest.parts.values())
    click.echo(taken.folder)
    click.echo(
        f"{manifest.rows} rows, {len(manifest.files)} files, {size} bytes, migration {manifest.migration}"
    )
    click.echo(f"The trail ends at {manifest.head.sequence}:{manifest.head.entry_hash}")
    click.echo(f"Sealed with {taken.key.name} ({taken.key.fingerprint}). Keep a copy of the keys elsewhere.")
