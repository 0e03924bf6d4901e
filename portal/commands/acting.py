"""What commands share: the settings, a session on the register, and the account that a command acts as."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from portal.cli import Refused
from portal.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from registry.access.actors import Actor
    from registry.audit.trail import Trail


def load_settings() -> Settings:
    """From the environment; SettingsError ends the command with exit code 2."""
    return Settings.from_env(os.environ)


@contextmanager
def open_register(settings: Settings) -> "Iterator[Session]":
    """A session on the register; the command commits. Exit code 2 where the database does not answer."""
    from sqlalchemy.exc import OperationalError, ProgrammingError
    from sqlalchemy.orm import Session

    from registry import schema as schema  # every table, so that relations between them can be followed
    from registry.engine import make_engine

    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as session:
            yield session
    except (OperationalError, ProgrammingError) as error:
        raise Refused(
            f"The database does not answer as it should ({error.orig}). Run: portal check"
        ) from None
    finally:
        engine.dispose()


def as_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--as NAME`, handed over as `acting_as`."""
    help_line = "The account to act as; default PORTAL_AS, in the demonstration demo-city."
    return click.option("--as", "acting_as", metavar="NAME", default=None, help=help_line)(command)


def actor_named(session: "Session", settings: Settings, acting_as: str | None) -> "Actor":
    """The account that a command acts as, with its permissions; exit code 2 where none is named or it is closed."""
    from registry.access.actors import Actor
    from registry.access.queries import account_by_username

    name = acting_as or settings.acting_as
    if not name:
        raise click.UsageError("Name the account to act as: --as NAME, or set PORTAL_AS.")
    account = account_by_username(session, name)
    if account is None or not account.is_active:
        raise click.UsageError(f"No open account has the name {name!r}; see: portal accounts list")
    return Actor.of(account)


def trail_of(settings: Settings) -> "Trail":
    """What operations need for their entries in the trail."""
    from registry.audit.trail import Trail

    return Trail(settings.audit_key.encode())
