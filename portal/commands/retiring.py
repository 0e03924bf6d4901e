"""`portal audit retire`: old entries of the trail leave the register for a file."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli import Refused, RowErrors
from portal.commands.acting import (
    actor_named,
    as_option,
    load_settings,
    open_register,
    read_register,
    trail_of,
)

if TYPE_CHECKING:
    from portal.settings import Settings
    from registry.access.actors import Actor
    from registry.audit.archives import RetiredPart

OWNER = "On PostgreSQL only the owner retires entries: give PORTAL_DATABASE_URL of the owner."


@click.command("retire")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--before",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="Entries before this day, in Shanghai; no later than the days of keeping allow.",
)
@as_option
def command(folder: Path, before: datetime, acting_as: str | None) -> None:
    """Verify the trail, write its old entries into DIR, read them back, and take them out of the register.

    The account must be an audit administrator's. DIR then belongs on another machine or on media written once:
    scripts/verify-trail reads its files in their order, and portal audit verify --archives DIR.
    """
    from portal.commands.audit import fault_line
    from portal.retiring import TrailBroken, write_archive
    from registry.access.rules import authorize
    from registry.actions import Action
    from registry.clock import utc_now

    settings = load_settings()
    with read_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        authorize(actor, Action.AUDIT_EXPORT)
    try:
        part = write_archive(settings, folder, before.date(), at=utc_now())
    except TrailBroken as error:
        raise RowErrors(f"{fault_line(error.broken)} Nothing was retired.") from None
    _taken_out(settings, part, actor)
    count = part.sequence - part.first_sequence + 1
    click.echo(f"{folder / part.file_name}  {count} entries  sha256 {part.sha256}")


def _taken_out(settings: "Settings", part: "RetiredPart", actor: "Actor") -> None:
    from sqlalchemy.exc import ProgrammingError

    from registry.audit.retiring import retire

    with open_register(settings) as session:
        try:
            retire(
                session,
                part,
                actor_code=actor.code,
                actor_name=actor.name,
                division_code=actor.division_code,
                trail=trail_of(settings),
            )
        except ProgrammingError:
            raise Refused(OWNER) from None
        session.commit()
