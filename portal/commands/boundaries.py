"""`portal boundaries`: a customer's own, reviewed boundaries in place of the shipped ones."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli import Refused, RowErrors
from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of

if TYPE_CHECKING:
    from portal.map.loading import BoundaryPreview

SHOWN_AT_MOST = 20


@click.group("boundaries")
def command() -> None:
    """Load boundaries of your own."""


@command.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be drawn and write nothing.")
@as_option
def load(file: Path, *, dry_run: bool, acting_as: str | None) -> None:
    """Put FILE (GeoJSON or TopoJSON in degrees, property adcode or code) in place of the shipped boundaries.

    Exit code 1 where the file cannot be read or none of its codes is known.
    """
    from portal.map.loading import keep_boundaries, preview_boundaries
    from registry.clock import utc_now
    from registry.errors import InvalidInput

    settings, at = load_settings(), utc_now()
    with open_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        try:
            found = preview_boundaries(session, file, actor=actor, at=at)
        except InvalidInput as refusal:
            raise RowErrors(f"{file.name}: {refusal}") from None
        _print_preview(found)
        if dry_run:
            click.echo("Nothing was written.")
            return
        if not found.matched:
            raise RowErrors("None of the codes is a division; nothing was written.")
        try:
            place = keep_boundaries(
                session, found, settings.home, actor=actor, at=at, trail=trail_of(settings)
            )
        except OSError as error:
            raise Refused(
                f"{settings.home} could not be written: {error.strerror}. Nothing changed."
            ) from None
        session.commit()
    click.echo(f"In use: {place}. To go back to the shipped boundaries, remove this file.")


def _print_preview(found: "BoundaryPreview") -> None:
    click.echo(
        f"matched: {len(found.matched)}  unknown: {len(found.unknown)}  repaired: {len(found.repairs)}"
    )
    for code in found.unknown[:SHOWN_AT_MOST]:
        click.echo(f"unknown  {code}")
    for repair in found.repairs:
        click.echo(f"repaired  {repair.code} {repair.name}  {repair.fault}")
    for site in found.astray[:SHOWN_AT_MOST]:
        click.echo(f"outside  {site.name}  {site.located_code}  {site.latitude}, {site.longitude}")
