"""`portal check`: whether this installation can be trusted with work."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click

from portal.commands.acting import load_settings
from portal.settings import Settings, SettingsError


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `remedy` where it is not as it should be."""

    subject: str
    remedy: str = ""


@click.command("check")
def command() -> None:
    """Check the configuration, the database and the installation; exit code 1 where something needs mending."""
    settings = load_settings()
    findings = [finding for check in CHECKS for finding in check(settings)]
    for finding in findings:
        click.echo(
            f"mend  {finding.subject}: {finding.remedy}" if finding.remedy else f"ok    {finding.subject}"
        )
    if any(finding.remedy for finding in findings):
        raise click.exceptions.Exit(1)


def check_home(settings: Settings) -> Iterator[Finding]:
    """Only the portal's own user may read keys, uploads and the database."""
    mode = settings.home.stat().st_mode & 0o077 if settings.home.is_dir() else None
    remedy = {None: f"make the folder {settings.home}, or run: portal upgrade", 0: ""}.get(
        mode, f"others can read {settings.home}; run: chmod 700 {settings.home}"
    )
    yield Finding("PORTAL_HOME", remedy)


def check_database(settings: Settings) -> Iterator[Finding]:
    """Reachable, and at the migration that this version needs."""
    import sqlalchemy as sa

    from portal.migrating import newest_revision, revision_of
    from registry.engine import make_engine

    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            is_current = revision_of(connection) == newest_revision()
    except sa.exc.OperationalError as error:
        yield Finding("database", f"it cannot be opened ({error.orig}); look at PORTAL_DATABASE_URL")
    else:
        yield Finding(
            "database", "" if is_current else "it is not at the newest migration; run: portal upgrade"
        )
    finally:
        engine.dispose()


def check_keys(settings: Settings) -> Iterator[Finding]:
    """There are keys to seal and open identity numbers with, and nobody else reads them."""
    from portal.sealing import key_ring

    try:
        key_ring(settings)
    except SettingsError as error:
        yield Finding("keys of sealed fields", str(error))
    else:
        yield Finding("keys of sealed fields")


def check_backups(settings: Settings) -> Iterator[Finding]:
    """There is a key for backups, and the last one is not older than may be lost; a demonstration needs none."""
    from portal.backups.drill import LOST_GOAL
    from portal.backups.hourly import newest_age
    from portal.backups.manifest import BackupRefused, newest_key
    from registry.clock import utc_now
    from registry.sealing.providers import Cipher

    if settings.is_demo:
        return
    try:
        newest_key(settings.keys, Cipher(settings.cipher))
    except BackupRefused as error:
        yield Finding("backups", str(error))
        return
    age, most = newest_age(settings.backups, at=utc_now()), goal(settings, LOST_GOAL)
    if age is None:
        yield Finding("backups", f"there is none in {settings.backups} yet; run: portal backup")
    elif age > most:
        yield Finding(
            "backups",
            f"the newest is {int(age)} minutes old, {most} are allowed; is a worker running? portal jobs run",
        )
    else:
        yield Finding("backups")


def goal(settings: Settings, key: str) -> int:
    """A parameter in force today."""
    from portal.commands.acting import read_register
    from registry.clock import today
    from registry.divisions.codes import NATION
    from registry.policy.queries import parameter

    with read_register(settings) as session:
        return int(parameter(session, key, NATION, today()))


def check_pages(settings: Settings) -> Iterator[Finding]:
    """The browser's files are there, and every endpoint names its action."""
    from portal import create_app
    from portal.statics import Statics

    try:
        Statics().url_of("vendor/htmx/htmx.min.js")
    except FileNotFoundError as error:
        yield Finding("browser files", str(error))
        return
    yield Finding("browser files")
    try:
        create_app(settings)
    except SettingsError:
        return  # for want of keys, which has its own line
    yield Finding("every endpoint names its action")


def check_fonts(_settings: Settings) -> Iterator[Finding]:
    """Documents are printed with Chinese fonts of this machine."""
    from reports.documents.fonts import FREE, PACKAGE, is_installed

    missing = ", ".join(family for family in FREE if not is_installed(family))
    yield Finding("fonts", f"{missing} not found; install the package {PACKAGE}" if missing else "")


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    check_home,
    check_database,
    check_keys,
    check_backups,
    check_pages,
    check_fonts,
)
