"""`portal intake KIND FILE`, `portal intake undo RUN`: the intake wizard on the command line, with the page's
permission, checks and trail.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.cli import Refused, RowErrors
from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of

if TYPE_CHECKING:
    from registry.intake.models import IntakeRun
    from registry.intake.preview import Preview
    from registry.intake.problems import Problem

KINDS = (
    "sites",
    "organisations",
    "practitioners",
    "training",
    "services",
    "activities",
    "charities",
    "associations",
)
UNDO = "undo"
"""In the place of a kind: what follows is the code of a run."""
KNOWN = ("update", "skip")
SYSTEMS = ("wgs84", "gcj02", "bd09")
EXISTING = click.Path(exists=True, dir_okay=False)


@click.command("intake")
@click.argument("kind", type=click.Choice((*KINDS, UNDO)))
@click.argument("file", metavar="FILE|RUN")
@click.option(
    "--crs", type=click.Choice(SYSTEMS), default="wgs84", help="The system of the points in the file."
)
@click.option("--dry-run", is_flag=True, help="Judge every row, or what undoing would do, and write nothing.")
@click.option("--skip-errors", is_flag=True, help="Load the rows without errors beside those with.")
@click.option(
    "--known",
    type=click.Choice(KNOWN),
    default="update",
    help="Rows that the register has: update it, or leave them out.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")
@as_option
def command(
    kind: str,
    file: str,
    crs: str,
    *,
    dry_run: bool,
    skip_errors: bool,
    known: str,
    as_json: bool,
    acting_as: str | None,
) -> None:
    """Load FILE whole, or not at all; exit code 1 where rows are refused. With undo: take the load of RUN back."""
    if kind == UNDO:
        _undo(file, dry_run=dry_run, as_json=as_json, acting_as=acting_as)
        return
    from portal.intake.judging import Upload
    from registry.intake.coordinates import Crs
    from registry.intake.declaration import Known
    from registry.intake.problems import FileRefused

    path = Path(str(EXISTING.convert(file, None, None)))
    upload = Upload(path.name, read_whole(path), Crs(crs), known=Known(known))
    try:
        found, run = _run(kind, upload, dry_run=dry_run, skip_errors=skip_errors, acting_as=acting_as)
    except FileRefused as refusal:
        _print_refused_file(kind, upload.file_name, refusal.problem, as_json=as_json)
        raise RowErrors("The file was not read; nothing was loaded.") from None
    _print(found, run, as_json=as_json)
    if found.errors:
        loaded = f"{run.left_out} rows were left out" if run and run.is_over else "nothing was loaded"
        raise RowErrors(f"{len(found.errors)} errors; {loaded}.")


def read_whole(path: Path) -> bytes:
    """The bytes of a file that nobody was writing meanwhile: half a list is a list as well."""
    before = path.stat()
    data = path.read_bytes()
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        data
    ) != after.st_size:
        raise Refused(
            f"{path.name} was written while it was read. Close it, wait for its copy, and try again."
        )
    return data


def _run(
    kind: str, upload: Any, *, dry_run: bool, skip_errors: bool, acting_as: str | None
) -> "tuple[Preview, IntakeRun | None]":
    from portal.intake.judging import judged, kind_of, load
    from portal.sealing import key_ring
    from registry.access.rules import authorize
    from registry.actions import Action
    from registry.clock import utc_now
    from registry.intake.operations import record_preview
    from registry.intake.partial import may_be_loaded_in_part, without_errors

    settings, at = load_settings(), utc_now()
    with open_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        authorize(actor, Action.INTAKE_RUN)
        found = judged(session, kind_of(kind), upload, actor=actor, at=at, seals=key_ring(settings))
        if dry_run:
            return found, None
        run = record_preview(session, found, actor=actor, at=at)
        if found.is_committable:
            load(session, run, found, actor=actor, trail=trail_of(settings))
        elif skip_errors and may_be_loaded_in_part(found):
            part, left_out = without_errors(session, found)
            load(session, run, part, actor=actor, trail=trail_of(settings), left_out=left_out)
        session.commit()
        session.refresh(run)
        session.expunge(run)
        return found, run


def _undo(code: str, *, dry_run: bool, as_json: bool, acting_as: str | None) -> None:
    import sqlalchemy as sa

    from portal.intake.judging import undo_load
    from registry.access.rules import authorize, readable
    from registry.actions import Action
    from registry.clock import utc_now
    from registry.errors import NotVisible
    from registry.intake.models import IntakeRun
    from registry.intake.operations import hold
    from registry.intake.undoing import foresee

    settings, at = load_settings(), utc_now()
    with open_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        authorize(actor, Action.INTAKE_UNDO)
        seen = readable(IntakeRun, actor, Action.INTAKE_UNDO)
        run = session.scalars(sa.select(IntakeRun).where(IntakeRun.code == code, seen)).one_or_none()
        if run is None:
            raise NotVisible
        if dry_run:
            done = foresee(session, run)
        else:
            hold(session, run)
            done = undo_load(session, run, actor=actor, at=at, trail=trail_of(settings))
            session.commit()
    facts = done.as_facts()
    if as_json:
        click.echo(json.dumps({"run": code, "undone": not dry_run} | facts, ensure_ascii=False))
        return
    counts = (f"{sum(facts[name].values())} {name}" for name in ("removed", "restored"))
    for one in done.kept:
        click.echo(f"kept  {one.table} {one.number or one.code}  {one.why.value}")
    click.echo(f"{code}: {', '.join(counts)}, {done.kept_count} kept")


def _print(found: "Preview", run: "IntakeRun | None", *, as_json: bool) -> None:
    from registry.messages import N_

    is_committed = run is not None and run.is_over
    facts = found.as_json(N_, "zh", committed=is_committed)
    if run is not None:
        facts |= {"run": run.code, "left_out": run.left_out}
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for severity in ("errors", "warnings"):
        for problem in facts[severity]:
            click.echo(f"{severity[:-1]}  {_place_of(problem)}  {problem['message']} {problem['remedy']}")
    numbers = ", ".join(
        f"{name} {facts[name]}" for name in ("rows", "create", "update", "same", "skip", "duplicate")
    )
    click.echo(f"{found.table.file_name}: {numbers}; {'loaded' if is_committed else 'nothing was written'}")
    if run is not None and is_committed:
        click.echo(f"To undo it: portal intake undo {run.code}")


def _print_refused_file(kind: str, file_name: str, problem: "Problem", *, as_json: bool) -> None:
    from registry.messages import N_

    said = problem.as_json(N_, "zh")
    if as_json:
        zeros = dict.fromkeys(("rows", "create", "update", "same", "skip", "duplicate"), 0)
        facts = {
            "kind": kind,
            "file": file_name,
            **zeros,
            "warnings": [],
            "errors": [said],
            "committed": False,
        }
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"error  {_place_of(said)}  {said['message']} {said['remedy']}")


def _place_of(problem: dict[str, Any]) -> str:
    return " ".join(_parts_of_place(problem)) or "file"


def _parts_of_place(problem: dict[str, Any]) -> Iterator[str]:
    if problem["sheet"]:
        yield problem["sheet"]
    if problem["row"]:
        yield f"{problem['column']}{problem['row']}"
    if problem["header"]:
        yield f"{problem['header']}={problem['value']!r}"
