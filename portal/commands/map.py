"""`portal map`: a map as one file that needs no network."""

from pathlib import Path

import click

from portal.cli import Refused
from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of


@click.command("map")
@click.option("--division", default="", metavar="CODE", help="The division; the account's own if left out.")
@click.option("--on", default="", metavar="DATE", help="The day, such as 2025-12-31; today if left out.")
@click.option("--figure", default="", metavar="CODE", help="qualified-share (default) or certified-share.")
@click.option("--rule", default="", metavar="RULE", help="The counting rule: assigned or all-staff.")
@click.option(
    "--basis", default="", metavar="today|then", help="By today's divisions or by those of the day."
)
@click.option("--by", default="", metavar="LEVEL", help="The level of the areas: city, district or township.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write, .html.")
@as_option
def command(out: Path, acting_as: str | None, **typed: str) -> None:
    """Write a map with its areas, sites and tables into one HTML file."""
    from portal.map.filing import map_file, record_map_file
    from registry.clock import utc_now
    from reports.writing import written_whole

    settings, at = load_settings(), utc_now()
    refuse_place(out)
    with open_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        made = map_file(session, typed, actor=actor, settings=settings, at=at)
        record_map_file(session, made, actor=actor, at=at, trail=trail_of(settings))
        try:
            written_whole(out, made.content)
        except OSError as error:
            raise Refused(f"{out} could not be written: {error.strerror}. Nothing was left behind.") from None
        session.commit()
    size = round(len(made.content) / 1024)
    click.echo(f"{out}: {made.areas} areas, {made.sites} sites, {size} KiB")


def refuse_place(out: Path) -> None:
    """Said before anything is worked out."""
    if out.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"{out} must end in .html")
    if out.is_dir() or not out.parent.is_dir():
        raise click.UsageError(f"There is no folder {out.parent}; make it first.")
