"""`portal restore DIR`: a backup takes the place of a register, or is only rehearsed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli import Refused, RowErrors
from portal.commands.acting import load_settings, open_register, trail_of

if TYPE_CHECKING:
    from portal.settings import Settings
    from reports.documents.drill_paper import Check


@click.command("restore")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--replacing",
    metavar="NAME",
    default="",
    help="The register whose place it takes: the name of its database. Nothing is replaced unnamed.",
)
@click.option(
    "--despite-faults", "despite", is_flag=True, help="Put it in place though what it holds was found faulty."
)
@click.option("--drill", "is_drill", is_flag=True, help="Rehearse it with a new backup, and write a report.")
def command(
    folder: Path, replacing: str, despite: bool, is_drill: bool
) -> None:  # click hands flags over by name
    """Restore the newest backup in DIR, or the backup that DIR is, verify it, and only then put it in place.

    Exit code 1 where the restored register does not hold. With --drill a new backup is put into DIR, restored in a
    scratch place, verified and cleared away; the report lies beside it.
    """
    from portal.backups.manifest import BackupRefused

    settings = load_settings()
    try:
        _rehearse(settings, folder) if is_drill else _restore(settings, folder, replacing, despite=despite)
    except BackupRefused as error:
        raise Refused(str(error)) from None


def _restore(settings: "Settings", folder: Path, replacing: str, *, despite: bool) -> None:
    from portal.backups.checking import Faulty
    from portal.backups.keeping import newest_backup
    from portal.backups.restoring import open_backup, restore
    from registry.clock import utc_now

    backup = open_backup(newest_backup(folder), settings)
    click.echo(f"{backup.folder}, taken {backup.manifest.made_at}")
    try:
        done = restore(settings, backup, replacing=replacing, despite=despite, at=utc_now())
    except Faulty as error:
        _print(error.checks)
        raise RowErrors("Nothing was replaced. To restore it all the same, add --despite-faults.") from None
    _print(done.checks)
    if done.lost:
        click.echo(
            f"{done.lost} entries of the trail came after this backup, as kept heads tell; they are lost."
        )
    if done.aside:
        click.echo(f"What was there before lies in {done.aside}.")
    click.echo("Restored. Run: portal upgrade, portal check, portal audit verify")


def _rehearse(settings: "Settings", folder: Path) -> None:
    from portal.backups.drill import record_drill, rehearse, write_report
    from registry.clock import utc_now

    drill = rehearse(settings, folder, at=utc_now())
    with open_register(settings) as session:
        record_drill(session, drill, trail=trail_of(settings))
        session.commit()
    _print(drill.checks)
    for step in drill.steps:
        click.echo(f"{step.kind.value:12} {step.seconds:8.1f} s")
    age = "none before" if drill.age_before is None else f"{drill.age_before:.0f} min"
    click.echo(f"lost at most {age} (goal {drill.lost_goal} min)")
    click.echo(f"restored in {drill.restored_in:.1f} min (goal {drill.restored_goal} min)")
    for place in write_report(drill, folder):
        click.echo(place)
    if not drill.holds:
        raise RowErrors("The drill failed.")


def _print(checks: Sequence["Check"]) -> None:
    for check in checks:
        outcome = f"fault {check.kind.value}: {check.fault}" if check.fault else f"ok    {check.kind.value}"
        click.echo(f"{outcome}  {check.detail}".rstrip())
