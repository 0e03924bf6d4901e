"""A refused command leaves an entry like a refused page: who, which command, and never what was typed behind it."""

from typing import TYPE_CHECKING

import click

from portal.settings import Settings

if TYPE_CHECKING:
    from registry.access.actors import Actor
    from registry.errors import Refusal

ACTING = "portal.acting"
"""Where a command notes as whom it acts, for all contexts of one call."""


def note_acting(settings: Settings, actor: "Actor") -> None:
    """From here on a refusal is this account's."""
    context = click.get_current_context(silent=True)
    if context is not None:
        command = context.command_path.partition(" ")[2]
        context.meta[ACTING] = (settings, actor, command)


def record_refused_command(context: click.Context, error: "Refusal") -> None:
    """In a transaction of its own; a register that takes no entry now does not hide why the command was refused."""
    from sqlalchemy.exc import DBAPIError

    from registry.errors import NotAllowed, NotVisible, TooManyExports

    if ACTING not in context.meta or not isinstance(error, NotAllowed | NotVisible | TooManyExports):
        return
    try:
        _record(*context.meta[ACTING], kind=type(error).__name__)
    except (DBAPIError, click.ClickException) as failure:
        click.echo(f"The refusal was not entered in the trail ({failure}).", err=True)


def _record(settings: Settings, actor: "Actor", command: str, *, kind: str) -> None:
    from portal.commands.acting import open_register, trail_of
    from registry.actions import Deed
    from registry.audit.models import Result
    from registry.audit.operations import record_entry
    from registry.clock import utc_now

    with open_register(settings) as session:
        record_entry(
            session,
            trail=trail_of(settings),
            at=utc_now(),
            actor_code=actor.code,
            actor_name=actor.name,
            action=Deed.COMMAND_RUN,
            result=Result.REFUSED,
            subject_type="command",
            subject_code=command,
            division_code=actor.division_code,
            facts={"refusal": kind},
        )
        session.commit()
