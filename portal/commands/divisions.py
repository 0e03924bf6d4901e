"""`portal divisions`: merges, splits, renames and moves of divisions, and taking them back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli import RowErrors
from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of

if TYPE_CHECKING:
    from registry.divisions.changes import ChangeRefused
    from registry.divisions.planning import ChangePlan

SHOWN_AT_MOST = 20


@click.group("divisions")
def command() -> None:
    """Change divisions and take changes back."""


@command.command("change")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would move and write nothing.")
@as_option
def change(file: Path, *, dry_run: bool, acting_as: str | None) -> None:
    """Apply the changes of FILE (csv or xlsx) in one transaction; exit code 1 where lines are refused.

    Columns: kind (merge, split, rename, move), from_code, to_code, to_name, effective_on, source, sites.
    """
    from portal.admin.division_changes import make_change, preview_change
    from registry.clock import utc_now
    from registry.divisions.changes import ChangeRefused
    from registry.intake.problems import FileRefused
    from reports.workbooks.reading import read_table

    settings, at = load_settings(), utc_now()
    with open_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        try:
            plan = preview_change(session, read_table(file.read_bytes(), file.name), actor=actor)
            _print_plan(plan)
            if dry_run:
                click.echo("Nothing was written.")
                return
            made = make_change(session, plan, actor=actor, at=at, trail=trail_of(settings))
            code = made.code
            session.commit()
        except FileRefused as refusal:
            raise RowErrors(f"{refusal.problem.message}{refusal.problem.remedy}") from None
        except ChangeRefused as refusal:
            _print_problems(refusal)
            raise RowErrors("Nothing was changed.") from None
    click.echo(f"Changed. To take it back: portal divisions undo {code}")


@command.command("undo")
@click.argument("code")
@as_option
def undo(code: str, acting_as: str | None) -> None:
    """Take the change CODE back, exactly; exit code 1 where something was built on it since."""
    from portal.admin.division_changes import take_back
    from registry.clock import utc_now
    from registry.divisions.changes import ChangeRefused

    settings, at = load_settings(), utc_now()
    with open_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        try:
            take_back(session, code, actor=actor, at=at, trail=trail_of(settings))
            session.commit()
        except ChangeRefused as refusal:
            _print_problems(refusal)
            raise RowErrors("Nothing was changed.") from None
    click.echo(f"The change {code} was taken back.")


@command.command("list")
@as_option
def show(acting_as: str | None) -> None:
    """List the changes: code, day, lines, whether taken back."""
    from registry.access.rules import authorize
    from registry.actions import Action
    from registry.divisions.queries import changes

    settings = load_settings()
    with open_register(settings) as session:
        authorize(actor_named(session, settings, acting_as), Action.DIVISION_SEE)
        for one in changes(session):
            lines = "; ".join(f"{line.kind} {line.from_code} {line.to_code}" for line in one.lines)
            state = "taken back" if one.undone_at else "in force"
            click.echo(f"{one.code}\t{one.effective_on}\t{state}\t{lines}")


def _print_plan(plan: "ChangePlan") -> None:
    click.echo(f"{plan.effective_on}  {plan.source}")
    for step in plan.steps:
        click.echo(f"{step.kind}  {step.from_code} {step.old.name} -> {step.to_code} {step.to_name}")
    for label, count in plan.counts:
        click.echo(f"{label}: {count}")
    for row in plan.unassigned[:SHOWN_AT_MOST]:
        click.echo(f"check  {row.label} {row.name} -> {', '.join(map(str, row.after.values()))}")


def _print_problems(refusal: "ChangeRefused") -> None:
    for problem in refusal.problems:
        place = f"row {problem.row}" if problem.row else "file"
        click.echo(f"error  {place}  {problem.message}")
