"""What commands share: the settings, a session on the register, and the account that a command acts as."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from portal.cli import Refused
from portal.commands.refusing import note_acting
from portal.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from registry.access.actors import Actor
    from registry.audit.trail import Trail


def load_settings() -> Settings:
    """From the environment; SettingsError ends the command with exit code 2."""
    return Settings.from_env(os.environ)


@contextmanager
def open_register(settings: Settings) -> "Iterator[Session]":
    """A session on the register; the command commits. Exit code 2 where the database does not answer."""
    from sqlalchemy.orm import Session

    with _engine_of(settings) as engine, Session(engine) as session:
        yield session


@contextmanager
def read_register(settings: Settings) -> "Iterator[Session]":
    """The same for what reads for long: one state of the register, and no writer waits meanwhile."""
    from sqlalchemy.orm import Session

    from registry.engine import snapshot_of

    with _engine_of(settings) as engine, Session(snapshot_of(engine)) as session:
        yield session


@contextmanager
def _engine_of(settings: Settings) -> "Iterator[Engine]":
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from registry import schema as schema  # every table, so that relations between them can be followed
    from registry.engine import make_engine

    engine = make_engine(settings.database_url)
    try:
        yield engine
    except (OperationalError, ProgrammingError) as error:
        raise Refused(
            f"The database does not answer as it should ({error.orig}). Run: portal check"
        ) from None
    finally:
        engine.dispose()


def as_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--as NAME`, handed over as `acting_as`."""
    help_line = "The account to act as, NAME or NAME:ROLE; default PORTAL_AS, in the demonstration demo-city."
    return click.option("--as", "acting_as", metavar="NAME", default=None, help=help_line)(command)


def actor_named(session: "Session", settings: Settings, acting_as: str | None) -> "Actor":
    """The account that a command acts as, with its permissions; exit code 2 where none is named or it is closed."""
    from registry.access.actors import Actor
    from registry.access.queries import account_by_username
    from registry.clock import today

    named = acting_as or settings.acting_as
    if not named:
        raise click.UsageError("Name the account to act as: --as NAME, or set PORTAL_AS.")
    name, _, role = named.partition(":")
    account = account_by_username(session, name)
    if account is None or not account.is_active:
        raise click.UsageError(f"No open account has the name {name!r}; see: portal accounts list")
    held = [one for one in account.positions_on(today()) if role in ("", one.role)]
    if not held:
        raise click.UsageError(f"{name!r} holds no position{f' as {role}' if role else ''} today.")
    actor = Actor.of(held[0])
    note_acting(settings, actor)
    return actor


def trail_of(settings: Settings) -> "Trail":
    """What operations need for their entries in the trail."""
    from registry.audit.trail import Trail

    return Trail(settings.audit_key.encode())
