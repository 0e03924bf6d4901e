"""`portal intake KIND FILE`: the intake wizard on the command line, with the page's permission, checks and trail."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.cli import RowErrors
from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of

if TYPE_CHECKING:
    from registry.intake.preview import Preview
    from registry.intake.problems import Problem

KINDS = ("sites", "practitioners")
SYSTEMS = ("wgs84", "gcj02", "bd09")


@click.command("intake")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--crs", type=click.Choice(SYSTEMS), default="wgs84", help="The system of the points in the file."
)
@click.option("--dry-run", is_flag=True, help="Judge every row and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")
@as_option
def command(kind: str, file: Path, crs: str, *, dry_run: bool, as_json: bool, acting_as: str | None) -> None:
    """Load FILE whole, or not at all; exit code 1 where rows are refused."""
    from portal.intake.judging import Upload
    from registry.intake.coordinates import Crs
    from registry.intake.problems import FileRefused

    upload = Upload(file.name, file.read_bytes(), Crs(crs))
    try:
        found, is_committed = _run(kind, upload, dry_run=dry_run, acting_as=acting_as)
    except FileRefused as refusal:
        _print_refused_file(kind, upload.file_name, refusal.problem, as_json=as_json)
        raise RowErrors("The file was not read; nothing was loaded.") from None
    _print(found, is_committed=is_committed, as_json=as_json)
    if found.errors:
        raise RowErrors(f"{len(found.errors)} errors; nothing was loaded.")


def _run(kind: str, upload: Any, *, dry_run: bool, acting_as: str | None) -> "tuple[Preview, bool]":
    from portal.intake.judging import judged, kind_of, load
    from portal.sealing import key_ring
    from registry.access.rules import authorize
    from registry.actions import Action
    from registry.clock import utc_now
    from registry.intake.operations import record_preview

    settings, at = load_settings(), utc_now()
    with open_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        authorize(actor, Action.INTAKE_RUN)
        found = judged(session, kind_of(kind), upload, actor=actor, at=at, seals=key_ring(settings))
        if dry_run:
            return found, False
        run = record_preview(session, found, actor=actor, at=at)
        if found.is_committable:
            load(session, run, found, actor=actor, trail=trail_of(settings))
        session.commit()
        return found, found.is_committable


def _print(found: "Preview", *, is_committed: bool, as_json: bool) -> None:
    from registry.messages import N_

    facts = found.as_json(N_, "zh", committed=is_committed)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for severity in ("errors", "warnings"):
        for problem in facts[severity]:
            click.echo(f"{severity[:-1]}  {_place_of(problem)}  {problem['message']} {problem['remedy']}")
    numbers = ", ".join(f"{name} {facts[name]}" for name in ("rows", "create", "update", "same", "duplicate"))
    click.echo(f"{found.table.file_name}: {numbers}; {'loaded' if is_committed else 'nothing was written'}")


def _print_refused_file(kind: str, file_name: str, problem: "Problem", *, as_json: bool) -> None:
    from registry.messages import N_

    said = problem.as_json(N_, "zh")
    if as_json:
        zeros = dict.fromkeys(("rows", "create", "update", "same", "duplicate"), 0)
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
