"""`portal public export`: the pages of the public as files, for a web server without this application."""

from dataclasses import replace
from pathlib import Path

import click

from portal.cli import Refused
from portal.commands.acting import load_settings


@click.group("public")
def command() -> None:
    """Pages of the public, which need no sign-in."""


@command.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write the pages of the public and the leaflets into DIR, which is replaced as a whole."""
    from portal import create_app
    from portal.public.copying import CannotCopy, export_public

    # Nobody is in a hurry here but the command itself.
    app = create_app(replace(load_settings(), limits_rates=False))
    try:
        copied = export_public(app, folder.absolute())
    except CannotCopy as error:
        raise Refused(str(error)) from None
    click.echo(
        f"{copied.files} files, {copied.bytes // 1024:,} KiB in {folder}; their SHA-256 are in manifest.json."
    )
