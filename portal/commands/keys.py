"""`portal keys`: which keys there are, a new one with everything sealed anew, and whether everything opens."""

from typing import TYPE_CHECKING

import click

from portal.cli import Refused, RowErrors
from portal.commands.acting import load_settings, open_register, read_register, trail_of
from portal.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from registry.sealing.keyfiles import Key
    from registry.sealing.keyring import KeyRing

ROTATED = "keys.rotate"
"""The action of the entries; it is done at the machine and by no account."""
OPERATOR = "portal keys rotate"
NATION = "0"


@click.group("keys")
def command() -> None:
    """Make, change and check the keys that seal identities, second factors, uploaded files and backups."""


@command.command("list")
def list_keys() -> None:
    """The keys of the folder, with how many values each of them seals. No key itself is printed."""
    from registry.sealing.keyfiles import Purpose

    settings = load_settings()
    with read_register(settings) as session:
        used = _used(session, settings)
    keys = _keys_of(settings)
    if not keys:
        click.echo(f"There are no keys in {settings.keys}. Make the first ones with: portal keys rotate")
    for key in keys:
        words = {Purpose.INDEX: "finds values", Purpose.BACKUP: "seals backups"}
        what = words.get(key.purpose) or f"seals {used.pop(key.number, 0)} values"
        click.echo(f"{key.name}  {key.fingerprint}  {what}")
    for number, count in sorted(used.items()):
        click.echo(f"missing: key {number:04d}, which seals {count} values")


@command.command("rotate")
@click.option("--index", "with_index", is_flag=True, help="A new key for the blind indexes as well.")
@click.option("--new", "wants_new", is_flag=True, help="A new key though values are left that do not open.")
@click.option(
    "--batch", default=500, show_default=True, type=click.IntRange(1), help="Values of a transaction."
)
def rotate(with_index: bool, wants_new: bool, batch: int) -> None:
    """Make a new key and seal everything anew; one that was interrupted goes on where it stopped.

    The portal may go on serving. Old keys stay in their folder, because backups need them.
    """
    from portal.attachments.files import AttachedFiles, folder_of
    from portal.intake.files import UploadedFiles
    from registry.access.factors import count_in_old_seal
    from registry.sealing.keyring import KeyRing
    from registry.sealing.providers import Cipher

    settings = load_settings()
    with open_register(settings) as session:
        ring = KeyRing(settings.keys, Cipher(settings.cipher))
        if not _made_first(ring) and (wants_new or not _goes_on(session, ring)):
            _make_new(ring, with_index=with_index)
        _record(session, settings, ring, step="began", values=0)
        total = _seal_anew(session, ring, batch) + _seal_old_factors(session, settings, ring)
        total += UploadedFiles(settings.uploads, ring).reseal()
        total += AttachedFiles(folder_of(settings), ring).reseal()
        _record(session, settings, ring, step="finished", values=total)
        left = _pending(session, ring) + count_in_old_seal(session)
    if left:
        raise RowErrors(f"{left} values do not open and were left as they are. Run: portal keys check")
    click.echo(
        f"{total} values were sealed anew. Keep a copy of {settings.keys} in the safe, apart from backups."
    )


@command.command("backup")
def backup() -> None:
    """Make a new key for backups; older backups open with theirs, which stay. No value is sealed anew."""
    from registry.sealing.keyfiles import Purpose, make_key
    from registry.sealing.providers import Cipher

    settings = load_settings()
    key = make_key(settings.keys, Purpose.BACKUP, Cipher(settings.cipher))
    click.echo(
        f"Made {key.name} ({key.fingerprint}). Keep a copy of {settings.keys} in the safe, apart from backups."
    )


@command.command("check")
def check() -> None:
    """Open every sealed value; exit code 1 where one does not open or is not found by its index."""
    from portal.sealing import key_ring
    from registry.sealing.fields import SEALED_FIELDS
    from registry.sealing.resealing import broken_values

    settings = load_settings()
    ring = key_ring(settings)
    broken = 0
    with read_register(settings) as session:
        for field in SEALED_FIELDS.values():
            for code in broken_values(session, field, ring):
                broken += 1
                click.echo(f"{field.name} of {code} does not open, or its index is another value's")
    if broken:
        raise RowErrors(f"{broken} values are broken: tampered with, or their key is not in {settings.keys}.")
    click.echo("Every sealed value opens and is found by its index.")


def _keys_of(settings: Settings) -> "list[Key]":
    from registry.sealing.keyfiles import read_keys
    from registry.sealing.providers import KeysMissing

    try:
        return read_keys(settings.keys)
    except KeysMissing as error:
        raise Refused(str(error)) from None


def _used(session: "Session", settings: Settings) -> dict[int, int]:
    from collections import Counter

    from portal.attachments.files import folder_of
    from portal.sealed_folder import marks_in
    from portal.unsent.keeping import folder_of as folder_of_unsent
    from registry.sealing.fields import SEALED_FIELDS
    from registry.sealing.keyring import number_of
    from registry.sealing.resealing import count_by_key

    folders = (settings.uploads, folder_of(settings), folder_of_unsent(settings))
    used = Counter(number_of(mark) for folder in folders for mark in marks_in(folder))
    for field in SEALED_FIELDS.values():
        used.update(count_by_key(session, field))
    return dict(used)


def _made_first(ring: "KeyRing") -> bool:
    from portal.backups.manifest import make_first_key
    from registry.sealing.keyring import make_missing
    from registry.sealing.providers import KeysMissing

    try:
        made, of_backups = make_missing(ring.folder, ring.cipher), make_first_key(ring.folder, ring.cipher)
    except KeysMissing as error:
        raise Refused(str(error)) from None
    for key in (*made, *filter(None, [of_backups])):
        click.echo(f"Made {key.name}.")
    return bool(made)


def _goes_on(session: "Session", ring: "KeyRing") -> bool:
    """Whether an earlier rotation is to be finished first."""
    pending = _pending(session, ring)
    if pending:
        click.echo(f"{pending} values are not sealed with the newest keys; this goes on with them.")
    return pending > 0


def _pending(session: "Session", ring: "KeyRing") -> int:
    from registry.sealing.fields import SEALED_FIELDS
    from registry.sealing.resealing import count_pending

    return sum(count_pending(session, field, ring) for field in SEALED_FIELDS.values())


def _make_new(ring: "KeyRing", *, with_index: bool) -> None:
    from registry.sealing.keyfiles import Purpose, make_key

    purposes = (Purpose.SEAL, Purpose.INDEX) if with_index else (Purpose.SEAL,)
    for purpose in purposes:
        click.echo(f"Made {make_key(ring.folder, purpose, ring.cipher).name}.")


def _seal_anew(session: "Session", ring: "KeyRing", batch: int) -> int:
    """Every batch is committed, so that whatever interrupts it loses nothing."""
    from registry.sealing.fields import SEALED_FIELDS
    from registry.sealing.resealing import reseal

    total = 0
    for field in SEALED_FIELDS.values():
        after, sealed = reseal(session, field, ring, limit=batch)
        while after:
            session.commit()
            total += sealed
            click.echo(f"{field.name}: {total} values sealed anew so far")
            after, sealed = reseal(session, field, ring, after=after, limit=batch)
    return total


def _seal_old_factors(session: "Session", settings: Settings, ring: "KeyRing") -> int:
    """The secrets of second factors that a register of before the ring sealed with a key of their own."""
    from registry.access.factors import reseal_old_factors
    from registry.access.secrets import Sealer, old_key

    sealed = reseal_old_factors(session, Sealer(ring, old_key(settings.home / "keys")))
    session.commit()
    return sealed


def _record(session: "Session", settings: Settings, ring: "KeyRing", *, step: str, values: int) -> None:
    from registry.audit.models import Result
    from registry.audit.operations import record_entry
    from registry.clock import utc_now
    from registry.sealing.keyring import number_of

    number = number_of(ring.mark)
    record_entry(
        session,
        trail=trail_of(settings),
        at=utc_now(),
        actor_code="",
        actor_name=OPERATOR,
        action=ROTATED,
        result=Result.DONE,
        subject_type="key",
        subject_code=f"{number:04d}",
        division_code=NATION,
        facts={"step": step, "cipher": ring.cipher.value, "values": values},
    )
    session.commit()
