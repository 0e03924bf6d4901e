"""`portal audit`: whether the trail holds, its head for keeping outside this machine, and the trail as a file."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli import Refused, RowErrors
from portal.commands import retiring
from portal.commands.acting import (
    actor_named,
    as_option,
    load_settings,
    open_register,
    read_register,
    trail_of,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.settings import Settings
    from registry.access.actors import Actor
    from registry.audit.chain import BrokenEntry, HeadDigest
    from registry.audit.verification import Examination

HASH_LENGTH = 64
BY = "portal audit verify"

WORDS = {
    "missing": "an entry is missing or was inserted",
    "link": "the entry is not linked to the one before it",
    "content": "the entry was changed, or the key is not the one that it was sealed with",
    "tail": "the end of the trail was cut off",
    "rewritten": "the trail was sealed anew: a head kept outside says otherwise",
    "checkpoint": "what says that earlier entries were retired is forged: no entry tells of it",
    "archive": "the file of these retired entries is missing or was changed",
}


@click.group("audit")
def command() -> None:
    """Verify the trail, export its head and the trail itself, retire its old entries."""


command.add_command(retiring.command)


@command.command("verify")
@click.option(
    "--head", "kept", metavar="SEQUENCE:HASH", help="A head that was kept outside; shows a cut end."
)
@click.option(
    "--heads",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of heads that were kept outside; shows also what was sealed anew.",
)
@click.option(
    "--archives",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of retired entries; every file must be there, as it was written.",
)
def verify(kept: str | None, heads: Path | None, archives: Path | None) -> None:
    """Follow the chain from its first entry; exit code 1 and the first broken entry where it does not hold."""
    from portal.trail import kept_heads
    from registry.audit.verification import examine_trail

    settings, digest = load_settings(), _digest(kept)
    key = settings.audit_key.encode()
    known = [*([digest] if digest else []), *(kept_heads(heads, key) if heads else [])]
    with read_register(settings) as session:
        found = examine_trail(session, key=key, kept=known, archives=archives)
    with open_register(settings) as session:
        _remember(session, found)
    for setback in found.setbacks:
        times = f"{_local(setback.at)} comes after {_local(setback.before)}"
        click.echo(f"Entry {setback.sequence}: the clock was set back, {times}.", err=True)
    if found.broken is not None:
        raise RowErrors(fault_line(found.broken))
    for part in found.retired:
        read = "" if archives else ", not read now"
        click.echo(f"Entries {part.first_sequence} to {part.sequence} are retired: {part.file_name}{read}.")
    click.echo(f"The trail holds: {found.last.sequence} entries. Keep this head outside:")
    click.echo(f"{found.last.sequence}:{found.last.entry_hash}")


@command.command("export-head")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def export_head(folder: Path) -> None:
    """Verify the trail and write its head into DIR: a sealed file, and a page to be printed and signed."""
    from portal import trail
    from registry.clock import utc_now

    settings = load_settings()
    with read_register(settings) as session:
        found = trail.verify_trail(session, settings)
        if found.broken is not None:
            raise RowErrors(f"{fault_line(found.broken)} No head was written.")
        for place in trail.export_head(session, settings, folder, at=utc_now()):
            click.echo(place)


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_option
def export(file: Path, acting_as: str | None) -> None:
    """Write the whole trail to FILE as JSON lines, which scripts/verify-trail reads; itself an entry.

    The account must be an audit administrator's.
    """
    from registry.access.rules import authorize
    from registry.actions import Action

    if file.exists():
        raise Refused(f"{file} exists already; give another name.")
    settings, draft = load_settings(), file.with_name(f"{file.name}.new")
    try:
        with read_register(settings) as session:
            actor = actor_named(session, settings, acting_as)
            authorize(actor, Action.AUDIT_EXPORT)
            count, sha256 = _written(session, draft)
        with open_register(settings) as session:
            _record_export(session, settings, actor, count, sha256)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{file}  {count} entries  sha256 {sha256}")


def _written(session: "Session", file: Path) -> tuple[int, str]:
    """How many lines, and the digest of the file."""
    from registry.audit.writing import lines_of_trail

    count, digest = 0, hashlib.sha256()
    with file.open("w", encoding="utf-8") as out:
        for line in lines_of_trail(session):
            out.write(line)
            digest.update(line.encode())
            count += 1
    return count, digest.hexdigest()


def _record_export(session: "Session", settings: "Settings", actor: "Actor", count: int, sha256: str) -> None:
    from registry.actions import Action
    from registry.audit.models import Result
    from registry.audit.operations import record_entry
    from registry.clock import utc_now

    record_entry(
        session,
        trail=trail_of(settings),
        at=utc_now(),
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.AUDIT_EXPORT,
        result=Result.DONE,
        subject_type="trail",
        subject_code="",
        division_code=actor.division_code,
        facts={"format": "jsonl", "rows": count, "sha256": sha256},
    )
    session.commit()


def _remember(session: "Session", found: "Examination") -> None:
    """When and by what the trail was verified; a register that cannot be written is verified all the same."""
    from sqlalchemy.exc import DBAPIError

    from registry.audit.verification import keep_check
    from registry.clock import utc_now

    try:
        keep_check(session, found, at=utc_now(), by=BY)
        session.commit()
    except DBAPIError as error:
        session.rollback()
        click.echo(f"The verification was not put on record ({error.orig}).", err=True)


def fault_line(broken: "BrokenEntry") -> str:
    at = f" ({_local(broken.at)})" if broken.at else ""
    return f"Entry {broken.sequence}{at}: {WORDS[broken.fault]}."


def _local(moment: datetime) -> str:
    from registry.clock import SHANGHAI

    return moment.astimezone(SHANGHAI).isoformat(sep=" ", timespec="seconds")


def _digest(kept: str | None) -> "HeadDigest | None":
    from registry.audit.chain import HeadDigest

    if kept is None:
        return None
    sequence, _, entry_hash = kept.partition(":")
    if not sequence.isdigit() or len(entry_hash) != HASH_LENGTH:
        raise click.UsageError("A head is written as it was printed: the number, a colon, 64 characters.")
    return HeadDigest(int(sequence), entry_hash)
